using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>The histogram of a tensor as SVG, with mean and one standard deviation to either side.</summary>
internal static class HistogramDrawing
{
    private const int Width = 480;
    private const int Height = 110;
    private const int Margin = 8;

    public static void Draw(HtmlWriter html, TensorStatistics statistics)
    {
        double range = statistics.Maximum - statistics.Minimum;
        double bar = (double)Width / TensorStatistics.BinCount;
        int highest = 1;
        foreach (int bin in statistics.Bins)
            highest = Math.Max(highest, bin);
        string label = $"Histogram of {Figures.Count(statistics.Finite)} values from {Figures.Short(statistics.Minimum)} to {Figures.Short(statistics.Maximum)}";
        html.Begin("svg", ("width", $"{Width + (2 * Margin)}"), ("height", $"{Height + 38}"), ("role", "img"), ("aria-label", label)).Element("title", label);
        html.Begin("g", ("transform", $"translate({Margin},{Margin})"));
        if (range > 0)
        {
            double from = Math.Max(0, X(statistics.Mean - statistics.Deviation));
            double to = Math.Min(Width, X(statistics.Mean + statistics.Deviation));
            html.Empty("rect", ("x", F(from)), ("y", "0"), ("width", F(to - from)), ("height", $"{Height}"), ("fill", "currentColor"), ("fill-opacity", ".06"));
        }

        for (int i = 0; i < TensorStatistics.BinCount; i++)
        {
            int count = statistics.Bins[i];
            if (count == 0)
                continue;
            double height = Math.Max(1, (double)count / highest * Height);
            double low = statistics.Minimum + (range * i / TensorStatistics.BinCount);
            double high = statistics.Minimum + (range * (i + 1) / TensorStatistics.BinCount);
            html.Begin("rect", ("x", F((i * bar) + .5)), ("y", F(Height - height)), ("width", F(bar - 1)), ("height", F(height)), ("fill", Stylesheet.Blue), ("fill-opacity", ".75"));
            html.Element("title", range > 0 ? $"{Figures.Short(low)} to {Figures.Short(high)}: {Figures.Count(count)}" : $"{Figures.Short(low)}: {Figures.Count(count)}").End();
        }

        Line(0, Height, Width, Height, ".5", null);
        if (range > 0)
        {
            Line(X(statistics.Mean), 0, X(statistics.Mean), Height, ".7", "3 3");
            Label(0, statistics.Minimum, "start");
            Label(Width, statistics.Maximum, "end");
            if (X(0) is > 60 and < Width - 60)
            {
                Line(X(0), Height, X(0), Height + 4, ".5", null);
                Label(X(0), 0, "middle");
            }
        }
        else
        {
            Label(Width / 2.0, statistics.Minimum, "middle");
        }

        html.End().End();

        double X(double value) => (value - statistics.Minimum) / range * Width;

        void Line(double x1, double y1, double x2, double y2, string opacity, string? dashes) => html.Empty(
            "line", ("x1", F(x1)), ("y1", F(y1)), ("x2", F(x2)), ("y2", F(y2)), ("stroke", "currentColor"), ("stroke-opacity", opacity), ("stroke-dasharray", dashes));

        void Label(double x, double value, string anchor) =>
            html.Element("text", Figures.Short(value), ("x", F(x)), ("y", $"{Height + 17}"), ("text-anchor", anchor), ("font-size", "11"), ("fill", "currentColor"));
    }

    private static string F(double value) => Figures.Coordinate(value);
}
