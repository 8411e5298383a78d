using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The files of restored packages.</summary>
internal sealed record RestoredPackages(IReadOnlyList<string> Managed, IReadOnlyList<string> Native);

/// <summary>Restores packages by letting the SDK restore a project that names them; NuGet itself is not embedded.</summary>
internal sealed class PackageRestore(IReadOnlyList<string> sources)
{
    private static readonly string Framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
    private static readonly string Runtime = RuntimeInformation.RuntimeIdentifier;

    /// <summary>Restores all packages together, so that NuGet finds versions that fit each other.</summary>
    /// <param name="packages">The packages with the versions that are asked for.</param>
    /// <param name="furtherSources">Where to look besides.</param>
    /// <param name="line">The line that asks for them.</param>
    /// <param name="cancellation">Ends the restore.</param>
    /// <exception cref="PackageException">The restore failed; the message is NuGet's.</exception>
    public async Task<RestoredPackages> RunAsync(IReadOnlyDictionary<string, string> packages, IReadOnlyList<string> furtherSources, int line, CancellationToken cancellation)
    {
        var folder = FolderFor(packages, furtherSources);
        var assets = Path.Combine(folder, "obj", "project.assets.json");
        var isFixed = !packages.Values.Any(v => v.Contains('*', StringComparison.Ordinal));
        if (isFixed && File.Exists(assets) && TryRead(assets) is { } cached)
            return cached;

        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, "cell.csproj");
        await File.WriteAllTextAsync(project, ProjectFor(packages, furtherSources), cancellation).ConfigureAwait(false);

        // Empty files stop MSBuild from looking for these further up.
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            await File.WriteAllTextAsync(Path.Combine(folder, name), "<Project />", cancellation).ConfigureAwait(false);

        var (exitCode, output) = await RestoreAsync(project, cancellation).ConfigureAwait(false);
        if (exitCode != 0)
            throw new PackageException($"Cannot restore {string.Join(", ", packages.Select(p => $"'{p.Key}' {p.Value}"))}: {ErrorsOf(output)}", line);
        return TryRead(assets) ?? throw new PackageException($"Cannot use the restored packages: '{assets}' does not list them for {Framework} on {Runtime}.", line);
    }

    /// <summary>Reads the files to compile and run against from NuGet's own record of the restore.</summary>
    /// <returns>Null when the record is of a restore that failed, is for another framework, or names files that are gone.</returns>
    internal static RestoredPackages? TryRead(string assetsPath)
    {
        using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(assetsPath));
        var root = document.RootElement;

        // NuGet writes its record after a restore that failed too.
        if (root.TryGetProperty("logs", out var logs) && logs.EnumerateArray().Any(static l => l.TryGetProperty("level", out var level) && level.GetString() == "Error"))
            return null;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
        var libraries = root.GetProperty("libraries");
        if (!root.GetProperty("targets").TryGetProperty($"{Framework}/{Runtime}", out var target))
            return null;

        var (managed, native) = (new List<string>(), new List<string>());
        foreach (var library in target.EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package")
                continue;
            var relative = libraries.GetProperty(library.Name).GetProperty("path").GetString() ?? "";
            if (Array.Find(folders, f => Directory.Exists(Path.Combine(f, relative))) is not { } home)
                return null;
            Collect(library.Value, "runtime", Path.Combine(home, relative), managed);
            Collect(library.Value, "native", Path.Combine(home, relative), native);
        }

        return managed.Concat(native).All(File.Exists) ? new RestoredPackages(managed, native) : null;
    }

    private static void Collect(JsonElement library, string kind, string home, List<string> files)
    {
        if (!library.TryGetProperty(kind, out var assets))
            return;
        foreach (var file in assets.EnumerateObject())
        {
            // "_._" is NuGet's way to say that nothing is needed here.
            if (!file.Name.EndsWith("/_._", StringComparison.Ordinal))
                files.Add(Path.GetFullPath(Path.Combine(home, file.Name)));
        }
    }

    private static async Task<(int ExitCode, string Output)> RestoreAsync(string project, CancellationToken cancellation)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet, ["restore", project, "-v", "q", "--nologo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project),
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("Cannot start 'dotnet restore': no process came to be.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string ErrorsOf(string output)
    {
        var errors = output.Split('\n')
            .Where(l => l.Contains(": error ", StringComparison.Ordinal))
            .Select(l => l[(l.IndexOf(": error ", StringComparison.Ordinal) + 8)..].Split(" [")[0].Trim())
            .Distinct();
        var text = string.Join(" ", errors);
        return text.Length > 0 ? text : output.Trim();
    }

    private string FolderFor(IReadOnlyDictionary<string, string> packages, IReadOnlyList<string> furtherSources)
    {
        var key = string.Join('\n', packages.Select(p => $"{p.Key}@{p.Value}".ToUpperInvariant()).Concat(sources).Concat(furtherSources).Append(Framework).Append(Runtime));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 10));
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "NotebookPersist", "packages", hash);
    }

    private string ProjectFor(IReadOnlyDictionary<string, string> packages, IReadOnlyList<string> furtherSources)
    {
        var properties = new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", Framework),
            new XElement("RuntimeIdentifiers", Runtime),
            // Naming a runtime is needed for native files, but nothing is published: the runtime itself need not be fetched.
            new XElement("EnableRuntimePackDownload", "false"),
            new XElement("EnableAppHostPackDownload", "false"),
            new XElement("UseAppHost", "false"),
            new XElement("NuGetAudit", "false"));
        if (sources.Count > 0)
            properties.Add(new XElement("RestoreSources", string.Join(';', sources)));
        if (furtherSources.Count > 0)
            properties.Add(new XElement("RestoreAdditionalProjectSources", string.Join(';', furtherSources)));
        var items = packages.Select(p => new XElement("PackageReference", new XAttribute("Include", p.Key), new XAttribute("Version", p.Value)));
        return new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"), properties, new XElement("ItemGroup", items)).ToString();
    }
}
