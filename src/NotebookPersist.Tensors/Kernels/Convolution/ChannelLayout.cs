namespace NotebookPersist.Kernels;

/// <summary>Moves channels between the first and the last place of an image.</summary>
public static class ChannelLayout
{
    private const int Block = 16;

    /// <summary>Swaps the last two axes.</summary>
    /// <param name="source">Shape: [batch, rows, columns].</param>
    /// <param name="target">Shape: [batch, columns, rows]. Must not overlap <paramref name="source"/>.</param>
    /// <param name="batch">Number of matrices.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    public static void Transpose<T>(ReadOnlySpan<T> source, Span<T> target, int batch, int rows, int columns)
        where T : unmanaged
    {
        int size = rows * columns;
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<T> from = source.Slice(b * size, size);
            Span<T> to = target.Slice(b * size, size);
            // Square blocks, so that the lines read and the lines written both stay in the nearest cache.
            for (int row = 0; row < rows; row += Block)
            {
                for (int column = 0; column < columns; column += Block)
                {
                    int lastRow = Math.Min(rows, row + Block);
                    int lastColumn = Math.Min(columns, column + Block);
                    for (int j = column; j < lastColumn; j++)
                    {
                        for (int i = row; i < lastRow; i++)
                            to[(j * rows) + i] = from[(i * columns) + j];
                    }
                }
            }
        }
    }
}
