using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Sums of chosen rows that carry the same segment number.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">Rows along the first dimension.</param>
    /// <param name="indices">The chosen rows.</param>
    /// <param name="segmentIds">A number for each, sorted.</param>
    /// <param name="numSegments">How many segments there are; by default one more than the last number.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Segments without rows are 0. Source: TensorFlow ops "SparseSegmentSum" and "SparseSegmentSumWithNumSegments".</remarks>
    public static Output SparseSegmentSum(this Graph graph, Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        SparseSegment(graph, "SparseSegmentSum", data, indices, segmentIds, numSegments, name);

    /// <summary>Means of chosen rows that carry the same segment number.</summary>
    /// <inheritdoc cref="SparseSegmentSum"/>
    /// <remarks>Segments without rows are 0. Source: TensorFlow ops "SparseSegmentMean" and "SparseSegmentMeanWithNumSegments".</remarks>
    public static Output SparseSegmentMean(this Graph graph, Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        SparseSegment(graph, "SparseSegmentMean", data, indices, segmentIds, numSegments, name);

    /// <summary>Sums of chosen rows that carry the same segment number, divided by the square root of how many there are.</summary>
    /// <inheritdoc cref="SparseSegmentSum"/>
    /// <remarks>Segments without rows are 0. Source: TensorFlow ops "SparseSegmentSqrtN" and "SparseSegmentSqrtNWithNumSegments".</remarks>
    public static Output SparseSegmentSqrtN(this Graph graph, Operand data, Operand indices, Operand segmentIds, Operand numSegments = default, string? name = null) =>
        SparseSegment(graph, "SparseSegmentSqrtN", data, indices, segmentIds, numSegments, name);

    private static Output SparseSegment(Graph graph, string type, Operand data, Operand indices, Operand segmentIds, Operand numSegments, string? name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return numSegments.IsMissing
            ? graph.AddOperation(type, name, null, data, indices, segmentIds)[0]
            : graph.AddOperation(type + "WithNumSegments", name, null, data, indices, segmentIds, numSegments)[0];
    }
}

/// <summary>What the sums of a segment are divided by.</summary>
internal enum SegmentScale
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The number of rows.</summary>
    Count,

    /// <summary>Its square root.</summary>
    Root,
}

/// <summary>Sums chosen rows that carry the same segment number.</summary>
internal abstract class SparseSegmentOp(string signature, SegmentScale scale) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        Output rows = g.Graph.AddOperation("Shape", null, null, g.X(0))[0][0];
        var gradients = new Output?[g.InputCount];
        gradients[0] = scale == SegmentScale.None
            ? g.Graph.UnsortedSegmentSum(g.Graph.Gather(g.Dy(0), g.X(2)), g.X(1), rows)
            : g.Graph.AddOperation(scale == SegmentScale.Count ? "SparseSegmentMeanGrad" : "SparseSegmentSqrtNGrad", null, null, g.Dy(0), g.X(1), g.X(2), rows)[0];
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape data = c.WithRankAtLeast(0, 1);
        c.Merge(c.WithRank(1, 1), c.WithRank(2, 1));
        long count = c.InputCount > 3 && c.InputInts(3) is [var known] ? known : -1;
        if (count < -1)
            throw c.Fault("Cannot specify a negative value for num_segments.");
        c.Output(0, data.HasRank ? [count, .. data.Dimensions[1..]] : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor data, Tensor indices, Tensor segments) = (c.Input(0), c.Input(1), c.Input(2));
        if (indices.Rank != 1 || segments.Rank != 1 || indices.Count != segments.Count)
            throw c.InvalidArgument("segment_ids and indices should be vectors of same size.");
        if (data.Rank == 0)
            throw c.InvalidArgument("Shape must be at least rank 1");
        int[] ids = Segments(c, segments);
        long count = ids.Length == 0 ? 0 : ids[^1] + 1L;
        if (c.InputCount > 3)
        {
            count = IntVectors.Read(c.Input(3)) is [var given] && given >= 0 ? given : throw c.InvalidArgument("num_segments should be a scalar, and not negative.");
        }

        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0)
                throw c.InvalidArgument("segment ids must be >= 0");
            if (i + 1 < ids.Length && ids[i + 1] < ids[i])
                throw c.InvalidArgument("segment ids are not increasing");
            if (ids[i] >= count)
                throw c.InvalidArgument($"Segment id {ids[i]} out of range [0, {count}), possibly because 'segment_ids' input is not sorted.");
        }

        int row = IntVectors.Product(data.Shape.Dimensions[1..]);
        if (count * (Int128)Math.Max(1, row) > Array.MaxLength)
            throw c.InvalidArgument($"{count} segments of {row} elements are more than one buffer can hold");
        SparseSegmentSums.Run(c, data, Checked(c, indices, data.Shape[0]), ids, c.AllocateOutput(0, [count, .. data.Shape.Dimensions[1..]]), SparseSegmentSums.Divisors(ids, (int)count, scale), isGradient: false);
    }

    /// <summary>Segments of rows.</summary>
    internal static int[] Segments(KernelContext c, Tensor segments) => Array.ConvertAll(
        IntVectors.Read(segments), id => id <= int.MaxValue ? (int)Math.Max(id, -1) : throw c.InvalidArgument($"Segment id {id} is more than a buffer can hold rows."));

    /// <summary>Positions inside a number of rows.</summary>
    internal static int[] Checked(KernelContext c, Tensor indices, long rows)
    {
        long[] positions = IntVectors.Read(indices);
        for (int i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0 || positions[i] >= rows)
                throw c.InvalidArgument($"indices[{i}] == {positions[i]} out of range [0, {rows})");
        }

        return Array.ConvertAll(positions, static p => (int)p);
    }
}

/// <summary>Sums rows into segments, or spreads segments back to rows.</summary>
internal static class SparseSegmentSums
{
    /// <summary>What each segment is divided by.</summary>
    public static double[] Divisors(int[] ids, int count, SegmentScale scale)
    {
        double[] divisors = new double[count];
        foreach (int id in ids)
            divisors[id]++;
        return Array.ConvertAll(divisors, n => scale == SegmentScale.None || n == 0 ? 1 : scale == SegmentScale.Count ? n : Math.Sqrt(n));
    }

    /// <summary>Runs over all chosen rows.</summary>
    public static void Run(KernelContext c, Tensor data, int[] rows, int[] ids, Tensor result, double[] divisors, bool isGradient)
    {
        DType wide = data.DType == DType.BFloat16 ? DType.Float32 : data.DType;
        if (!NumberLoops.IsSupported(wide))
            throw c.Unsupported(data.DType);
        Tensor from = data;
        Tensor to = result;
        if (wide != data.DType)
        {
            from = c.Allocate(wide, data.Shape);
            Casts.Convert(data, from, c.Workers);
            to = c.Allocate(wide, result.Shape);
        }

        to.MutableBytes.Clear();
        NumberLoops.Run(wide, new Loop(from, rows, ids, to, divisors, isGradient));
        if (!ReferenceEquals(to, result))
            Casts.Convert(to, result, c.Workers);
    }

    private readonly record struct Loop(Tensor Data, int[] Rows, int[] Ids, Tensor Result, double[] Divisors, bool IsGradient) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            int width = IntVectors.Product(Data.Shape.Dimensions[1..]);
            ReadOnlySpan<T> data = Data.Data<T>();
            Span<T> result = Result.MutableData<T>();
            for (int i = 0; i < Rows.Length; i++)
            {
                ReadOnlySpan<T> from = data.Slice((IsGradient ? Ids[i] : Rows[i]) * width, width);
                Span<T> to = result.Slice((IsGradient ? Rows[i] : Ids[i]) * width, width);
                T divisor = T.CreateChecked(Divisors[Ids[i]]);
                for (int j = 0; j < width; j++)
                    to[j] += IsGradient ? from[j] / divisor : from[j];
            }

            for (int segment = 0; !IsGradient && segment < Divisors.Length; segment++)
            {
                T divisor = T.CreateChecked(Divisors[segment]);
                if (Divisors[segment] == 1)
                    continue;
                foreach (ref T element in result.Slice(segment * width, width))
                    element /= divisor;
            }
        }
    }
}

internal sealed class SparseSegmentSumOp() : SparseSegmentOp("SparseSegmentSum(data: T, indices: Tidx, segment_ids: int32 + int64) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tidx: int32 | int64 = int32", SegmentScale.None);

internal sealed class SparseSegmentSumWithNumSegmentsOp() : SparseSegmentOp("SparseSegmentSumWithNumSegments(data: T, indices: Tidx, segment_ids: int32 + int64, num_segments: Tnumsegments) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tidx: int32 | int64 = int32, Tnumsegments: int32 | int64 = int32", SegmentScale.None);

internal sealed class SparseSegmentMeanOp() : SparseSegmentOp("SparseSegmentMean(data: T, indices: Tidx, segment_ids: int32 + int64) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32", SegmentScale.Count);

internal sealed class SparseSegmentMeanWithNumSegmentsOp() : SparseSegmentOp("SparseSegmentMeanWithNumSegments(data: T, indices: Tidx, segment_ids: int32 + int64, num_segments: Tnumsegments) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32, Tnumsegments: int32 | int64 = int32", SegmentScale.Count);

internal sealed class SparseSegmentSqrtNOp() : SparseSegmentOp("SparseSegmentSqrtN(data: T, indices: Tidx, segment_ids: int32 + int64) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32", SegmentScale.Root);

internal sealed class SparseSegmentSqrtNWithNumSegmentsOp() : SparseSegmentOp("SparseSegmentSqrtNWithNumSegments(data: T, indices: Tidx, segment_ids: int32 + int64, num_segments: Tnumsegments) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32, Tnumsegments: int32 | int64 = int32", SegmentScale.Root);

internal abstract class SparseSegmentGradientOp(string signature, SegmentScale scale) : UndifferentiatedOp(signature, "TensorFlow has no gradient for it")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape gradient = c.WithRankAtLeast(0, 1);
        long rows = c.InputInts(3) is [var known] ? known : -1;
        c.Output(0, gradient.HasRank ? [rows, .. gradient.Dimensions[1..]] : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor gradient, Tensor indices, Tensor segments) = (c.Input(0), c.Input(1), c.Input(2));
        if (indices.Rank != 1 || segments.Rank != 1 || indices.Count != segments.Count || gradient.Rank == 0)
            throw c.InvalidArgument("segment_ids and indices should be vectors of same size.");
        int rows = c.Input(3).Count == 1 ? c.Input<int>(3)[0] : throw c.InvalidArgument("output_dim0 should be a scalar.");
        int count = (int)gradient.Shape[0];
        int[] ids = SparseSegmentOp.Segments(c, segments);
        foreach (int id in ids)
        {
            if (id < 0 || id >= count)
                throw c.InvalidArgument($"Segment id {id} out of range [0, {count}).");
        }

        Tensor result = c.AllocateOutput(0, [rows, .. gradient.Shape.Dimensions[1..]]);
        SparseSegmentSums.Run(c, gradient, SparseSegmentOp.Checked(c, indices, rows), ids, result, SparseSegmentSums.Divisors(ids, count, scale), isGradient: true);
    }
}

internal sealed class SparseSegmentMeanGradOp() : SparseSegmentGradientOp("SparseSegmentMeanGrad(grad: T, indices: Tidx, segment_ids: int32 + int64, output_dim0: int32) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32", SegmentScale.Count);

internal sealed class SparseSegmentSqrtNGradOp() : SparseSegmentGradientOp("SparseSegmentSqrtNGrad(grad: T, indices: Tidx, segment_ids: int32 + int64, output_dim0: int32) -> (output: T) where T: float | double, Tidx: int32 | int64 = int32", SegmentScale.Root);

internal sealed class SparseSegmentSumGradOp() : SparseSegmentGradientOp("SparseSegmentSumGrad(grad: T, indices: Tidx, segment_ids: Tsegmentids, output_dim0: int32) -> (output: T) where T: bfloat16 | half | float | double, Tidx: int32 | int64 = int32, Tsegmentids: int32 | int64 = int32", SegmentScale.None);
