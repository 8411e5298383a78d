namespace NotebookPersist.Kernel.Documents;

/// <summary>How a notebook file is laid out: kept on saving, so that a change to one cell is a change to a few lines.</summary>
/// <param name="Indent">What one level is indented by. Jupyter writes one space.</param>
/// <param name="NewLine">The line end; empty where the whole file is one line.</param>
/// <param name="EndsWithNewLine">Whether the last line has one.</param>
internal sealed record NotebookLayout(string Indent, string NewLine, bool EndsWithNewLine)
{
    public static NotebookLayout Jupyter { get; } = new(" ", "\n", true);

    /// <summary>What stands between a member's name and its value.</summary>
    public string Colon { get; private init; } = ": ";

    /// <summary>What stands between two items on one line.</summary>
    public string Comma { get; private init; } = ",";

    public static NotebookLayout Of(string text)
    {
        var lineEnd = text.IndexOf('\n', StringComparison.Ordinal);
        if (lineEnd < 0 || string.IsNullOrWhiteSpace(text[lineEnd..]))
            return OfOneLine(text, lineEnd >= 0);
        var start = lineEnd + 1;
        var end = start;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return new NotebookLayout(
            end > start ? text[start..end] : Jupyter.Indent,
            LineEnds.Of(text),
            text[^1] == '\n');
    }

    // Services in the web store them so, some with blanks and some without.
    private static NotebookLayout OfOneLine(string text, bool endsWithNewLine)
    {
        var colon = text.IndexOf("\":", StringComparison.Ordinal);
        var isSpaced = colon >= 0 && colon + 2 < text.Length && text[colon + 2] == ' ';
        return new NotebookLayout("", "", endsWithNewLine) { Colon = isSpaced ? ": " : ":", Comma = isSpaced ? ", " : "," };
    }
}
