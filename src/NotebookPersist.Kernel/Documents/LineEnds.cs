namespace NotebookPersist.Kernel.Documents;

/// <summary>The line ends of texts in files: those that editors know, while a form feed or U+2028 is text as any other.</summary>
internal static class LineEnds
{
    private const string Windows = "\r\n";

    /// <summary>The line end of a file, told by its first line.</summary>
    public static string Of(string text) => text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end && text[end - 1] == '\r' ? Windows : "\n";

    /// <summary>A text whose lines end in <c>\n</c>.</summary>
    public static string Plain(string text) =>
        text.Contains('\r', StringComparison.Ordinal) ? text.Replace(Windows, "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;

    /// <summary>Such a text with other line ends.</summary>
    public static string With(string plain, string newLine) => newLine == "\n" ? plain : plain.Replace("\n", newLine, StringComparison.Ordinal);
}
