using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>How a checkpoint fits a graph: what does not agree first, with near names; what agrees folded.</summary>
internal sealed class RestoreReportDisplay : Display<RestoreReport>
{
    protected override string Text(RestoreReport value) => Report(value).ToString();

    protected override string? Html(RestoreReport value) => Report(value).ToBundle().Html;

    private static ReportView Report(RestoreReport value)
    {
        int matching = value.Of(RestoreOutcome.Match).Count();
        int wanted = value.Items.Count - value.Of(RestoreOutcome.Extra).Count();
        ReportView report = new ReportView($"Restore from '{value.Path}'").Badge($"{matching} of {wanted} match", value.Fits ? CellTone.Good : CellTone.Bad);
        if (value.ByteCount > 0)
            report.Badge($"{Figures.Bytes(value.ByteCount)} in {value.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s");
        var differing = new TableView("Name", "", "Graph expects", "Checkpoint holds", "Near names");
        foreach (RestoreItem item in value.Items.Where(static i => i.Outcome is not (RestoreOutcome.Match or RestoreOutcome.Extra)))
        {
            string what = item.Outcome switch
            {
                RestoreOutcome.Missing => "missing",
                RestoreOutcome.DTypeDiffers => "other type",
                _ => "other shape",
            };
            differing.Add(TableCell.Name(item.Name), new TableCell(what, CellTone.Bad), TableCell.Name($"{item.Expected}"), TableCell.Name($"{item.Found}"), TableCell.Name(string.Join(", ", item.Near)));
        }

        return report.Table(differing)
            .Table(List(value, RestoreOutcome.Match, "Matching"), isFolded: true)
            .Table(List(value, RestoreOutcome.Extra, "In the checkpoint only"), isFolded: true);
    }

    private static TableView List(RestoreReport value, RestoreOutcome outcome, string caption)
    {
        var table = new TableView("Name", "Type and shape") { Caption = caption };
        foreach (RestoreItem item in value.Of(outcome))
            table.Add(TableCell.Name(item.Name), TableCell.Name($"{item.Found}"));
        return table;
    }
}
