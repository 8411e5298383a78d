namespace NotebookPersist.Notebooks.Magics;

/// <summary>A notebook's variables in a table.</summary>
internal sealed class VariableListDisplay : Display<VariableList>
{
    protected override string Text(VariableList value) => value.ToString();

    protected override string? Html(VariableList value)
    {
        var table = new TableView("Name", "Type", "Value");
        foreach (VariableRow row in value.Rows)
            table.Add(TableCell.Name(row.Name), row.Type, row.Value);
        ReportView report = new("Variables");
        return (value.Rows.Count == 0 ? report.Line(value.ToString()) : report.Table(table)).ToBundle().Html;
    }
}
