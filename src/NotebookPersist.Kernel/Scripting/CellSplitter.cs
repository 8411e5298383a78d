using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>A part of a cell, run in the order of the text.</summary>
internal abstract record CellSegment;

/// <summary>Lines of C#. The lines before them are blank, so that line numbers are those of the cell.</summary>
internal sealed record CodeSegment(string Code) : CellSegment;

/// <summary>One magic line, with the lines below it where they are its text.</summary>
internal sealed record MagicSegment(string Text, int Line, string? Body = null) : CellSegment;

/// <summary>Cuts a cell into magic lines and C#.</summary>
internal static class CellSplitter
{
    // Notebooks of other hosts mark the language of a cell this way; this host has one language, so the mark says nothing new.
    private static readonly string[] LanguageMarks = ["#!csharp", "#!c#"];

    /// <summary>Whether a magic only says that what follows is C#.</summary>
    public static bool IsLanguageMark(string magic) => LanguageMarks.Contains(magic);

    /// <summary>Cuts a cell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="textNames">Magics whose text are the lines below, up to the next of them or the mark of C#.</param>
    public static IReadOnlyList<CellSegment> Split(string code, IReadOnlyCollection<string>? textNames = null)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        if (textNames is { Count: > 0 } && FirstText(code, lines, textNames) is { } first)
            return SplitAt(lines, first, textNames);
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

    // The text is cut out first: what stands in it must not be taken for C#.
    private static List<CellSegment> SplitAt(string[] lines, int first, IReadOnlyCollection<string> textNames)
    {
        var end = first + 1;
        while (end < lines.Length && !(NameOf(lines[end]) is { } name && (textNames.Contains(name) || IsLanguageMark(name))))
            end++;
        List<CellSegment> segments = [.. Split(string.Join('\n', lines[..first]))];
        segments.Add(new MagicSegment(lines[first], first + 1, string.Join('\n', lines[(first + 1)..end])));
        if (end < lines.Length)
            segments.AddRange(Split(new string('\n', end) + string.Join('\n', lines[end..]), textNames));
        return segments;
    }

    private static int? FirstText(string code, string[] lines, IReadOnlyCollection<string> textNames)
    {
        if (!lines.Any(l => NameOf(l) is { } name && textNames.Contains(name)))
            return null;
        foreach (var i in MagicLines(code, lines).Order())
        {
            if (textNames.Contains(NameOf(lines[i])!)) // Magic lines have names.
                return i;
        }

        return null;
    }

    private static string? NameOf(string line)
    {
        var text = line.AsSpan().Trim();
        return text.StartsWith("#!") ? text[..(text.IndexOfAny(' ', '\t') is >= 0 and var end ? end : text.Length)].ToString() : null;
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
