using System.Numerics;
using NotebookPersist.Kernels.Images;
using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Plots;
using NotebookPersist.Notebooks.Tensors;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookPersist;

/// <summary>Charts that model builders look at often, from plain values and tensors.</summary>
/// <remarks>Sizes are bounded: long lines and large tensors are drawn from evenly spaced samples, which the title says. Thread safety: pure functions.</remarks>
public static class Charts
{
    private const int MaxPoints = 4000;
    private const int MaxCells = 200;
    private const int MaxWeights = 48;
    private const int WeightsPerLine = 4;

    /// <summary>How often values of a tensor occur.</summary>
    /// <param name="tensor">Any numeric type; complex numbers by magnitude. NaN and infinities are counted in the title.</param>
    /// <param name="title">By default element type and shape.</param>
    /// <exception cref="ArgumentException">The tensor has no finite number.</exception>
    public static GenericChart Histogram(Tensor tensor, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var summary = new TensorSummary(tensor);
        string heading = string.Join(' ', [title ?? summary.Kind, .. summary.Warnings]);
        return Bars(RequireFinite(summary)).Titled(heading).WithXAxisStyle<double, double, string>(TitleText: "value")
            .WithYAxisStyle<double, double, string>(TitleText: summary.Statistics!.IsSample ? "count in sample" : "count").WithSize(720, 360);
    }

    /// <summary>A tensor as coloured cells: blue above zero, orange below. Leading dimensions of rank 3 and more are put below each other.</summary>
    /// <param name="tensor">Any numeric type, of rank 1 or more, not empty.</param>
    /// <param name="title">By default element type and shape.</param>
    /// <exception cref="ArgumentException">The tensor is a scalar, empty or not numeric.</exception>
    public static GenericChart HeatMap(Tensor tensor, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank == 0 || tensor.Count == 0 || !tensor.DType.IsNumeric())
            throw new ArgumentException($"A heat map needs numbers in rows and columns; {new TensorSummary(tensor).Kind} has none.", nameof(tensor));
        int columns = (int)tensor.Shape[^1];
        int rows = tensor.Count / columns;
        int rowStep = (rows + MaxCells - 1) / MaxCells;
        int columnStep = (columns + MaxCells - 1) / MaxCells;
        int[] y = [.. Steps(rows, rowStep)];
        int[] x = [.. Steps(columns, columnStep)];
        double[][] z = [.. y.Select(r => x.Select(c => TensorReader.At(tensor, checked((r * columns) + c))).ToArray())];
        string heading = title ?? new TensorSummary(tensor).Kind;
        if (rowStep > 1 || columnStep > 1)
            heading += $" (1 of {rowStep} rows, 1 of {columnStep} columns)";
        return Chart.Heatmap<double, int, int, string>(zData: z, X: new(x, true), Y: new(y, true), ColorScale: DivergingScale(z), ReverseYAxis: true)
            .Titled(heading).WithSize(720, 480);
    }

    /// <summary>Values in their order, such as a loss by step.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="title">None by default.</param>
    /// <param name="xLabel">What the values are counted by.</param>
    /// <param name="yLabel">What the values are.</param>
    public static GenericChart Line<T>(IEnumerable<T> values, string? title = null, string xLabel = "step", string yLabel = "value")
        where T : INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return Lines(title, xLabel, yLabel, (yLabel, values.Select(static v => double.CreateTruncating(v))));
    }

    /// <summary>Several series in one chart, such as the losses of training and validation.</summary>
    /// <param name="title">None where null.</param>
    /// <param name="xLabel">What the values are counted by.</param>
    /// <param name="yLabel">What the values are.</param>
    /// <param name="series">Name and values of each series.</param>
    public static GenericChart Lines(string? title, string xLabel, string yLabel, params (string Name, IEnumerable<double> Values)[] series)
    {
        ArgumentNullException.ThrowIfNull(series);
        GenericChart chart = Chart.Combine(series.Select(static s => Series(s.Name, [.. s.Values])));
        chart = chart.WithXAxisStyle<double, double, string>(TitleText: xLabel).WithYAxisStyle<double, double, string>(TitleText: yLabel).WithSize(720, 360);
        return title is null ? chart : chart.Titled(title);
    }

    /// <summary>Pictures side by side.</summary>
    /// <param name="images">[n, height, width, channels] or [n, height, width]; channels 1, 3 or 4. Bytes as they are; other types from their least to their largest value, or from 0 to 1 where they lie within.</param>
    /// <param name="title">By default how many there are.</param>
    /// <param name="perLine">Pictures in a line.</param>
    /// <exception cref="ArgumentException">The tensor has not the shape of images.</exception>
    public static GenericChart Images(Tensor images, string? title = null, int perLine = 8)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perLine);
        var sheet = ContactSheet.Of(images, perLine);
        string heading = title ?? (sheet.Shown == sheet.Total ? Figures.Count(sheet.Total, "image") : $"{sheet.Shown} of {Figures.Count(sheet.Total, "image")}");
        return Chart.Image<string>(Source: PngWriter.ToDataUri(sheet.Png)).WithoutAxes()
            .Titled(heading).WithSize(Math.Clamp(sheet.Width + 40, 320, 1000), Math.Clamp(sheet.Height + 100, 240, 1000));
    }

    /// <summary>All weights of a model at a glance: one small histogram each.</summary>
    /// <param name="weights">Names and values, such as a checkpoint's; those without two different finite numbers are left out.</param>
    /// <param name="title">By default how many there are.</param>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static GenericChart Weights(IEnumerable<KeyValuePair<string, Tensor>> weights, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var charts = new List<GenericChart>();
        var titles = new List<string>();
        int total = 0;
        foreach ((string name, Tensor tensor) in weights)
        {
            total++;
            if (charts.Count == MaxWeights || new TensorSummary(tensor) is not { HasSpread: true } summary)
                continue;
            charts.Add(Bars(summary));
            titles.Add($"{Figures.Shorten(name, 26)} {tensor.Shape}");
        }

        if (charts.Count == 0)
            throw new ArgumentException("No tensor has two different finite numbers, so there is no histogram to draw.", nameof(weights));
        string heading = title ?? (charts.Count == total ? Figures.Count(total, "tensor") : $"{charts.Count} of {Figures.Count(total, "tensor")}");
        int across = Math.Min(WeightsPerLine, charts.Count);
        int lines = (charts.Count + across - 1) / across;
        return Chart.Grid(charts, lines, across, SubPlotTitles: new(titles, true), SubPlotTitleFont: ChartLayouts.SmallFont, YGap: Math.Min(.5, .55 / Math.Sqrt(lines)))
            .Titled(heading).WithSize(across == 1 ? 480 : 960, 120 + (170 * lines));
    }

    private static TensorSummary RequireFinite(TensorSummary summary) => summary.Statistics is { Finite: > 0 }
        ? summary
        : throw new ArgumentException($"A histogram needs finite numbers; {summary.Line} has none.");

    private static GenericChart Bars(TensorSummary summary)
    {
        TensorStatistics statistics = summary.Statistics!;
        double width = (statistics.Maximum - statistics.Minimum) / TensorStatistics.BinCount;
        int[] counts = statistics.Bins.ToArray();
        double[] middles = [.. Enumerable.Range(0, counts.Length).Select(i => statistics.Minimum + ((i + .5) * width))];
        return Chart.Column<int, double, string>(counts, Keys: new(middles, true), MarkerColor: Color.fromHex(Stylesheet.Blue), ShowLegend: false);
    }

    private static GenericChart Series(string name, double[] values)
    {
        int step = (values.Length + MaxPoints - 1) / MaxPoints;
        int[] x = [.. Steps(values.Length, Math.Max(1, step))];
        string label = step > 1 ? $"{name} (1 of {step} points)" : name;
        return Chart.Line<int, double, string>(x, [.. x.Select(i => values[i])], Name: label);
    }

    private static IEnumerable<int> Steps(int count, int step)
    {
        for (int i = 0; i < count; i += step)
            yield return i;
    }

    // White where zero is, and both sides of one measure: 0.1 looks as strong as -0.1.
    private static StyleParam.Colorscale DivergingScale(double[][] z)
    {
        double low = 0;
        double high = 0;
        foreach (double value in z.SelectMany(static r => r).Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        double lowest = z.SelectMany(static r => r).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        double limit = Math.Max(-low, high);
        if (limit == 0 || lowest >= 0)
            return Scale((0, Mix(limit == 0 ? 0 : lowest / limit)), (1, Mix(1)));
        return high <= 0 ? Scale((0, Mix(-1)), (1, Mix(0))) : Scale((0, Mix(low / limit)), (-low / (high - low), Mix(0)), (1, Mix(high / limit)));

        static StyleParam.Colorscale Scale(params (double At, Color Colour)[] stops) =>
            StyleParam.Colorscale.NewCustom([.. stops.Select(static s => Tuple.Create(s.At, s.Colour))]);
    }

    private static Color Mix(double strength)
    {
        (int r, int g, int b) = strength >= 0 ? (0x2B, 0x74, 0xBE) : (0xD9, 0x66, 0x1F);
        double t = Math.Min(1, Math.Abs(strength));
        int Blend(int c) => (int)(246 + ((c - 246) * t));
        return Color.fromRGB(Blend(r), Blend(g), Blend(b));
    }
}
