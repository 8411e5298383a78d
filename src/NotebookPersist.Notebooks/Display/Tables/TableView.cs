using System.Collections;

namespace NotebookPersist.Notebooks;

/// <summary>A table to show in a notebook: columns, rows, a caption. Only the first rows are shown, and how many more there are.</summary>
/// <remarks>
/// Written as a collection: <c>new TableView("Name", "Shape") { { "W1", shape } }</c>.
/// Thread safety: one thread fills it; then reading is safe.
/// </remarks>
public sealed class TableView : IEnumerable<IReadOnlyList<TableCell>>
{
    private readonly List<TableCell[]> _rows = [];

    /// <summary>An empty table.</summary>
    /// <exception cref="ArgumentException">No column is named.</exception>
    public TableView(params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        Columns = [.. columns];
    }

    /// <summary>Column headings.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>All rows that were added, those beyond <see cref="RowLimit"/> included.</summary>
    public IReadOnlyList<IReadOnlyList<TableCell>> Rows => _rows;

    /// <summary>What the table is about; null for none.</summary>
    public string? Caption { get; init; }

    /// <summary>A line below the table; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>Rows shown at most.</summary>
    public int RowLimit { get; init; } = 100;

    /// <summary>Rows that are only counted, as they would not be shown.</summary>
    internal int UnlistedCount { get; init; }

    /// <summary>All rows, those that are only counted included.</summary>
    internal int RowCount => _rows.Count + UnlistedCount;

    /// <summary>A table of items, with a row for each and a column for each of their properties; of numbers and texts, a column for themselves.</summary>
    /// <param name="items">The items. The first hundred are shown, and all are counted.</param>
    /// <returns>The table.</returns>
    public static TableView Of<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Tables.ItemTable.Of(items, typeof(T), static count => $"{Html.Figures.Count(count)} {(count == 1 ? "item" : "items")}");
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Plain values or <see cref="TableCell"/>s, one a column; missing ones stay empty.</param>
    /// <exception cref="ArgumentException">There are more cells than columns.</exception>
    public TableView Add(params ReadOnlySpan<object?> cells)
    {
        if (cells.Length > Columns.Count)
            throw new ArgumentException($"A row of {cells.Length} cells does not fit a table of {Columns.Count} columns.", nameof(cells));
        var row = new TableCell[Columns.Count];
        for (int i = 0; i < row.Length; i++)
            row[i] = TableCell.From(i < cells.Length ? cells[i] : null);
        _rows.Add(row);
        return this;
    }

    /// <summary>The table in all its forms.</summary>
    public MimeBundle ToBundle() => new Tables.TableDisplay().Render(this);

    /// <summary>The table as aligned text.</summary>
    public override string ToString() => new Tables.TableDisplay().RenderText(this);

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyList<TableCell>> GetEnumerator() => Rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
