using System.Text;
using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Tables;

namespace NotebookPersist.Notebooks;

/// <summary>A result to show in a notebook: a heading with badges, lines of text, tables.</summary>
/// <remarks>What checkpoints, restore reports and magics' answers are made of. Thread safety: one thread fills it; then reading is safe.</remarks>
public sealed class ReportView(string title)
{
    private readonly List<TableCell> _badges = [];
    private readonly List<(string Text, bool IsCode)> _lines = [];
    private readonly List<(TableView Table, bool IsFolded)> _tables = [];

    /// <summary>The heading.</summary>
    public string Title { get; } = title;

    internal IReadOnlyList<TableCell> Badges => _badges;

    internal IReadOnlyList<(string Text, bool IsCode)> Lines => _lines;

    internal IReadOnlyList<(TableView Table, bool IsFolded)> Tables => _tables;

    /// <summary>Adds a short fact beside the heading.</summary>
    public ReportView Badge(string text, CellTone tone = CellTone.Plain)
    {
        _badges.Add(new TableCell(text, tone));
        return this;
    }

    /// <summary>Adds a line of text below the heading.</summary>
    public ReportView Line(string text)
    {
        _lines.Add((text, false));
        return this;
    }

    /// <summary>Adds a line to copy into a cell; one click selects it.</summary>
    public ReportView Code(string text)
    {
        _lines.Add((text, true));
        return this;
    }

    /// <summary>Adds a table; an empty one is left out.</summary>
    /// <param name="table">The table; folded, it needs a caption.</param>
    /// <param name="isFolded">True shows only the caption until it is opened.</param>
    public ReportView Table(TableView table, bool isFolded = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Rows.Count > 0)
            _tables.Add((table, isFolded));
        return this;
    }

    /// <summary>The report in all its forms.</summary>
    public MimeBundle ToBundle() => new ReportDisplay().Render(this);

    /// <summary>The report as text.</summary>
    public override string ToString() => new ReportDisplay().RenderText(this);
}

/// <summary>A report: heading, badges, lines, tables.</summary>
internal sealed class ReportDisplay : Display<ReportView>
{
    // One click selects all of it, with no script.
    private const string CodeStyle = "user-select:all;white-space:pre-wrap;overflow-wrap:anywhere;margin:2px 0;padding:2px 8px;border:1px solid #8886;border-radius:4px";

    protected override string Text(ReportView value)
    {
        var text = new StringBuilder(value.Title);
        if (value.Badges.Count > 0)
            text.Append(" [").AppendJoin(", ", value.Badges.Select(static b => b.Text)).Append(']');
        text.Append('\n');
        foreach ((string line, bool isCode) in value.Lines)
            text.Append(isCode ? "  " : "").Append(line).Append('\n');
        foreach ((TableView table, _) in value.Tables)
            TableDisplay.WriteText(text.Append('\n'), table);
        return text.ToString().TrimEnd('\n');
    }

    protected override string Html(ReportView value)
    {
        var html = new HtmlWriter();
        html.BeginOutput(value.Title).Begin("div", ("class", "np-line")).Element("b", value.Title);
        foreach (TableCell badge in value.Badges)
            html.Badge(badge.Text, badge.Tone.ToClass());
        html.End();
        foreach ((string line, bool isCode) in value.Lines)
        {
            if (isCode)
                html.Begin("pre", ("class", "np-mono"), ("style", CodeStyle)).Text(line).End();
            else
                html.Element("div", line);
        }

        foreach ((TableView table, bool isFolded) in value.Tables)
        {
            if (isFolded)
                html.Begin("details").Element("summary", $"{table.Caption} ({Figures.Count(table.RowCount)})");
            TableDisplay.Write(html, table);
            if (isFolded)
                html.End();
        }

        return html.End().ToString();
    }
}
