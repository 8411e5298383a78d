using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Makes the kernel known to Jupyter.</summary>
public static class KernelSpec
{
    /// <summary>The name that Jupyter knows the kernel by.</summary>
    public const string Name = "notebookpersist";

    private const string FileName = "kernel.json";

    // Says whose specification it is: names may be given freely.
    private const string Mark = "notebookpersist";

    /// <summary>The name that people see.</summary>
    public const string DisplayName = "C# (NotebookPersist)";

    // A kernel compiles much and runs little of it often. Without the second address of each page of code, and without counting for later optimizations, it
    // starts in two thirds of the time. Pages that can be written and run are no loss where everything that is typed runs anyway.
    private static readonly (string Name, string Value)[] Settings = [("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_TieredPGO", "0")];

    private static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>Writes the kernel specification, with its logo.</summary>
    /// <param name="toolPath">The dll of the tool, started as <c>dotnet TOOL kernel run CONNECTION_FILE</c>, or without <c>dotnet</c> where a runtime lies beside it.</param>
    /// <param name="prefix">The folder of an installation, such as a Python environment, whose share/jupyter takes the specification; null for the user's own.</param>
    /// <param name="name">The name that Jupyter knows the kernel by.</param>
    /// <returns>The folder that was written.</returns>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="toolPath"/>.</exception>
    /// <exception cref="ArgumentException">The name has other characters than letters, digits, dots, dashes and underscores.</exception>
    /// <exception cref="IOException">Another kernel has that name.</exception>
    public static string Install(string toolPath, string? prefix = null, string name = Name)
    {
        ArgumentException.ThrowIfNullOrEmpty(toolPath);
        var tool = Path.GetFullPath(toolPath);
        if (!File.Exists(tool))
            throw new FileNotFoundException($"Cannot install the kernel: there is no tool at '{tool}'.", tool);
        var folder = FolderFor(prefix, name);
        RequireOwn(folder);
        Directory.CreateDirectory(folder);
        foreach (var logo in Logos)
        {
            using var source = typeof(KernelSpec).Assembly.GetManifestResourceStream(logo)!; // Embedded by the project file.
            using var target = File.Create(Path.Combine(folder, logo));
            source.CopyTo(target);
        }

        File.WriteAllText(Path.Combine(folder, FileName), Write(tool));
        return folder;
    }

    /// <summary>Takes the kernel specification away.</summary>
    /// <param name="prefix">As for <see cref="Install"/>.</param>
    /// <param name="name">As for <see cref="Install"/>.</param>
    /// <returns>The folder that was removed; null when there was none.</returns>
    /// <exception cref="IOException">Another kernel has that name.</exception>
    public static string? Uninstall(string? prefix = null, string name = Name)
    {
        var folder = FolderFor(prefix, name);
        if (!Directory.Exists(folder))
            return null;
        RequireOwn(folder);
        foreach (var file in Logos.Append(FileName))
            File.Delete(Path.Combine(folder, file));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
        return folder;
    }

    /// <summary>The prefix of the Python environment that is active: what Jupyter's own <c>--sys-prefix</c> means.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static string SystemPrefix()
    {
        foreach (var variable in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } active)
                return active;
        }

        foreach (var python in (string[])["python3", "python"])
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import sys; print(sys.prefix)"]) { RedirectStandardOutput = true })!; // A file was given.
                var prefix = process.StandardOutput.ReadToEnd().Trim();
                process.WaitForExit();
                if (process.ExitCode == 0 && Directory.Exists(prefix))
                    return prefix;
            }
            catch (Win32Exception)
            {
                // There is no such program; the other name may be one.
            }
        }

        throw new IOException("--sys-prefix needs a Python environment: none is active, and there is no python3. Use --user or --prefix.");
    }

    /// <summary>The file that keeps the cells of a user's sessions.</summary>
    public static string HistoryPath() => Path.Combine(UserDataFolder(), "notebookpersist", "history.jsonl");

    internal static string FolderFor(string? prefix, string name = Name)
    {
        if (name.Length == 0 || name is "." or ".." || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new ArgumentException($"A kernel's name has letters, digits, dots, dashes and underscores; '{name}' was given.", nameof(name));
        return Path.Combine(prefix is null ? UserDataFolder() : Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"), "kernels", name);
    }

    internal static string Write(string tool)
    {
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. ProgramOf(tool).Concat(["kernel", "run", "{connection_file}"]).Select(static w => (JsonNode?)w)]),
            ["display_name"] = DisplayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject(Settings.Select(static s => KeyValuePair.Create(s.Name, (JsonNode?)s.Value))),
            ["metadata"] = new JsonObject { [Mark] = true },
        };
        return spec.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    // A tool that was published with a runtime of its own is started by its own name.
    private static string[] ProgramOf(string tool)
    {
        var program = Path.ChangeExtension(tool, OperatingSystem.IsWindows() ? ".exe" : null);
        var runtime = Path.Combine(Path.GetDirectoryName(tool) ?? "", Path.GetFileName(typeof(object).Assembly.Location));
        return File.Exists(runtime) && File.Exists(program) ? [program] : [Dotnet, tool];
    }

    // Jupyter may be started where the shell's path is not known, from a desktop for instance.
    internal static string Dotnet => Environment.ProcessPath is { } running && Path.GetFileNameWithoutExtension(running) == "dotnet" ? running : "dotnet";

    // Names may be given freely, so that a kernel of somebody else must not be overwritten or deleted.
    private static void RequireOwn(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file) || IsOwn(file))
            return;
        throw new IOException($"The kernel in '{folder}' is another program's. Choose another --name, or remove it with 'jupyter kernelspec remove'.");
    }

    private static bool IsOwn(string file)
    {
        try
        {
            return JsonNode.Parse(RegularFile.ReadAllBytes(file)) is JsonObject spec && spec["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Source: Jupyter's "Common directories and file locations", data folder.
    private static string UserDataFolder()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } folder)
            return folder;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Jupyter");
        return Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? Path.Combine(data, "jupyter") : Path.Combine(home, ".local", "share", "jupyter");
    }
}
