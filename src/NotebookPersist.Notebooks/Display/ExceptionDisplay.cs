using System.Text.RegularExpressions;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks;

/// <summary>An exception: type, message, the line in the user's cells, and what caused it; the stack only where asked for.</summary>
internal sealed partial class ExceptionDisplay : Display<Exception>
{
    private const int MaxCauses = 5;
    private const int MaxFrames = 30;
    private const int MaxMessage = 2000;

    protected override string Text(Exception value)
    {
        IEnumerable<string> causes = Causes(value).Select(static c => $"  caused by {c.GetType().Name}: {Message(c)}");
        string place = UserLine(value) is { } line ? $"\n  at {line}" : "";
        return $"{value.GetType().Name}: {Message(value)}{place}{string.Concat(causes.Select(static c => "\n" + c))}";
    }

    protected override string Html(Exception value)
    {
        var html = new HtmlWriter();
        html.BeginOutput(value.GetType().Name).Begin("div", ("class", "np-line"));
        html.Badge(value.GetType().Name, "bad", value.GetType().FullName).Element("span", Message(value), ("style", "white-space:pre-wrap")).End();
        if (UserLine(value) is { } line)
            html.Note($"at {line}");
        foreach (Exception cause in Causes(value))
            html.Note($"caused by {cause.GetType().Name}: {Message(cause)}");
        if (value.StackTrace is { } stack)
        {
            string[] frames = stack.Split('\n');
            html.Begin("details").Element("summary", "Stack").Begin("pre", ("class", "np-mono"));
            html.Text(string.Join('\n', frames.Take(MaxFrames).Select(static f => f.TrimEnd())));
            if (frames.Length > MaxFrames)
                html.Text($"\n   and {frames.Length - MaxFrames} more");
            html.End().End();
        }

        return html.End().ToString();
    }

    private static string Message(Exception value) => Figures.Shorten(value.Message.Trim(), MaxMessage);

    private static IEnumerable<Exception> Causes(Exception value)
    {
        Exception? cause = value.InnerException;
        for (int i = 0; i < MaxCauses && cause is not null; i++, cause = cause.InnerException)
            yield return cause;
    }

    // The innermost frame of a cell is the user's own line: library frames above it say how, not where.
    private static string? UserLine(Exception value)
    {
        Match match = CellFrame().Match(value.StackTrace ?? "");
        return match.Success ? $"{match.Groups["cell"].Value}, line {match.Groups["line"].Value}" : null;
    }

    [GeneratedRegex(@" in (?:[^\n]*[/\\])?(?<cell>Cell\[\d+\]|[^\n]*?\.(?:csx|dib|ipynb)[^\n]*?):line (?<line>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex CellFrame();
}
