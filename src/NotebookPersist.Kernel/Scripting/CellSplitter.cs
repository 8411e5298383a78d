using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>A part of a cell, run in the order of the text.</summary>
internal abstract record CellSegment;

/// <summary>Lines of C#. The lines before them are blank, so that line numbers are those of the cell.</summary>
internal sealed record CodeSegment(string Code) : CellSegment;

/// <summary>One magic line.</summary>
internal sealed record MagicSegment(string Text, int Line) : CellSegment;

/// <summary>Cuts a cell into magic lines and C#.</summary>
internal static class CellSplitter
{
    public static IReadOnlyList<CellSegment> Split(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var magics = MagicLines(code, lines);
        var segments = new List<CellSegment>();
        var start = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !magics.Contains(i))
                continue;
            if (lines[start..i].Any(l => !string.IsNullOrWhiteSpace(l)))
                segments.Add(new CodeSegment(new string('\n', start) + string.Join('\n', lines[start..i])));
            if (i < lines.Length)
                segments.Add(new MagicSegment(lines[i], i + 1));
            start = i + 1;
        }

        return segments;
    }

    /// <summary>The cell with its magic lines blanked: positions in the C# stay what they were.</summary>
    public static string WithoutMagics(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var magics = MagicLines(code, lines);
        foreach (var i in magics)
            lines[i] = new string(' ', lines[i].Length);
        return string.Join('\n', lines);
    }

    private static HashSet<int> MagicLines(string code, string[] lines)
    {
        var found = new HashSet<int>();
        if (!code.Contains("#!", StringComparison.Ordinal))
            return found;

        // A line of a raw string or of a comment may start with #! and is none of our business; only the lexer can tell.
        var root = CSharpSyntaxTree.ParseText(string.Join('\n', lines), ScriptEngine.ParseOptions).GetRoot();
        var position = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            if (lines[i].AsSpan(indent).StartsWith("#!") && !IsInsideTokenOrComment(root, position + indent))
                found.Add(i);
            position += lines[i].Length + 1;
        }

        return found;
    }

    private static bool IsInsideTokenOrComment(SyntaxNode root, int position)
    {
        var token = root.FindToken(position);
        if (token.SpanStart < position && position < token.Span.End)
            return true;
        // The text between two holes of a raw string starts a token of its own.
        if (token.SpanStart == position && token.IsKind(SyntaxKind.InterpolatedStringTextToken))
            return true;
        var trivia = root.FindTrivia(position);
        return trivia.Kind() is SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia;
    }
}
