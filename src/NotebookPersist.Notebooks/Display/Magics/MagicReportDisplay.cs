namespace NotebookPersist.Notebooks.Magics;

/// <summary>What a magic did: its facts as a table, and what the user should read.</summary>
internal sealed class MagicReportDisplay : Display<MagicReport>
{
    protected override string Text(MagicReport value) => value.ToString();

    protected override string? Html(MagicReport value)
    {
        var table = new TableView("", "");
        foreach ((string label, string fact) in value.Facts)
            table.Add(label, TableCell.Name(fact));
        ReportView report = new ReportView(value.Title).Table(table);
        foreach (string note in value.Notes)
            report.Line(note);
        return report.ToBundle().Html;
    }
}
