using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>Copies elements from one strided view to another: slices, transposes, pads, tiles, reverses, joins and splits are all this.</summary>
public static class StridedCopy
{
    // A square of blocks that fits the first-level cache on both sides of a transpose.
    private const int TileSide = 32;

    // Below this, handing pieces to other threads costs more than copying.
    private const int ElementsPerPiece = 1 << 16;

    /// <summary>Copies <paramref name="sizes"/> elements from one view to the other.</summary>
    /// <param name="source">Read from.</param>
    /// <param name="target">Written to; no two positions may fall on one element.</param>
    /// <param name="sizes">Number of elements in each dimension of both views.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">A view reaches outside its tensor.</exception>
    /// <remarks>Aliasing: the tensors must not share bytes.</remarks>
    public static void Run(StridedView source, StridedView target, ReadOnlySpan<long> sizes, Workers workers)
    {
        if (sizes.Contains(0))
            return;
        RequireInside(source, sizes, nameof(source));
        RequireInside(target, sizes, nameof(target));
        RawElements.Run(source.Tensor.DType, Loop.Collapse(source, target, sizes, workers));
    }

    private static void RequireInside(StridedView view, ReadOnlySpan<long> sizes, string parameter)
    {
        long first = view.Start;
        long last = view.Start;
        for (int i = 0; i < sizes.Length; i++)
        {
            long reach = (sizes[i] - 1) * view.Strides[i];
            first += Math.Min(0, reach);
            last += Math.Max(0, reach);
        }

        if (first < 0 || last >= view.Tensor.Count)
            throw new ArgumentException($"The view reaches from element {first} to {last} of {view.Tensor.Count}.", parameter);
    }

    private sealed record Loop(StridedView Source, StridedView Target, int[] Sizes, Workers Workers) : IElementLoop
    {
        /// <summary>Joins dimensions that both views step through as if they were one.</summary>
        public static Loop Collapse(StridedView source, StridedView target, ReadOnlySpan<long> sizes, Workers workers)
        {
            var kept = new List<(int Size, int From, int To)>();
            for (int i = 0; i < sizes.Length; i++)
            {
                int size = (int)sizes[i];
                if (size == 1)
                    continue;
                if (kept.Count > 0 && kept[^1].From == source.Strides[i] * size && kept[^1].To == target.Strides[i] * size)
                    kept[^1] = (kept[^1].Size * size, source.Strides[i], target.Strides[i]);
                else
                    kept.Add((size, source.Strides[i], target.Strides[i]));
            }

            while (kept.Count < 2)
                kept.Insert(0, (1, 0, 0));
            return new Loop(
                source with { Strides = [.. kept.Select(static k => k.From)] },
                target with { Strides = [.. kept.Select(static k => k.To)] },
                [.. kept.Select(static k => k.Size)],
                workers);
        }

        public void Run<T>()
        {
            int planes = 1;
            for (int i = 0; i < Sizes.Length - 2; i++)
                planes *= Sizes[i];
            int rows = Sizes[^2];
            int columns = Sizes[^1];
            int plane = rows * columns;
            if (planes == 1)
            {
                int rowsPerPiece = Math.Max(TileSide, ElementsPerPiece / columns);
                Workers.For(rows, rowsPerPiece, (first, end) => Plane<T>(
                    Source.Start + (first * Source.Strides[^2]), Target.Start + (first * Target.Strides[^2]), end - first, columns));
                return;
            }

            Workers.For(planes, Math.Max(1, ElementsPerPiece / plane), (first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    (int from, int to) = PlaneStart(i);
                    Plane<T>(from, to, rows, columns);
                }
            });
        }

        private (int From, int To) PlaneStart(int index)
        {
            int from = Source.Start;
            int to = Target.Start;
            for (int i = Sizes.Length - 3; i >= 0; i--)
            {
                (index, int position) = Math.DivRem(index, Sizes[i]);
                from += position * Source.Strides[i];
                to += position * Target.Strides[i];
            }

            return (from, to);
        }

        private void Plane<T>(int from, int to, int rows, int columns)
        {
            (int fromRow, int fromColumn) = (Source.Strides[^2], Source.Strides[^1]);
            (int toRow, int toColumn) = (Target.Strides[^2], Target.Strides[^1]);
            ReadOnlySpan<T> source = Source.Tensor.Raw<T>();
            Span<T> target = Target.Tensor.Raw<T>();
            if (toColumn == 1 && fromColumn is 0 or 1)
            {
                for (int row = 0; row < rows; row++)
                {
                    Span<T> line = target.Slice(to + (row * toRow), columns);
                    if (fromColumn == 1)
                        source.Slice(from + (row * fromRow), columns).CopyTo(line);
                    else
                        line.Fill(source[from + (row * fromRow)]);
                }

                return;
            }

            // Both views were checked to stay inside their tensors.
            ref T read = ref Unsafe.AsRef(in source[0]);
            ref T write = ref target[0];
            for (int rowTile = 0; rowTile < rows; rowTile += TileSide)
            {
                int rowEnd = Math.Min(rows, rowTile + TileSide);
                for (int columnTile = 0; columnTile < columns; columnTile += TileSide)
                {
                    int width = Math.Min(columns - columnTile, TileSide);
                    for (int row = rowTile; row < rowEnd; row++)
                    {
                        int f = from + (row * fromRow) + (columnTile * fromColumn);
                        int t = to + (row * toRow) + (columnTile * toColumn);
                        for (int i = 0; i < width; i++, f += fromColumn, t += toColumn)
                            Unsafe.Add(ref write, t) = Unsafe.Add(ref read, f);
                    }
                }
            }
        }
    }
}
