using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>A tensor: one line with range and histogram; in HTML also a heat map, a larger histogram and the first values.</summary>
internal sealed class TensorDisplay : Display<Tensor>
{
    protected override string Text(Tensor value) => new TensorSummary(value).Line;

    protected override string Html(Tensor value)
    {
        var summary = new TensorSummary(value);
        var html = new HtmlWriter();
        html.BeginOutput($"Tensor {summary.Kind}");
        WriteLine(html, summary);
        if (summary.Statistics is { } statistics && !summary.IsFew)
        {
            HeatMap.Draw(html, value, statistics);
            if (summary.HasSpread && value.DType != DType.Bool)
            {
                html.Begin("details").Element("summary", "Histogram");
                HistogramDrawing.Draw(html, statistics);
                html.End();
            }
        }

        if (value.Rank > 0 && value.Count > 0 && (value.DType == DType.String || value.Rank > 1 || !summary.IsFew))
        {
            html.Begin("details", ("open", value.DType == DType.String ? "open" : null)).Element("summary", "Values");
            ValueGrid.Draw(html, value);
            html.End();
        }

        return html.End().ToString();
    }

    private static void WriteLine(HtmlWriter html, TensorSummary summary)
    {
        Tensor tensor = summary.Tensor;
        html.Begin("div", ("class", "np-line"));
        html.Begin("code").Element("b", tensor.DType.Name()).Text(tensor.Rank == 0 ? " scalar" : $" {tensor.Shape}").End();
        if (tensor.Count > 1)
            html.Element("span", $"{Figures.Count(tensor.Count)} values{(summary.ByteCount > 0 ? $", {Figures.Bytes(summary.ByteCount)}" : "")}", ("class", "np-dim"));
        if (tensor.DType != DType.String || tensor.Rank == 0)
            html.Element("code", summary.Content);
        if (summary.HasSpread && tensor.DType != DType.Bool && !summary.IsFew)
            Sparkline.Draw(html, summary.Statistics!.Bins, $"Histogram {Sparkline.Text(summary.Statistics.Bins)}");
        foreach (string warning in summary.Warnings)
            html.Badge(warning, "bad", "Elements that are no finite numbers");
        if (summary.Statistics is { } s && s.Zeros > s.Read / 2 && s.Zeros < s.Read && tensor.DType != DType.Bool && !summary.IsFew)
            html.Badge($"{Math.Floor(100.0 * s.Zeros / s.Read)} % zeros");
        if (summary.Statistics is { IsSample: true } sample)
            html.Badge($"sample of {Figures.Count(sample.Read)}", "warn", "The tensor is large: figures are of evenly spaced runs of its elements.");
        html.End();
    }
}
