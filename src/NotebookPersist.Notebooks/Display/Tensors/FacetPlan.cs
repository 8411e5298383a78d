namespace NotebookPersist.Notebooks.Tensors;

/// <summary>Which elements of a tensor of any rank are drawn, as panels of rows and columns, and where.</summary>
/// <remarks>
/// Panels show the last two dimensions, but for images (few channels last: one panel a channel) and small convolution kernels (one panel a filter).
/// What does not fit is left out by whole panels, and by taking every n-th row and column.
/// </remarks>
internal sealed class FacetPlan
{
    private const int MaxWidth = 640;
    private const int MaxPanelLines = 6;
    private const int MaxZoom = 14;

    private readonly long _rowStride;
    private readonly long _columnStride;

    private FacetPlan(Shape shape, int rowAxis, int columnAxis, int[] leadingAxes)
    {
        // A dimension of size 1 makes no panels, and must not take the place of one that does.
        int[] panelAxes = [.. leadingAxes.Where(a => shape[a] != 1)];
        long[] strides = Strides(shape);
        (Height, _rowStride) = rowAxis < 0 ? (1, 0) : (shape[rowAxis], strides[rowAxis]);
        (Width, _columnStride) = (shape[columnAxis], strides[columnAxis]);
        long panels = panelAxes.Aggregate(1L, (product, axis) => product * shape[axis]);
        PanelCount = panels;

        // The innermost panel dimension runs along a line; where it is the only one, lines wrap.
        long across = panelAxes.Length == 0 ? 1 : shape[panelAxes[^1]];
        int fitting = Width <= 12 ? 16 : 8;
        PerLine = (int)Math.Min(fitting, across);
        int lines = (int)Math.Min(MaxPanelLines, panelAxes.Length > 1 ? panels / Math.Max(1, across) : (panels + PerLine - 1) / PerLine);
        int maxWidth = panels == 1 ? MaxWidth : Math.Max(8, (MaxWidth / PerLine) - 6);
        int maxHeight = panels == 1 ? 400 : 160;
        (RowStep, ColumnStep) = Steps(Height, Width, maxHeight, maxWidth);
        ShownRows = (int)((Height + RowStep - 1) / RowStep);
        ShownColumns = (int)((Width + ColumnStep - 1) / ColumnStep);
        Zoom = Math.Clamp(Math.Min(maxWidth / ShownColumns, maxHeight / ShownRows), 1, MaxZoom);
        Gap = panels == 1 ? 0 : (Zoom + 5) / Zoom;
        Panels = ChoosePanels(shape, strides, rowAxis, columnAxis, panelAxes, lines, across);
    }

    /// <summary>Rows of a panel in the tensor.</summary>
    public long Height { get; }

    /// <summary>Columns of a panel in the tensor.</summary>
    public long Width { get; }

    /// <summary>Panels in the tensor.</summary>
    public long PanelCount { get; }

    /// <summary>Panels drawn: first element, and the indices as written in brackets.</summary>
    public IReadOnlyList<(long Start, string Label)> Panels { get; }

    /// <summary>Panels side by side.</summary>
    public int PerLine { get; }

    /// <summary>Every n-th row is drawn.</summary>
    public long RowStep { get; }

    /// <summary>Every n-th column is drawn.</summary>
    public long ColumnStep { get; }

    /// <summary>Rows drawn of a panel.</summary>
    public int ShownRows { get; }

    /// <summary>Columns drawn of a panel.</summary>
    public int ShownColumns { get; }

    /// <summary>Screen pixels for an element.</summary>
    public int Zoom { get; }

    /// <summary>Elements' widths between panels.</summary>
    public int Gap { get; }

    /// <summary>Position of a drawn element in the tensor.</summary>
    public int Position(long panelStart, int row, int column) => (int)(panelStart + (row * RowStep * _rowStride) + (column * ColumnStep * _columnStride));

    /// <summary>The plan for a tensor that is not empty and of rank 1 or more.</summary>
    public static FacetPlan For(Shape shape)
    {
        int rank = shape.Rank;
        if (rank == 1)
            return new FacetPlan(shape, -1, 0, []);
        if (rank == 2)
            return new FacetPlan(shape, 0, 1, []);
        int[] leading = [.. Enumerable.Range(0, rank - 2)];
        bool isKernel = rank == 4 && shape[0] <= 11 && shape[1] <= 11 && shape[2] <= 4 && shape[0] * shape[1] > 1;
        if (isKernel)
            return new FacetPlan(shape, 0, 1, [2, 3]);
        bool isImage = shape[^1] <= 4 && shape[rank - 2] > 4 && shape[rank - 3] > 4;
        return isImage
            ? new FacetPlan(shape, rank - 3, rank - 2, [.. leading[..^1], rank - 1])
            : new FacetPlan(shape, rank - 2, rank - 1, leading);
    }

    private List<(long Start, string Label)> ChoosePanels(Shape shape, long[] strides, int rowAxis, int columnAxis, int[] axes, int lines, long across)
    {
        var panels = new List<(long, string)>();
        for (int line = 0; line < lines; line++)
        {
            for (int place = 0; place < PerLine; place++)
            {
                long number = axes.Length > 1 ? (line * across) + place : ((long)line * PerLine) + place;
                if (number >= PanelCount)
                    return panels;
                long start = 0;
                string[] index = new string[shape.Rank];
                Array.Fill(index, ":");
                for (int a = axes.Length - 1; a >= 0; a--)
                {
                    (number, long at) = Math.DivRem(number, shape[axes[a]]);
                    start += at * strides[axes[a]];
                    index[axes[a]] = at.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                panels.Add((start, $"[{string.Join(", ", index)}]"));
            }
        }

        return panels;
    }

    private static (long Row, long Column) Steps(long height, long width, int maxHeight, int maxWidth)
    {
        long row = Math.Max(1, (height + maxHeight - 1) / maxHeight);
        long column = Math.Max(1, (width + maxWidth - 1) / maxWidth);
        // One step for both keeps proportions, unless it would leave next to nothing of the shorter side.
        long both = Math.Max(row, column);
        return Math.Min(height, width) / both >= 16 ? (both, both) : (row, column);
    }

    private static long[] Strides(Shape shape)
    {
        long[] strides = new long[shape.Rank];
        long stride = 1;
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }
}
