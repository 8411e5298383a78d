using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>The objects of TensorFlow 2 as a tree that folds.</summary>
internal sealed class ObjectGraphDisplay : Display<ObjectGraph>
{
    private const int Listed = 400;

    // Deeper levels are folded until they are opened.
    private const int OpenDepth = 1;

    /// <summary>The tree as a fragment.</summary>
    public static string Write(ObjectGraph value)
    {
        var html = new HtmlWriter();
        IReadOnlyList<ObjectLine> lines = value.ToLines(Listed);
        html.BeginOutput("Object graph")
            .Begin("div", ("class", "np-line")).Element("b", "Object graph")
            .Badge(Figures.Count(value.Nodes.Count, "object")).Badge(Figures.Count(value.Nodes.Sum(static n => n.Attributes.Count), "value")).End();
        int open = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            ObjectLine line = lines[i];
            for (; open > line.Depth; open--)
                html.End().End();
            if (i + 1 < lines.Count && lines[i + 1].Depth > line.Depth)
            {
                html.Begin("details", ("open", line.Depth < OpenDepth ? "open" : null)).Begin("summary");
                WriteLine(html, line);
                html.End().Begin("div", ("style", "margin-left:1.5em"));
                open++;
            }
            else
            {
                html.Begin("div");
                WriteLine(html, line);
                html.End();
            }
        }

        for (; open > 0; open--)
            html.End().End();
        if (lines.Count == Listed)
            html.Element("div", $"Only the first {Listed} lines are shown.", ("class", "np-dim"));
        return html.End().ToString();
    }

    protected override string Text(ObjectGraph value) => value.ToString();

    protected override string Html(ObjectGraph value) => Write(value);

    private static void WriteLine(HtmlWriter html, ObjectLine line) =>
        html.Element("code", line.Name).Text(" ").Element("span", line.Facts, ("class", "np-dim"));
}
