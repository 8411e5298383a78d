using System.Text.Json;
using System.Text.Json.Serialization;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>What the file <c>session.json</c> of a snapshot says.</summary>
/// <param name="Format">The version of this layout.</param>
/// <param name="Generation">The folder beside the file that holds the rest.</param>
/// <param name="Graphs">The graphs; each has a meta graph <c>graph-INDEX.meta</c>.</param>
/// <param name="Sessions">The sessions; each with values has a checkpoint <c>session-INDEX</c>.</param>
/// <param name="Variables">Variables of the notebook; values of tensor types are in the checkpoint <c>values</c>.</param>
/// <param name="LeftOut">Variables that cannot be stored, and their types.</param>
/// <param name="Cells">The cells that were run, in order.</param>
internal sealed record SnapshotManifest(
    int Format,
    int Generation,
    IReadOnlyList<SnapshotGraph> Graphs,
    IReadOnlyList<SnapshotSession> Sessions,
    IReadOnlyList<SnapshotVariable> Variables,
    IReadOnlyList<SnapshotOmission> LeftOut,
    IReadOnlyList<Hosting.CellRun> Cells)
{
    public const string FileName = "session.json";

    public const int PresentFormat = 1;

    private const long MostBytes = 64L << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads and checks the file of a snapshot.</summary>
    /// <exception cref="CheckpointFormatException">It is no such file.</exception>
    public static SnapshotManifest Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw Fault(path, $"it is larger than {MostBytes >> 20} MiB");
        SnapshotManifest manifest;
        try
        {
            byte[] bytes = RegularFile.ReadAllBytes(path);
            RequireFormat(bytes, path);
            manifest = JsonSerializer.Deserialize<SnapshotManifest>(bytes, Options) ?? throw Fault(path, "it is empty");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second where an escape is half of a character, which no text holds.
            throw Fault(path, fault.Message);
        }

        object?[] parts = [.. manifest.Graphs, .. manifest.Graphs.SelectMany(static g => g?.Savers ?? []), .. manifest.Graphs.SelectMany(static g => g?.Cells.Values ?? []), .. manifest.Sessions, .. manifest.Sessions.SelectMany(static s => s?.Values ?? []),
            .. manifest.Variables, .. manifest.LeftOut, .. manifest.Cells];
        if (parts.Contains(null))
            throw Fault(path, "a list in it has an empty item");
        if (manifest.Generation < 1)
            throw Fault(path, $"its generation is {manifest.Generation}, expected at least 1");
        if (manifest.Graphs.Count(static g => g.IsDefault) is not 1 and var defaults)
            throw Fault(path, $"{defaults} of its {manifest.Graphs.Count} graphs are the default graph, expected 1");
        if (manifest.Sessions.FirstOrDefault(s => s.Graph < 0 || s.Graph >= manifest.Graphs.Count) is { } stray)
            throw Fault(path, $"a session is of graph {stray.Graph}, and there are {manifest.Graphs.Count}");
        if (manifest.Variables.GroupBy(static v => Plain(v.Name), StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { Key: var twice })
            throw Fault(path, $"it has the variable '{twice}' more than once");
        return manifest;
    }

    // Told before the rest is read: what the rest means depends on it.
    private static void RequireFormat(byte[] bytes, string path)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("format", out JsonElement format))
            throw Fault(path, "it says no 'format'");
        if (format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out int number) || number < 1)
            throw Fault(path, $"its format is {format.GetRawText()}, expected {PresentFormat}");
        if (number > PresentFormat)
            throw Fault(path, $"its format is {number}, that of a later version; this one reads {PresentFormat}");
    }

    // C# leaves characters that only format text out of names.
    private static string Plain(string name) => string.Concat(name.Where(static c => char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)).Normalize();

    internal static CheckpointFormatException Fault(string path, string what) =>
        new($"'{path}' describes no snapshot of a session: {what.TrimEnd('.')}. Save it again with '#!save --session'.", CheckpointFault.NotThisFormat, path);
}

/// <summary>A graph of a snapshot.</summary>
/// <param name="IsDefault">Whether it was the default graph.</param>
/// <param name="UsesResourceVariables">How it makes variables.</param>
/// <param name="Cells">Names of the operations that each cell made.</param>
/// <param name="Savers">The savers that the magics had made.</param>
/// <param name="Seed">Its seed; null for none.</param>
/// <param name="Digest">SHA-256 of its meta graph, a format that has no checksums itself; null in snapshots from before it was noted.</param>
internal sealed record SnapshotGraph(
    bool IsDefault, bool UsesResourceVariables, IReadOnlyDictionary<string, IReadOnlyList<string>> Cells, IReadOnlyList<SnapshotSaver> Savers, int? Seed = null, string? Digest = null);

/// <summary>A saver of the magics.</summary>
/// <param name="Variables">What it saves, as the workspace knows it.</param>
/// <param name="Definition">The names of its nodes: a SaverDef, base64.</param>
internal sealed record SnapshotSaver(string Variables, byte[] Definition);

/// <summary>A session of a snapshot.</summary>
/// <param name="Graph">The index of its graph.</param>
/// <param name="Values">The variables that have values, in the order of their keys <c>v0</c>, <c>v1</c> … in the checkpoint.</param>
internal sealed record SnapshotSession(int Graph, IReadOnlyList<SnapshotValue> Values);

/// <summary>A variable's value in a session.</summary>
internal sealed record SnapshotValue(string Container, string Name);

/// <summary>A variable of the notebook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is; see <see cref="SnapshotCodec"/>.</param>
/// <param name="Element">The C# type of a value, or of one element.</param>
/// <param name="Text">A value in words, or the name of what it stands for.</param>
/// <param name="Index">The index of its graph or session.</param>
/// <param name="Definition">A saver's nodes: a SaverDef, base64.</param>
internal sealed record SnapshotVariable(string Name, string Kind, string? Element = null, string? Text = null, int? Index = null, byte[]? Definition = null);

/// <summary>A variable that a snapshot does not hold.</summary>
internal sealed record SnapshotOmission(string Name, string Type);
