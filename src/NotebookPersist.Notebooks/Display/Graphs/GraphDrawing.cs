using System.Text;
using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Layout;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>A graph as SVG: boxes in layers, data flowing downwards; no script, tooltips by title.</summary>
internal sealed class GraphDrawing
{
    private const int MaxEdges = 1500;
    private const int MaxTitle = 26;
    private const double LetterWidth = 6.1;
    private const double Margin = 12;
    private const double AsideGap = 12;

    private readonly GraphModel _model;
    private readonly IReadOnlyList<GraphBox> _boxes;
    private readonly List<string> _notes;

    private GraphDrawing(GraphModel model, GraphFolding folding)
    {
        _model = model;
        _boxes = folding.Boxes;
        _notes = [.. folding.Notes];
    }

    /// <summary>Writes figure, legend and notes; nothing for an empty graph.</summary>
    public static void Draw(HtmlWriter html, GraphOutline outline)
    {
        if (outline.Model.Nodes.Count > 0)
            new GraphDrawing(outline.Model, GraphFolding.Of(outline)).Write(html);
    }

    private void Write(HtmlWriter html)
    {
        int[] main = [.. Enumerable.Range(0, _boxes.Count).Where(b => !_boxes[b].IsAside)];
        int[] aside = [.. Enumerable.Range(0, _boxes.Count).Where(b => _boxes[b].IsAside)];
        List<(LayoutEdge Edge, bool IsControl, string Title)> edges = Edges(main);
        LayoutSize[] sizes = [.. main.Select(b => Size(_boxes[b]))];
        LayeredLayout layout = LayeredLayout.Compute(sizes, [.. edges.Select(static e => e.Edge)]);
        double width = Math.Max(layout.Width, Math.Min(900, aside.Sum(b => Size(_boxes[b]).Width + AsideGap)));
        List<LayoutPoint> asidePlaces = PlaceAside(aside, width, layout.Height, out double height);

        string label = $"Graph of {Figures.Count(_model.Nodes.Count, "operation")} as {Figures.Count(_boxes.Count)} boxes";
        string w = F(width + (2 * Margin));
        string h = F(height + (2 * Margin));
        html.Begin("figure").Begin("svg", ("width", w), ("height", h), ("viewBox", $"{-Margin} {-Margin} {w} {h}"), ("role", "img"), ("aria-label", label));
        html.Begin("g", ("fill", "none"), ("stroke", "currentColor"), ("stroke-opacity", ".4"));
        for (int e = 0; e < edges.Count; e++)
            DrawEdge(html, layout.Routes[e], edges[e].IsControl || layout.IsBack[e], layout.IsBack[e] ? $"{edges[e].Title} (closes a loop)" : edges[e].Title);
        html.End();
        for (int i = 0; i < main.Length; i++)
            DrawBox(html, _boxes[main[i]], sizes[i], layout.Centres[i]);
        for (int i = 0; i < aside.Length; i++)
            DrawBox(html, _boxes[aside[i]], Size(_boxes[aside[i]]), asidePlaces[i]);
        html.End().End();
        WriteLegend(html, edges.Any(static e => e.IsControl), layout.IsBack.Contains(true));
        if (_notes.Count > 0)
            html.Note(string.Join(" · ", _notes));
    }

    private List<(LayoutEdge Edge, bool IsControl, string Title)> Edges(int[] main)
    {
        int[] place = new int[_model.Nodes.Count];
        Array.Fill(place, -1);
        for (int i = 0; i < main.Length; i++)
        {
            foreach (int node in _boxes[main[i]].Nodes)
                place[node] = i;
        }

        // Between two boxes one line is drawn, of data where there is any.
        var lines = new Dictionary<LayoutEdge, (bool IsControl, string Title, int Count)>();
        for (int n = 0; n < _model.Nodes.Count; n++)
        {
            foreach (int input in _model.Nodes[n].Inputs)
                Join(input, n, isControl: false);
            foreach (int input in _model.Nodes[n].ControlInputs)
                Join(input, n, isControl: true);
        }

        if (lines.Count > MaxEdges)
            _notes.Add($"{Figures.Count(lines.Count - MaxEdges)} of {Figures.Count(lines.Count)} edges not drawn");
        return [.. lines.Take(MaxEdges).Select(static l => (l.Key, l.Value.IsControl, l.Value.Count > 1 ? $"{l.Value.Title} and {l.Value.Count - 1} more" : l.Value.Title))];

        void Join(int from, int to, bool isControl)
        {
            (int a, int b) = (place[from], place[to]);
            // A real loop is drawn; edges inside a folded box are not.
            if (a < 0 || b < 0 || (a == b && from != to))
                return;
            var edge = new LayoutEdge(a, b);
            (bool IsControl, string Title, int Count) line = lines.GetValueOrDefault(edge, (true, "", 0));
            GraphNode source = _model.Nodes[from];
            string title = line.Title.Length == 0 || (line.IsControl && !isControl)
                ? $"{(isControl ? "after " : "")}{source.Name}{(source.Value.Length > 0 && !isControl ? $" {source.Value}" : "")}"
                : line.Title;
            lines[edge] = (line.IsControl && isControl, title, line.Count + 1);
        }
    }

    private List<LayoutPoint> PlaceAside(int[] aside, double width, double top, out double height)
    {
        var places = new List<LayoutPoint>();
        double x = 0;
        double y = top + (top > 0 ? 28 : 0);
        height = top;
        foreach (int box in aside)
        {
            LayoutSize size = Size(_boxes[box]);
            if (x > 0 && x + size.Width > width)
            {
                x = 0;
                y += size.Height + AsideGap;
            }

            places.Add(new LayoutPoint(x + (size.Width / 2), y + (size.Height / 2)));
            x += size.Width + AsideGap;
            height = Math.Max(height, y + size.Height);
        }

        return places;
    }

    private static LayoutSize Size(GraphBox box)
    {
        int letters = Math.Max(Math.Min(box.Title.Length, MaxTitle), (int)(Math.Min(box.Subtitle.Length, MaxTitle) * .9));
        double width = Math.Max(box.Kind == NodeKind.Constant ? 24 : 56, (letters * LetterWidth) + 18);
        return new LayoutSize(Math.Ceiling(width), box.Subtitle.Length == 0 ? 20 : 36);
    }

    private static void DrawEdge(HtmlWriter html, LayoutPoint[] route, bool isDashed, string title)
    {
        var path = new StringBuilder($"M{F(route[0].X)} {F(route[0].Y)}");
        for (int i = 1; i < route.Length; i++)
        {
            double middle = (route[i - 1].Y + route[i].Y) / 2;
            path.Append($"C{F(route[i - 1].X)} {F(middle)} {F(route[i].X)} {F(middle)} {F(route[i].X)} {F(route[i].Y)}");
        }

        LayoutPoint end = route[^1];
        double back = route[^2].Y > end.Y ? 5 : -5;
        html.Begin("g").Element("title", title);
        html.Empty("path", ("d", path.ToString()), ("stroke-dasharray", isDashed ? "4 3" : null));
        html.Empty("path", ("d", $"M{F(end.X)} {F(end.Y)}l-3 {F(back)}h6z"), ("fill", "currentColor"), ("fill-opacity", ".4"), ("stroke", "none")).End();
    }

    private static void DrawBox(HtmlWriter html, GraphBox box, LayoutSize size, LayoutPoint centre)
    {
        double left = centre.X - (size.Width / 2);
        double top = centre.Y - (size.Height / 2);
        string? hue = box.IsAside ? null : NodeKinds.Hue(box.Kind);
        string ink = hue ?? "currentColor";
        html.Begin("g", ("opacity", box.IsAside ? ".6" : null)).Element("title", box.Tooltip);
        bool isScope = box.IsFolded && box.Kind != NodeKind.Variable;
        if (isScope)
        {
            // A second edge behind: there is more inside.
            html.Empty(
                "path",
                ("d", $"M{F(left + 4)} {F(top - 3)}H{F(left + size.Width - 1)}q4 0 4 4V{F(top + size.Height - 4)}"),
                ("fill", "none"),
                ("stroke", ink),
                ("stroke-opacity", hue is null ? ".4" : ".7"));
        }

        html.Empty(
            "rect",
            ("x", F(left)),
            ("y", F(top)),
            ("width", F(size.Width)),
            ("height", F(size.Height)),
            ("rx", box.Kind is NodeKind.Input or NodeKind.Constant ? F(size.Height / 2) : box.Kind == NodeKind.Variable ? "2" : "6"),
            ("fill", ink),
            ("fill-opacity", hue is null ? ".05" : ".13"),
            ("stroke", ink),
            ("stroke-opacity", hue is null ? ".4" : ".9"));
        bool isSingle = box.Subtitle.Length == 0;
        html.Element(
            "text",
            Figures.Shorten(box.Title, MaxTitle),
            ("x", F(centre.X)),
            ("y", F(isSingle ? centre.Y + 4 : centre.Y - 2)),
            ("text-anchor", "middle"),
            ("font-size", "11"),
            ("font-family", "sans-serif"),
            ("fill", "currentColor"));
        if (!isSingle)
        {
            html.Element(
                "text",
                Figures.Shorten(box.Subtitle, MaxTitle),
                ("x", F(centre.X)),
                ("y", F(centre.Y + 12)),
                ("text-anchor", "middle"),
                ("font-size", "10"),
                ("font-family", "sans-serif"),
                ("fill", "currentColor"),
                ("style", "font-size:10px"),
                ("opacity", ".65"));
        }

        html.End();
    }

    private void WriteLegend(HtmlWriter html, bool hasControl, bool hasLoops)
    {
        html.Begin("div", ("class", "np-line np-note"));
        foreach (NodeKind kind in _boxes.Where(static b => !b.IsAside).Select(static b => b.Kind).Distinct().Order())
        {
            string? hue = NodeKinds.Hue(kind);
            if (hue is null)
                continue;
            html.Begin("span").Begin("svg", ("width", "10"), ("height", "10"), ("aria-hidden", "true"));
            html.Empty("rect", ("x", ".5"), ("y", ".5"), ("width", "9"), ("height", "9"), ("rx", "2"), ("fill", hue), ("fill-opacity", ".3"), ("stroke", hue)).End();
            html.Text($" {NodeKinds.Label(kind)}").End();
        }

        if (hasControl || hasLoops)
            html.Element("span", hasControl && hasLoops ? "dashed: order only, or closing a loop" : hasLoops ? "dashed: closes a loop" : "dashed: order only, no data");
        html.End();
    }

    private static string F(double value) => Figures.Coordinate(value);
}
