using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Runs;

/// <summary>What a run took: a table by type, and one by node.</summary>
internal sealed class StepStatsDisplay : Display<StepStats>
{
    private const int MostNodes = 50;

    protected override string Text(StepStats value) => Report(value).ToString();

    protected override string? Html(StepStats value) => Report(value).ToBundle().Html;

    private static ReportView Report(StepStats value)
    {
        double total = Math.Max(1e-9, value.Nodes.Sum(static n => n.OwnDuration.TotalMilliseconds));
        var types = new TableView("Type", "Runs", "Time (ms)", "Share", "Output") { Caption = "By type" };
        foreach (OpTypeStats type in value.ByType())
            types.Add(TableCell.Name(type.OpType), type.RunCount, Time(type.OwnDuration), Share(type.OwnDuration, total), TableCell.Bytes(type.OutputByteCount));
        var nodes = new TableView("Node", "Type", "Runs", "Time (ms)", "Share", "Output") { Caption = "By node", RowLimit = MostNodes };
        foreach (IGrouping<(string Name, string OpType), NodeStats> node in value.Nodes.GroupBy(static n => (n.Name, n.OpType)).OrderByDescending(static g => g.Sum(static n => n.OwnDuration.Ticks)))
        {
            TimeSpan own = TimeSpan.FromTicks(node.Sum(static n => n.OwnDuration.Ticks));
            nodes.Add(TableCell.Name(node.Key.Name), TableCell.Name(node.Key.OpType), node.Count(), Time(own), Share(own, total), TableCell.Bytes(node.Sum(static n => n.OutputByteCount)));
        }

        return new ReportView("Run")
            .Badge($"{value.Elapsed.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture)} ms")
            .Badge($"{Figures.Count(value.Nodes.Count)} operations")
            .Table(types)
            .Table(nodes, isFolded: true);
    }

    private static TableCell Time(TimeSpan time) => new(time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture)) { IsNumber = true };

    private static TableCell Share(TimeSpan time, double total) => new((time.TotalMilliseconds / total).ToString("0.0 %", CultureInfo.InvariantCulture)) { IsNumber = true };
}
