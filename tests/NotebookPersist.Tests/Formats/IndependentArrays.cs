using System.Text.Json;

namespace NotebookPersist.Tests.Formats;

/// <summary>Reads and writes arrays with code of another language, so that one misunderstanding cannot hide in both directions.</summary>
internal static class IndependentArrays
{
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

    private static string Run(string action, string path, string input) => Python.Run("independent_arrays.py", [action, path], input);
}
