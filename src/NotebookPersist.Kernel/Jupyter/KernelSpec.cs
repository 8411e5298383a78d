using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Makes the kernel known to Jupyter.</summary>
public static class KernelSpec
{
    /// <summary>The name that Jupyter knows the kernel by.</summary>
    public const string Name = "notebookpersist";

    /// <summary>The name that people see.</summary>
    public const string DisplayName = "C# (NotebookPersist)";

    /// <summary>Writes the kernel specification.</summary>
    /// <param name="toolPath">The dll of the tool, started as <c>dotnet TOOL kernel run CONNECTION_FILE</c>.</param>
    /// <param name="prefix">The folder of an installation, such as a Python environment, whose share/jupyter takes the specification; null for the user's own.</param>
    /// <returns>The folder that was written.</returns>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="toolPath"/>.</exception>
    public static string Install(string toolPath, string? prefix = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(toolPath);
        var tool = Path.GetFullPath(toolPath);
        if (!File.Exists(tool))
            throw new FileNotFoundException($"Cannot install the kernel: there is no tool at '{tool}'.", tool);
        var folder = FolderFor(prefix);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), Write(tool));
        return folder;
    }

    /// <summary>Takes the kernel specification away.</summary>
    /// <param name="prefix">As for <see cref="Install"/>.</param>
    /// <returns>The folder that was removed; null when there was none.</returns>
    public static string? Uninstall(string? prefix = null)
    {
        var folder = FolderFor(prefix);
        if (!Directory.Exists(folder))
            return null;
        Directory.Delete(folder, recursive: true);
        return folder;
    }

    internal static string FolderFor(string? prefix)
        => Path.Combine(prefix is null ? UserDataFolder() : Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"), "kernels", Name);

    internal static string Write(string tool)
    {
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray("dotnet", tool, "kernel", "run", "{connection_file}"),
            ["display_name"] = DisplayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
        };
        return spec.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
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
