using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>What a strided slice takes from a tensor: for each dimension first position, step and number, and how the result is shaped.</summary>
/// <remarks>
/// The masks say, one bit an entry: begin or end left open, an ellipsis for all dimensions not named, a new dimension of size 1,
/// and a single position whose dimension vanishes. Source: TensorFlow's strided_slice_op.
/// </remarks>
internal sealed class SliceSpec
{
    private SliceSpec(long[] begin, long[] stride, long[] sizes, long[] shape) => (Begin, Stride, Sizes, Shape) = (begin, stride, sizes, shape);

    /// <summary>First position taken in each dimension of the input.</summary>
    public long[] Begin { get; }

    /// <summary>Step in each dimension of the input.</summary>
    public long[] Stride { get; }

    /// <summary>Number of positions taken in each dimension of the input; -1 where unknown.</summary>
    public long[] Sizes { get; }

    /// <summary>The result's shape, with new dimensions and without single positions.</summary>
    public Shape Shape { get; }

    /// <summary>The taken elements of a tensor, in the order of the result.</summary>
    public StridedView View(Tensor tensor)
    {
        StridedView whole = StridedView.Of(tensor);
        int start = 0;
        int[] strides = new int[Begin.Length];
        for (int i = 0; i < strides.Length; i++)
        {
            start += (int)Begin[i] * whole.Strides[i];
            strides[i] = (int)Stride[i] * whole.Strides[i];
        }

        return new StridedView(tensor, start, strides);
    }

    /// <summary>Works out a slice.</summary>
    /// <param name="input">The sliced shape; sizes may be unknown.</param>
    /// <param name="begin">Null where unknown.</param>
    /// <param name="end">Null where unknown.</param>
    /// <param name="strides">Steps; none is 0.</param>
    /// <param name="masks">The five masks.</param>
    /// <exception cref="ArgumentException">The slice reaches outside the shape. The message is TensorFlow's.</exception>
    public static SliceSpec Resolve(Shape input, long[]? begin, long[]? end, long[] strides, SliceMasks masks)
    {
        int rank = input.Rank;
        int ellipsis = -1;
        int newAfterEllipsis = 0;
        for (int i = 0; i < strides.Length; i++)
        {
            if (masks.Has(masks.Ellipsis, i))
                ellipsis = ellipsis < 0 ? i : throw new ArgumentException("Multiple ellipses in slice spec not allowed");
            else if (ellipsis >= 0 && masks.Has(masks.NewAxis, i))
                newAfterEllipsis++;
        }

        var dense = new Entry[rank];
        Array.Fill(dense, Entry.All);
        var shape = new List<int>();
        int at = 0;
        for (int i = 0; i < strides.Length; i++)
        {
            if (i == ellipsis)
            {
                int next = Math.Min(rank - (strides.Length - i) + 1 + newAfterEllipsis, rank);
                while (at < next)
                    shape.Add(at++);
            }
            else if (masks.Has(masks.NewAxis, i))
            {
                shape.Add(-1);
            }
            else
            {
                if (at >= rank)
                    throw new ArgumentException($"Index out of range using input dim {at}; input has only {rank} dims");
                bool shrink = masks.Has(masks.ShrinkAxis, i);
                dense[at] = new Entry(begin?[i], end?[i], strides[i], masks.Has(masks.Begin, i), masks.Has(masks.End, i), shrink);
                if (!shrink)
                    shape.Add(at);
                at++;
            }
        }

        while (at < rank)
            shape.Add(at++);
        long[] first = new long[rank];
        long[] step = new long[rank];
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
            (first[i], step[i], sizes[i]) = dense[i].Resolve(input[i], i);
        return new SliceSpec(first, step, sizes, [.. shape.Select(d => d < 0 ? 1 : sizes[d])]);
    }

    private readonly record struct Entry(long? Begin, long? End, long Stride, bool OpenBegin, bool OpenEnd, bool Shrink)
    {
        public static Entry All { get; } = new(0, 0, 1, true, true, false);

        public (long Begin, long Stride, long Size) Resolve(long size, int dimension)
        {
            if (Stride == 0)
                throw new ArgumentException($"strides[{dimension}] must be non-zero");
            if (Shrink && Stride <= 0)
                throw new ArgumentException("only stride 1 allowed on non-range indexing.");
            if (Shrink)
                return (Single(size, dimension), Stride, 1);
            if (size < 0 || (Begin is null && !OpenBegin) || (End is null && !OpenEnd))
                return (0, Stride, -1);
            // What is not open is known from here on.
            (long low, long high) = Stride > 0 ? (0L, size) : (-1L, size - 1);
            long first = OpenBegin ? (Stride > 0 ? low : high) : Clamp(Begin!.Value);
            long end = OpenEnd ? (Stride > 0 ? high : low) : Clamp(End!.Value);
            long length = end - first;
            if (length == 0 || length < 0 != Stride < 0)
                return (0, Stride, 0);
            return (first, Stride, (length / Stride) + (length % Stride != 0 ? 1 : 0));

            long Clamp(long position) => Math.Clamp(position < 0 ? position + size : position, low, high);
        }

        private long Single(long size, int dimension)
        {
            if (size < 0 || Begin is null)
                return 0;
            long position = OpenBegin ? 0 : Begin.Value < 0 ? Begin.Value + size : Begin.Value;
            return position >= 0 && position < size
                ? position
                : throw new ArgumentException($"slice index {Begin} of dimension {dimension} out of bounds.");
        }
    }
}
