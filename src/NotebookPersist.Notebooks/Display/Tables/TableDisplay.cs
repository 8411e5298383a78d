using System.Text;
using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Tensors;

namespace NotebookPersist.Notebooks.Tables;

/// <summary>A table: aligned columns as text, a plain table in HTML.</summary>
internal sealed class TableDisplay : Display<TableView>
{
    private const int MaxTextColumn = 60;

    protected override string Text(TableView value) => WriteText(new StringBuilder(), value).ToString().TrimEnd('\n');

    protected override string Html(TableView value)
    {
        var html = new HtmlWriter();
        html.BeginOutput(value.Caption ?? "Table");
        Write(html, value);
        return html.End().ToString();
    }

    /// <summary>Writes a table into an output that has begun.</summary>
    internal static void Write(HtmlWriter html, TableView table)
    {
        bool[] numeric = NumericColumns(table);
        html.Begin("div", ("class", "np-scroll")).Begin("table", ("class", "np-table"));
        if (table.Caption is not null)
            html.Element("caption", table.Caption);
        html.Begin("thead").Begin("tr");
        for (int c = 0; c < table.Columns.Count; c++)
            html.Element("th", table.Columns[c], ("class", numeric[c] ? "np-num" : null), ("scope", "col"));
        html.End().End().Begin("tbody");
        foreach (IReadOnlyList<TableCell> row in table.Rows.Take(table.RowLimit))
        {
            html.Begin("tr");
            foreach (TableCell cell in row)
                Write(html, cell);
            html.End();
        }

        html.End().End().End();
        if (Remainder(table) is { } more)
            html.Note(more);
        if (table.Note is not null)
            html.Note(table.Note);
    }

    /// <summary>Writes a table as aligned text.</summary>
    internal static StringBuilder WriteText(StringBuilder text, TableView table)
    {
        if (table.Caption is not null)
            text.Append(table.Caption).Append('\n');
        bool[] numeric = NumericColumns(table);
        List<string[]> rows = [[.. table.Columns]];
        rows.AddRange(table.Rows.Take(table.RowLimit).Select(static r => r.Select(static c => Figures.Shorten(c.Text.ReplaceLineEndings(" "), MaxTextColumn)).ToArray()));
        int[] widths = [.. Enumerable.Range(0, table.Columns.Count).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
        {
            string line = string.Join("  ", row.Select((cell, c) => numeric[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])));
            text.Append(line.TrimEnd()).Append('\n');
        }

        if (Remainder(table) is { } more)
            text.Append(more).Append('\n');
        if (table.Note is not null)
            text.Append(table.Note).Append('\n');
        return text;
    }

    private static string? Remainder(TableView table) =>
        table.RowCount > table.RowLimit ? $"and {Figures.Count(table.RowCount - table.RowLimit)} more" : null;

    // A column is numeric where any cell is a number and none is other text than a blank.
    private static bool[] NumericColumns(TableView table) =>
    [
        .. Enumerable.Range(0, table.Columns.Count).Select(c =>
            table.Rows.Any(r => r[c].IsNumber) && table.Rows.All(r => r[c].IsNumber || r[c].Text.Length == 0)),
    ];

    private static void Write(HtmlWriter html, TableCell cell)
    {
        html.Begin("td", ("class", cell.IsNumber ? "np-num" : null));
        if (cell.Bins is not null)
            Sparkline.Draw(html, cell.Bins, $"Histogram {cell.Text}");
        else if (cell.Tone == CellTone.Quiet)
            html.Element("span", cell.Text, ("class", "np-dim"));
        else if (cell.Tone != CellTone.Plain)
            html.Badge(cell.Text, cell.Tone.ToClass());
        else if (cell.IsName)
            html.Element("code", cell.Text);
        else
            html.Text(cell.Text);
        html.End();
    }
}
