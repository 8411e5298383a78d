using NotebookPersist.Kernels.Images;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>A tensor as coloured elements: blue above zero, orange below, the stronger the farther; zero shows the page; NaN magenta.</summary>
internal static class HeatMap
{
    private const int Levels = 120;
    private const byte NaNIndex = (2 * Levels) + 1;

    private static readonly (byte R, byte G, byte B, byte A)[] Palette = BuildPalette();

    /// <summary>Writes figure and notes; nothing for scalars and where all elements are alike.</summary>
    public static void Draw(HtmlWriter html, Tensor tensor, TensorStatistics statistics)
    {
        if (tensor.Rank < 1 || (statistics.NaNs == 0 && !(statistics.Maximum > statistics.Minimum)))
            return;
        FacetPlan plan = FacetPlan.For(tensor.Shape);
        double limit = Limit(statistics);
        int lines = (plan.Panels.Count + plan.PerLine - 1) / plan.PerLine;
        int perLine = Math.Min(plan.PerLine, plan.Panels.Count);
        int pitchX = plan.ShownColumns + plan.Gap;
        int pitchY = plan.ShownRows + plan.Gap;
        int width = (perLine * pitchX) - plan.Gap;
        int height = (lines * pitchY) - plan.Gap;
        byte[] pixels = new byte[width * height];
        for (int p = 0; p < plan.Panels.Count; p++)
        {
            int left = p % perLine * pitchX;
            int top = p / perLine * pitchY;
            for (int y = 0; y < plan.ShownRows; y++)
            {
                for (int x = 0; x < plan.ShownColumns; x++)
                    pixels[((top + y) * width) + left + x] = Index(TensorReader.At(tensor, plan.Position(plan.Panels[p].Start, y, x)), limit);
            }
        }

        int screenWidth = width * plan.Zoom;
        int screenHeight = height * plan.Zoom;
        string label = $"Heat map of {tensor.DType.Name()} {tensor.Shape}";
        html.Begin("figure").Begin("svg", ("width", $"{screenWidth + 2}"), ("height", $"{screenHeight + 2}"), ("viewBox", $"-1 -1 {screenWidth + 2} {screenHeight + 2}"), ("role", "img"), ("aria-label", label));
        html.Element("title", label);
        html.Empty(
            "image",
            ("href", PngWriter.ToDataUri(PngWriter.WriteIndexed(width, pixels, Palette))),
            ("width", $"{screenWidth}"),
            ("height", $"{screenHeight}"),
            ("preserveAspectRatio", "none"),
            ("style", "image-rendering:pixelated"));
        html.Begin("g", ("fill", "none"), ("pointer-events", "all"), ("stroke", "currentColor"), ("stroke-opacity", ".3"));
        for (int p = 0; p < plan.Panels.Count; p++)
        {
            html.Begin(
                "rect",
                ("x", Figures.Coordinate((p % perLine * pitchX * plan.Zoom) - .5)),
                ("y", Figures.Coordinate((p / perLine * pitchY * plan.Zoom) - .5)),
                ("width", $"{(plan.ShownColumns * plan.Zoom) + 1}"),
                ("height", $"{(plan.ShownRows * plan.Zoom) + 1}"));
            html.Element("title", plan.PanelCount == 1 ? label : plan.Panels[p].Label).End();
        }

        html.End().End().End();
        html.Note(Explain(tensor, plan, statistics, limit));
    }

    private static string Explain(Tensor tensor, FacetPlan plan, TensorStatistics statistics, double limit)
    {
        var parts = new List<string>();
        if (plan.PanelCount > 1)
        {
            parts.Add(plan.Panels.Count == plan.PanelCount
                ? $"{plan.PanelCount} panels, {plan.Panels[0].Label} to {plan.Panels[^1].Label}"
                : $"{plan.Panels.Count} of {Figures.Count(plan.PanelCount)} panels, {plan.Panels[0].Label} to {plan.Panels[^1].Label}");
        }

        if (plan.RowStep > 1 || plan.ColumnStep > 1)
        {
            string rows = plan.RowStep > 1 ? $"1 of {plan.RowStep} rows" : "";
            string columns = plan.ColumnStep > 1 ? $"1 of {plan.ColumnStep} columns" : "";
            parts.Add($"{rows}{(rows.Length > 0 && columns.Length > 0 ? " and " : "")}{columns} drawn");
        }

        string value = tensor.DType.IsComplex() ? "magnitude" : "value";
        parts.Add(statistics.Minimum < 0
            ? $"blue above 0, orange below, full at ±{Figures.Short(limit)}"
            : $"blue by {value}, full at {Figures.Short(limit)}");
        if (statistics.NaNs > 0)
            parts.Add("magenta: NaN");
        return string.Join(" · ", parts);
    }

    // The largest magnitude, but for outliers: colours are there for the many.
    private static double Limit(TensorStatistics statistics)
    {
        if (statistics.Finite == 0)
            return 1;
        double largest = Math.Max(Math.Abs(statistics.Minimum), Math.Abs(statistics.Maximum));
        double spread = statistics.RootMeanSquare;
        double limit = double.IsFinite(spread) && largest > 4 * spread ? 3 * spread : largest;
        return limit > 0 ? limit : 1;
    }

    private static byte Index(double value, double limit)
    {
        if (double.IsNaN(value))
            return NaNIndex;
        if (value == 0)
            return 0;
        int level = Math.Clamp((int)Math.Ceiling(Math.Abs(value) / limit * Levels), 1, Levels);
        return (byte)(value > 0 ? level : level + Levels);
    }

    private static (byte R, byte G, byte B, byte A)[] BuildPalette()
    {
        var palette = new (byte R, byte G, byte B, byte A)[NaNIndex + 1];
        for (int level = 1; level <= Levels; level++)
        {
            byte opacity = (byte)(12 + (243 * level / Levels));
            palette[level] = (0x2B, 0x74, 0xBE, opacity);
            palette[level + Levels] = (0xD9, 0x66, 0x1F, opacity);
        }

        palette[NaNIndex] = (0xD6, 0x24, 0x9F, 255);
        return palette;
    }
}
