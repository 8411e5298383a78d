using System.Text;
using System.Text.Json.Nodes;

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
internal static class ScriptFormat
{
    /// <summary>Reads the text of a script.</summary>
    /// <exception cref="NotebookFormatException">The metadata of a head are no JSON.</exception>
    public static IReadOnlyList<ScriptCell> Read(string text)
    {
        var lines = LineEnds.Plain(text).Split('\n');

        // The first line may tell a shell what runs the script.
        if (lines[0].StartsWith("#!/", StringComparison.Ordinal))
            lines[0] = "";
        var cells = new List<ScriptCell>();
        ScriptHead? head = null;
        var body = new List<string>();
        foreach (var line in lines.Append(null))
        {
            var next = line is null ? null : ScriptHead.Read(line);
            if (line is not null && next is null)
            {
                body.Add(line);
                continue;
            }

            // A head alone is a cell that is still empty; without one there is nothing.
            var (kind, language, metadata) = head ?? ScriptHead.OfScript;
            var source = string.Join('\n', IsCommented(kind, language) ? Uncommented(body) : body).Trim('\n');
            if (head is not null || !string.IsNullOrWhiteSpace(source))
                cells.Add(new ScriptCell(kind, language, metadata, source));
            body.Clear();
            head = next;
        }

        return cells;
    }

    /// <summary>The text of a script.</summary>
    public static string Write(IEnumerable<NotebookCell> cells)
    {
        var text = new StringBuilder();
        foreach (var cell in cells)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(ScriptHead.Of(cell)).Append('\n');
            var source = LineEnds.Plain(cell.Source).Trim('\n');
            if (source.Length == 0)
                continue;
            var isCommented = IsCommented(cell.Kind, cell.Language);
            foreach (var line in source.Split('\n'))
                text.Append(!isCommented ? line : line.Length == 0 ? "//" : "// " + line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Whether a line of a cell, as it is written, begins a cell.</summary>
    public static bool IsHead(NotebookCell cell, string line)
    {
        try
        {
            return ScriptHead.Read(IsCommented(cell.Kind, cell.Language) ? "// " + line : line) is not null;
        }
        catch (NotebookFormatException)
        {
            return true; // A faulty one, but a head.
        }
    }

    private static bool IsCommented(CellKind kind, string language) => kind != CellKind.Code || language != NotebookLanguages.CSharp;

    // Between the comments of a text only blank lines are expected; what else stands there is kept as text.
    private static IEnumerable<string> Uncommented(List<string> lines) => lines
        .Select(static l => l.StartsWith("// ", StringComparison.Ordinal) ? l[3..] : l.StartsWith("//", StringComparison.Ordinal) ? l[2..] : l);
}

/// <summary>A cell of a script.</summary>
internal sealed record ScriptCell(CellKind Kind, string Language, JsonObject Metadata, string Source);
