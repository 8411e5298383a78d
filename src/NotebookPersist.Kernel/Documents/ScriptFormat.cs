using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Documents;

/// <summary>C# scripts as notebooks: cells headed by <c>// %%</c>, as editors and jupytext have it; text and other languages as comments.</summary>
/// <remarks>
/// <code>
/// // %% [markdown]
/// // # Title
///
/// // %% tags=["parameters"]
/// var rate = 0.5;
/// </code>
/// A script without such lines is one cell.
/// </remarks>
internal static partial class ScriptFormat
{
    /// <summary>Reads the text of a script.</summary>
    public static IReadOnlyList<ScriptCell> Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');

        // The first line may tell a shell what runs the script.
        if (lines[0].StartsWith("#!/", StringComparison.Ordinal))
            lines[0] = "";
        var cells = new List<ScriptCell>();
        var head = new ScriptCell(CellKind.Code, NotebookLanguages.CSharp, [], "");
        var body = new List<string>();
        foreach (var line in lines.Append(null))
        {
            var mark = line is null ? null : Mark().Match(line.TrimEnd());
            if (mark is { Success: false })
            {
                body.Add(line!); // A match was tried on it.
                continue;
            }

            var source = string.Join('\n', IsCommented(head) ? Uncommented(body) : body).Trim('\n');
            if (!string.IsNullOrWhiteSpace(source))
                cells.Add(head with { Source = source });
            body.Clear();
            if (mark is not null)
                head = HeadOf(mark);
        }

        return cells;
    }

    /// <summary>The text of a script.</summary>
    public static string Write(IEnumerable<NotebookCell> cells)
    {
        var text = new StringBuilder();
        foreach (var cell in cells)
        {
            var kind = cell.Kind switch
            {
                CellKind.Markdown => " [markdown]",
                CellKind.Raw => " [raw]",
                _ => cell.Language == NotebookLanguages.CSharp ? "" : $" [{cell.Language}]",
            };
            var tags = cell.Tags.Count == 0 ? "" : $" tags=[{string.Join(", ", cell.Tags.Select(static t => JsonSerializer.Serialize(t)))}]";
            text.Append(text.Length == 0 ? "" : "\n").Append("// %%").Append(kind).Append(tags).Append('\n');
            var isCommented = kind.Length > 0;
            foreach (var line in cell.Source.ReplaceLineEndings("\n").Trim('\n').Split('\n'))
                text.Append(!isCommented ? line : line.Length == 0 ? "//" : "// " + line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Whether a line of a cell, as it is written, begins a cell.</summary>
    public static bool IsHead(NotebookCell cell, string line) =>
        Mark().IsMatch((cell.Kind != CellKind.Code || cell.Language != NotebookLanguages.CSharp ? "// " + line : line).TrimEnd());

    private static bool IsCommented(ScriptCell cell) => cell.Kind != CellKind.Code || cell.Language != NotebookLanguages.CSharp;

    // Between the comments of a text only blank lines are expected; what else stands there is kept as text.
    private static IEnumerable<string> Uncommented(List<string> lines) => lines
        .Select(static l => l.StartsWith("// ", StringComparison.Ordinal) ? l[3..] : l.StartsWith("//", StringComparison.Ordinal) ? l[2..] : l);

    private static ScriptCell HeadOf(Match mark)
    {
        var name = mark.Groups["kind"].Value;
        var kind = name switch { "markdown" or "md" => CellKind.Markdown, "raw" => CellKind.Raw, _ => CellKind.Code };
        var language = kind != CellKind.Code || name is "" or "code" ? NotebookLanguages.CSharp : NotebookLanguages.Canonical(name);
        return new ScriptCell(kind, language, TagsOf(mark.Groups["tags"].Value), "");
    }

    private static string[] TagsOf(string list)
    {
        if (list.Length == 0)
            return [];
        try
        {
            return JsonNode.Parse(list) is JsonArray tags ? [.. tags.Select(OutputJson.TextOf)] : [];
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"The tags of a cell are written as tags=[\"a\", \"b\"]; 'tags={list}' was found.", e);
        }
    }

    [GeneratedRegex("""^//\s?%%(?<title>[^\[]*?)(\[(?<kind>[^\]"]*)\])?\s*(tags=(?<tags>\[.*\]))?$""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Mark();
}

/// <summary>A cell of a script.</summary>
internal sealed record ScriptCell(CellKind Kind, string Language, IReadOnlyList<string> Tags, string Source);
