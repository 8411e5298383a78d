using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace NotebookPersist.Tests.Formats;

/// <summary>Reads and writes arrays with code of another language, so that one misunderstanding cannot hide in both directions.</summary>
internal static class IndependentArrays
{
    private static readonly string _script = Path.Combine(RepositoryFiles.Root, "tests", "NotebookPersist.Tests", "Formats", "independent_arrays.py");

    public sealed record Stored(string Type, long[] Shape, byte[] Bytes);

    public static Dictionary<string, Stored> Read(string path)
    {
        using JsonDocument json = JsonDocument.Parse(Run("read", path, ""));
        return json.RootElement.EnumerateObject().ToDictionary(
            static t => t.Name,
            static t => new Stored(t.Value[0].GetString()!, [.. t.Value[1].EnumerateArray().Select(static n => n.GetInt64())], Convert.FromHexString(t.Value[2].GetString()!)),
            StringComparer.Ordinal);
    }

    public static void Write(string path, IReadOnlyDictionary<string, Stored> tensors) => Run(
        "write", path, JsonSerializer.Serialize(tensors.ToDictionary(static t => t.Key, static t => new object[] { t.Value.Type, t.Value.Shape, Convert.ToHexString(t.Value.Bytes) })));

    private static string Run(string action, string path, string input)
    {
        ProcessStartInfo start = new("python3", [_script, action, path]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        Task<string> output = python.StandardOutput.ReadToEndAsync();
        python.StandardInput.Write(input);
        python.StandardInput.Close();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, errors.Result);
        return output.Result;
    }
}
