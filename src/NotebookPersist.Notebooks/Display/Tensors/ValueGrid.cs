using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>The elements of a tensor as a table: the first rows and columns of its first slice.</summary>
internal static class ValueGrid
{
    private const int MaxRows = 20;
    private const int MaxColumns = 12;

    public static void Draw(HtmlWriter html, Tensor tensor)
    {
        int rank = tensor.Rank;
        // A vector of texts reads as a list, a vector of numbers as a row.
        bool isList = rank == 1 && tensor.DType == DType.String;
        long rows = rank >= 2 ? tensor.Shape[rank - 2] : isList ? tensor.Count : 1;
        long columns = rank >= 1 && !isList ? tensor.Shape[rank - 1] : 1;
        int shownRows = (int)Math.Min(rows, MaxRows);
        int shownColumns = (int)Math.Min(columns, MaxColumns);
        string align = tensor.DType == DType.String ? "" : "np-num";
        html.Begin("div", ("class", "np-scroll")).Begin("table", ("class", "np-table np-mono"));
        html.Begin("thead").Begin("tr").Element("th", "");
        for (int c = 0; c < shownColumns; c++)
            html.Element("th", isList ? "" : $"{c}", ("class", align), ("scope", "col"));
        html.End().End().Begin("tbody");
        for (int r = 0; r < shownRows; r++)
        {
            html.Begin("tr").Element("th", $"{r}", ("scope", "row"));
            for (int c = 0; c < shownColumns; c++)
                html.Element("td", ElementText.Short(tensor, checked((int)((r * columns) + c))), ("class", align));
            html.End();
        }

        html.End().End().End();
        var left = new List<string>();
        if (rank > 2 && tensor.Count > rows * columns)
            left.Add($"slice [{string.Join(", ", Enumerable.Repeat("0", rank - 2))}, :, :]");
        if (shownRows < rows)
            left.Add($"and {Figures.Count(rows - shownRows, "more row")}");
        if (shownColumns < columns)
            left.Add($"and {Figures.Count(columns - shownColumns, "more column")}");
        if (left.Count > 0)
            html.Note(string.Join(" · ", left));
    }
}
