using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>A histogram the size of a word.</summary>
internal static class Sparkline
{
    private const int Bars = 8;
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Eight block characters; a blank where a bar would be empty.</summary>
    public static string Text(ReadOnlySpan<int> bins)
    {
        int[] bars = new int[Bars];
        for (int i = 0; i < bins.Length; i++)
            bars[i * Bars / bins.Length] += bins[i];
        int highest = Math.Max(1, bars.Max());
        return string.Create(Bars, (bars, highest), static (text, s) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = s.bars[i] == 0 ? ' ' : Blocks[(int)((long)s.bars[i] * (Blocks.Length - 1) / s.highest)];
        });
    }

    /// <summary>A drawing of all bins, as high as a line of text.</summary>
    public static void Draw(HtmlWriter html, ReadOnlySpan<int> bins, string label)
    {
        const int height = 16;
        int highest = 1;
        foreach (int bin in bins)
            highest = Math.Max(highest, bin);
        html.Begin("svg", ("width", $"{bins.Length * 2}"), ("height", $"{height}"), ("role", "img"), ("aria-label", label));
        html.Element("title", label);
        var path = new System.Text.StringBuilder();
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] == 0)
                continue;
            // At least one pixel: a bin with a single outlier must not vanish.
            double bar = Math.Max(1, (double)bins[i] / highest * height);
            path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{i * 2} {height}v{-Math.Round(bar, 1)}h2V{height}z");
        }

        html.Empty("path", ("d", path.ToString()), ("fill", Stylesheet.Blue), ("fill-opacity", ".8")).End();
    }
}
