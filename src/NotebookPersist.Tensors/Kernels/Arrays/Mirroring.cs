using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Pads with mirror images, and sums such images back onto what they show.</summary>
public static class Mirroring
{
    /// <summary>Fills the target with the source and, around it, its mirror image.</summary>
    /// <param name="source">Larger than its paddings.</param>
    /// <param name="target">Sizes of the source and its paddings.</param>
    /// <param name="paddings">Before and after, for each dimension.</param>
    /// <param name="border">1 to leave the border out of the image, 0 to repeat it.</param>
    public static void Pad(Tensor source, Tensor target, long[] paddings, int border)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Count > 0)
            RawElements.Run(target.DType, new PadLoop(source, target, Positions(source, target, paddings, border)));
    }

    /// <summary>Sums every element of the source onto the one that it shows.</summary>
    /// <returns>False for element types that cannot be summed.</returns>
    public static bool TryFold(Tensor source, Tensor target, long[] paddings, int border)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.DType is DType.BFloat16 or DType.Complex64)
        {
            Tensor sum = Tensor.Uninitialized(WideElements.TypeOf(target.DType), target.Shape);
            TryFold(WideElements.Widened(source), sum, paddings, border);
            WideElements.Narrow(sum, target);
            return true;
        }

        if (!NumberLoops.IsSupported(source.DType))
            return false;
        target.MutableBytes.Clear();
        if (source.Count > 0)
            NumberLoops.Run(source.DType, new FoldLoop(source, target, Positions(target, source, paddings, border)));
        return true;
    }

    // For each dimension of the padded tensor, how far into the plain one each position leads.
    private static int[][] Positions(Tensor plain, Tensor padded, long[] paddings, int border)
    {
        int[] strides = StridedView.RowMajor(plain.Shape.Dimensions);
        int[][] positions = new int[plain.Rank][];
        for (int d = 0; d < positions.Length; d++)
        {
            int size = (int)plain.Shape[d];
            positions[d] = new int[padded.Shape[d]];
            for (int i = 0; i < positions[d].Length; i++)
            {
                int at = i - (int)paddings[2 * d];
                if (at < 0)
                    at = -at - 1 + border;
                else if (at >= size)
                    at = (2 * size) - 1 - at - border;
                positions[d][i] = at * strides[d];
            }
        }

        return positions;
    }

    private static void Visit(Shape padded, int[][] positions, Action<int, int> visit)
    {
        int rank = positions.Length;
        int[] index = new int[rank];
        int count = 1;
        foreach (int[] dimension in positions)
            count *= dimension.Length;
        for (int i = 0; i < count; i++)
        {
            Interruption.Check(i);
            int plain = 0;
            for (int d = 0; d < rank; d++)
                plain += positions[d][index[d]];
            visit(i, plain);
            for (int d = rank - 1; d >= 0 && ++index[d] == padded[d]; d--)
                index[d] = 0;
        }
    }

    private readonly record struct PadLoop(Tensor Source, Tensor Target, int[][] Positions) : IElementLoop
    {
        public void Run<T>()
        {
            (Tensor source, Tensor target) = (Source, Target);
            Visit(target.Shape, Positions, (padded, plain) => target.Raw<T>()[padded] = source.Raw<T>()[plain]);
        }
    }

    private readonly record struct FoldLoop(Tensor Source, Tensor Target, int[][] Positions) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            (Tensor source, Tensor target) = (Source, Target);
            Visit(source.Shape, Positions, (padded, plain) => target.MutableData<T>()[plain] += source.Data<T>()[padded]);
        }
    }
}
