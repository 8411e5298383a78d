namespace NotebookPersist.Notebooks.Magics;

/// <summary>The help of a magic: its usage, and its parameters in a table.</summary>
internal sealed class MagicHelpDisplay : Display<MagicHelp>
{
    protected override string Text(MagicHelp value) => value.ToString().TrimEnd();

    protected override string? Html(MagicHelp value)
    {
        var table = new TableView("Parameter", "Meaning");
        foreach ((string label, string help) in value.Magic.ParameterHelp)
            table.Add(TableCell.Name(label), help);
        return new ReportView(value.Magic.Name).Line(value.Magic.Summary).Line($"Usage: {value.Magic.Usage}").Table(table).ToBundle().Html;
    }
}
