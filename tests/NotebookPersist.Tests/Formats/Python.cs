using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace NotebookPersist.Tests.Formats;

/// <summary>Runs scripts of another language, whose reading and writing shares no code with ours.</summary>
internal static class Python
{
    private static readonly Lazy<bool> _isThere = new(static () =>
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Why a test that needs it is skipped here; null where it is not.</summary>
    public static string? Skip => _isThere.Value ? null : "Compares with a reader written in Python, and there is no 'python3' on the path.";

    /// <summary>Runs a script of this folder.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string script, IEnumerable<string> arguments, string input = "")
    {
        string path = Path.Combine(RepositoryFiles.Root, "tests", "NotebookPersist.Tests", "Formats", script);
        ProcessStartInfo start = new("python3", [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Result;
    }
}

/// <summary>A test that needs Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Skip;
}

/// <summary>Tests that need Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Skip;
}
