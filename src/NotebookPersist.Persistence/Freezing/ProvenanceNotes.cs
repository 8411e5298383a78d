using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Persistence;

/// <summary>What the notes beside frozen and optimised graphs have in common.</summary>
internal static class ProvenanceNotes
{
    private const string Tool = "NotebookPersist ";

    private const int Sha256Digits = 64;

    // Far more than a note of thousands of outputs takes.
    private const long LargestNote = 1 << 24;

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
        ["tool"] = $"{Tool}{typeof(ProvenanceNotes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
        ["time"] = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>The SHA-256 that a note beside a file tells of it; null where there is no note, or one of something else.</summary>
    /// <exception cref="IOException">The note cannot be read.</exception>
    public static string? Sha256In(string notePath)
    {
        if (!File.Exists(notePath) || new FileInfo(notePath).Length > LargestNote)
            return null;
        try
        {
            return JsonNode.Parse(RegularFile.ReadAllText(notePath), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject note
                && note["tool"] is JsonValue tool && tool.TryGetValue(out string? writer) && writer.StartsWith(Tool, StringComparison.Ordinal)
                && note["sha256"] is JsonValue value && value.TryGetValue(out string? sha256) && sha256.Length == Sha256Digits
                ? sha256
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // A JSON file of something else, or one that is half there: the graph tells for itself.
        }
    }

    /// <summary>Counts by name.</summary>
    public static JsonObject Counts(IReadOnlyDictionary<string, int> counts)
    {
        var json = new JsonObject();
        foreach ((string name, int count) in counts)
            json[name] = count;
        return json;
    }
}
