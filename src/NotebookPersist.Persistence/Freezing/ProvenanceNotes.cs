using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace NotebookPersist.Persistence;

/// <summary>What the notes beside frozen and optimised graphs have in common.</summary>
internal static class ProvenanceNotes
{
    /// <summary>The beginning of a note.</summary>
    /// <param name="kind">What the file is.</param>
    /// <param name="path">The file.</param>
    /// <param name="byteCount">Unit: bytes.</param>
    /// <param name="sha256">Of the file.</param>
    /// <param name="time">Tells the time.</param>
    public static JsonObject Begin(string kind, string path, long byteCount, string sha256, TimeProvider time) => new()
    {
        ["kind"] = kind,
        ["file"] = Path.GetFileName(path),
        ["bytes"] = byteCount,
        ["sha256"] = sha256,
        ["tool"] = $"NotebookPersist {typeof(ProvenanceNotes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
        ["time"] = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>Counts by name.</summary>
    public static JsonObject Counts(IReadOnlyDictionary<string, int> counts)
    {
        var json = new JsonObject();
        foreach ((string name, int count) in counts)
            json[name] = count;
        return json;
    }
}
