using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Documents;

/// <summary>The line that a cell of a script begins with: <c>// %% title [language] name=JSON …</c>, every part but the mark left out where there is nothing to say.</summary>
/// <param name="Kind">What the cell holds.</param>
/// <param name="Language">The language of its code.</param>
/// <param name="Metadata">What else is said of it: its title as "title", its tags as "tags".</param>
internal sealed partial record ScriptHead(CellKind Kind, string Language, JsonObject Metadata)
{
    private const string Title = "title";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>That of a script's first cell where it has none.</summary>
    public static ScriptHead OfScript => new(CellKind.Code, NotebookLanguages.CSharp, []);

    /// <summary>Reads a line; null where it is no head.</summary>
    /// <exception cref="NotebookFormatException">The tags are no JSON.</exception>
    public static ScriptHead? Read(string line)
    {
        if (Mark().Match(line) is not { Success: true } mark)
            return null;
        var rest = line[mark.Length..].Trim();
        var metadata = new JsonObject();
        var (start, members) = ReadMembers(rest);
        var name = "";
        var title = rest[..start];
        if (Bracketed().Match(title) is { Success: true } bracket)
            (title, name) = (title[..bracket.Index], bracket.Groups["name"].Value);
        if (title.Trim() is { Length: > 0 } told)
            metadata[Title] = told;
        foreach (var (key, value) in members)
            metadata[key] = value;
        return name switch
        {
            "markdown" or "md" => new ScriptHead(CellKind.Markdown, NotebookLanguages.CSharp, metadata),
            "raw" => new ScriptHead(CellKind.Raw, NotebookLanguages.CSharp, metadata),
            "" or "code" => new ScriptHead(CellKind.Code, NotebookLanguages.CSharp, metadata),
            _ => new ScriptHead(CellKind.Code, NotebookLanguages.Canonical(name), metadata),
        };
    }

    /// <summary>The line of a cell.</summary>
    public static string Of(NotebookCell cell)
    {
        var line = new StringBuilder("// %%");
        var metadata = Kept(cell).ToList();
        var title = metadata.Find(static m => m.Key == Title).Value is JsonValue value && value.TryGetValue(out string? text) && IsTitle(text) ? text : null;
        if (title is not null)
            line.Append(' ').Append(title);
        var language = cell.Kind switch { CellKind.Markdown => "markdown", CellKind.Raw => "raw", _ => cell.Language == NotebookLanguages.CSharp ? "" : cell.Language };
        if (language.Length > 0)
            line.Append(" [").Append(language).Append(']');
        foreach (var (name, known) in metadata.Where(m => m.Key != Title || title is null))
            line.Append(' ').Append(name).Append('=').Append(name == "tags" && known is JsonArray tags ? Spaced(tags) : known?.ToJsonString(Written) ?? "null");
        return line.ToString();
    }

    /// <summary>The metadata of a cell that a head has a place for.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Kept(NotebookCell cell) => cell.OwnMetadata.Where(static m => MemberName().IsMatch(m.Key));

    // Titles hold such things as "x=1" too: members are what nothing else follows.
    private static (int Start, List<KeyValuePair<string, JsonNode?>> Members) ReadMembers(string rest)
    {
        var names = Member().Matches(rest);
        foreach (var start in names.Select(static m => m.Index))
        {
            if (MembersOf(rest[start..]) is { } members)
                return (start, members);
        }

        // Lost without a word, a cell would no longer be found by them.
        if (names.FirstOrDefault(static m => m.Value == "tags=") is { } tags)
            throw Fault(rest[tags.Index..]);
        return (rest.Length, []);
    }

    private static List<KeyValuePair<string, JsonNode?>>? MembersOf(string text)
    {
        var members = new List<KeyValuePair<string, JsonNode?>>();
        while (text.Length > 0)
        {
            if (MemberStart().Match(text) is not { Success: true } start)
                return null;
            var bytes = Encoding.UTF8.GetBytes(text[start.Length..]);
            try
            {
                var reader = new Utf8JsonReader(bytes);
                reader.Read();
                reader.Skip();
                members.Add(KeyValuePair.Create(start.Groups["name"].Value, JsonNode.Parse(bytes.AsSpan(0, (int)reader.BytesConsumed), null, Strict)));
                text = Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)).TrimStart(' ', '\t', ',');
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return members;
    }

    private static NotebookFormatException Fault(string text) =>
        new($"What is told of a cell behind '// %%' is written as name=JSON, such as tags=[\"a\", \"b\"] or name=\"x\"; '{text}' was found.");

    private static string Spaced(JsonArray items) => $"[{string.Join(", ", items.Select(static i => i?.ToJsonString(Written) ?? "null"))}]";

    // Read back, it is the same.
    private static bool IsTitle(string text) => text.AsSpan().IndexOfAny('\n', '\r') < 0 && !Member().IsMatch(text)
        && Read("// %% " + text) is { Kind: CellKind.Code, Language: NotebookLanguages.CSharp, Metadata: { Count: 1 } read } && OutputJson.TextOf(read[Title]) == text;

    [GeneratedRegex("""^//\s?%%(?=\s|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex("""(?<!=)\[(?<name>[\w#+.-]*)\]\s*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();

    [GeneratedRegex("""(?<=^|[\s\]])[\w.-]+=(?=["\[{\d-]|true\b|false\b|null\b)""", RegexOptions.CultureInvariant)]
    private static partial Regex Member();

    [GeneratedRegex("""^(?<name>[\w.-]+)=""", RegexOptions.CultureInvariant)]
    private static partial Regex MemberStart();

    [GeneratedRegex("""^[\w.-]+$""", RegexOptions.CultureInvariant)]
    private static partial Regex MemberName();
}
