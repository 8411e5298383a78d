using System.Diagnostics;
using System.Reflection;

namespace NotebookPersist.HostTests;

/// <summary>Runs the command-line tool as a process, as a user does.</summary>
internal static class Tool
{
    public static string Root { get; } = FindRoot();

    private static string Path { get; } = Output("NotebookPersist.Tool", "notebookpersist.dll");

    /// <summary>A file of another project's build, of the configuration that this one has.</summary>
    public static string Output(string project, string file) => System.IO.Path.Combine(
        Root,
        "artifacts/bin",
        project,
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static a => a.Key == "Configuration").Value!.ToLowerInvariant(),
        file);

    public static async Task<ToolResult> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, await error);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "NotebookPersist.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No NotebookPersist.sln lies above '{AppContext.BaseDirectory}'.");
    }
}

/// <summary>How the tool ended and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);
