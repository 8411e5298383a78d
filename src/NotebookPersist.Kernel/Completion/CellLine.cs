using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>A magic line around a place, as far as it is typed.</summary>
/// <param name="Start">Where its <c>#!</c> begins in the cell.</param>
/// <param name="Typed">The line up to the place.</param>
internal sealed record CellLine(int Start, string Typed)
{
    /// <summary>The magic line at a place; null where it is C#.</summary>
    public static CellLine? Magic(string code, int position)
    {
        int lineStart = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        int lineEnd = code.IndexOf('\n', position) is >= 0 and var end ? end : code.Length;
        string line = code[lineStart..lineEnd];
        int indent = line.Length - line.TrimStart().Length;
        if (!line.AsSpan(indent).StartsWith("#!") || lineStart + indent > position)
            return null;

        // A line of a raw string or of a comment may begin so too: then it is not blanked.
        string blanked = CellSplitter.WithoutMagics(code);
        return blanked.Length == code.Length && !string.IsNullOrWhiteSpace(blanked[lineStart..lineEnd])
            ? null
            : new CellLine(lineStart + indent, code[(lineStart + indent)..position]);
    }
}
