using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>A part of a cell, run in the order of the text.</summary>
internal abstract record CellSegment;

/// <summary>Lines of C#. The lines before them are blank, so that line numbers are those of the cell.</summary>
internal sealed record CodeSegment(string Code) : CellSegment;

/// <summary>One magic line, with the lines below it where they are its text.</summary>
/// <param name="Text">The line.</param>
/// <param name="Line">Its number in the cell, from 1; 0 where the language of the whole cell is meant.</param>
/// <param name="Body">The lines below it.</param>
internal sealed record MagicSegment(string Text, int Line, string? Body = null) : CellSegment
{
    /// <summary>Whether those are code, with its lines at their places in the cell.</summary>
    public bool IsCode { get; init; }

    /// <summary>The magic whose code the line stands in; null for C#.</summary>
    public string? Around { get; init; }
}

/// <summary>Cuts a cell into magic lines and C#.</summary>
internal static class CellSplitter
{
    // C# is what every line is that no magic takes.
    private static readonly string[] LanguageMarks = ["#!csharp", "#!c#", "#!C#"];

    // As .NET Interactive calls languages besides.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal) { ["#!f#"] = "#!fsharp", ["#!F#"] = "#!fsharp", ["#!js"] = "#!javascript" };

    /// <summary>Whether a magic only says that what follows is C#.</summary>
    public static bool IsLanguageMark(string magic) => LanguageMarks.Contains(magic);

    /// <summary>Cuts a cell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="textNames">Magics whose text are the lines below, up to the next of them or the mark of C#.</param>
    /// <param name="codeNames">Those of them whose text is code, in which other magics may stand.</param>
    /// <param name="language">What the first lines are written in, where that is not C#: one of <paramref name="codeNames"/> without its mark.</param>
    public static IReadOnlyList<CellSegment> Split(
        string code, IReadOnlyCollection<string>? textNames = null, IReadOnlyCollection<string>? codeNames = null, string? language = null)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var marks = new Marks(textNames ?? [], codeNames ?? []);
        if (marks.Code.Contains("#!" + language))
            return SplitAt(lines, -1, "#!" + language, marks);
        if (marks.Text.Count > 0 && FirstText(code, lines, marks.Text) is { } first)
            return SplitAt(lines, first, lines[first], marks);
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
        // Clients on Windows may end lines in two characters: cut behind them, every position stays.
        var lines = code.Split('\n');
        var magics = MagicLines(code, lines);
        foreach (var i in magics)
            lines[i] = new string(' ', lines[i].Length);
        return string.Join('\n', lines);
    }

    /// <summary>What of a cell belongs together with a place, and is no magic: all positions stay what they were.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place.</param>
    /// <param name="textNames">Magics that take the lines below.</param>
    /// <returns>The magic whose text it is, null for C#; and the cell with all other lines blanked.</returns>
    public static (string? Around, string Part) PartAt(string code, int position, IReadOnlyCollection<string> textNames)
    {
        var marks = code.Split('\n');
        if (!marks.Any(l => NameOf(l) is { } name && textNames.Contains(name)))
            return (null, code);
        var around = new string?[marks.Length];
        var place = 0;
        for (var (i, start, now) = (0, 0, (string?)null); i < marks.Length; start += marks[i++].Length + 1)
        {
            if (NameOf(marks[i]) is { } name && (textNames.Contains(name) || IsLanguageMark(name)))
                now = IsLanguageMark(name) ? null : name;
            around[i] = now;
            if (start <= position)
                place = i;
        }

        // A magic line in C# is blanked by those who know its strings.
        var parts = marks.Select((line, i) => around[i] == around[place] && (around[i] is null || NameOf(line) is null) ? line : new string(' ', line.Length));
        return (around[place], string.Join('\n', parts));
    }

    // The text is cut out first: what stands in it must not be taken for C#.
    private static List<CellSegment> SplitAt(string[] lines, int first, string head, Marks marks)
    {
        var end = first + 1;
        while (end < lines.Length && !(NameOf(lines[end]) is { } name && (marks.Text.Contains(name) || IsLanguageMark(name))))
            end++;
        List<CellSegment> segments = first > 0 ? [.. Split(string.Join('\n', lines[..first]))] : [];
        if (NameOf(head) is { } code && marks.Code.Contains(code))
            segments.AddRange(SplitCode(lines, first, end, head, code));
        else
            segments.Add(new MagicSegment(head, first + 1, string.Join('\n', lines[(first + 1)..end])));
        if (end < lines.Length)
            segments.AddRange(Split(new string('\n', end) + string.Join('\n', lines[end..]), marks.Text, marks.Code));
        return segments;
    }

    // Code of another language, cut where other magics stand in it. Without its compiler, only strings and comments of several lines that both have are known.
    private static IEnumerable<CellSegment> SplitCode(string[] lines, int first, int end, string head, string name)
    {
        var start = first + 1;
        var isInString = false;
        for (var i = start; i <= end; i++)
        {
            if (i < end && (isInString || NameOf(lines[i]) is null))
            {
                isInString ^= lines[i].AsSpan().Count("\"\"\"") % 2 == 1;
                continue;
            }

            if (start == first + 1 || lines[start..i].Any(static l => !string.IsNullOrWhiteSpace(l)))
                yield return new MagicSegment(start == first + 1 ? Named(head, name) : name, first + 1, new string('\n', start) + string.Join('\n', lines[start..i])) { IsCode = true };
            if (i < end)
                yield return new MagicSegment(lines[i], i + 1) { Around = name };
            start = i + 1;
        }
    }

    // The line under the name that the magic has here.
    private static string Named(string head, string name) => head.Trim() is var text && text.AsSpan().IndexOfAny(' ', '\t') is >= 0 and var end ? name + text[end..] : name;

    private static int? FirstText(string code, string[] lines, IReadOnlyCollection<string> textNames)
    {
        if (!lines.Any(l => NameOf(l) is { } name && textNames.Contains(name)))
            return null;
        foreach (var i in MagicLines(code, lines).Order())
        {
            if (NameOf(lines[i]) is { } name && textNames.Contains(name))
                return i;
        }

        return null;
    }

    /// <summary>The name of the magic that a line is, in the form that it has here; null for other lines.</summary>
    public static string? NameOf(string line)
    {
        var text = line.AsSpan().Trim();
        if (!text.StartsWith("#!"))
            return null;
        var name = text[..(text.IndexOfAny(' ', '\t') is >= 0 and var end ? end : text.Length)].ToString();
        return Aliases.GetValueOrDefault(name, name);
    }

    /// <summary>What is written in a language, below the magic of its name: put there unless the first line is it already.</summary>
    public static string Marked(string code, string language) => NameOf(code.TrimStart().Split('\n')[0]) == "#!" + language ? code : $"#!{language}\n{code}";

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

    /// <summary>Magics that take the lines below.</summary>
    private sealed record Marks(IReadOnlyCollection<string> Text, IReadOnlyCollection<string> Code);
}
