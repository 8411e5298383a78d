using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

/// <summary>An operation that reduces rows which carry the same segment number, in any order, into a given number of segments.</summary>
internal abstract class UnsortedSegmentOp(string signature) : Op(signature), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        Shape data = c.Input(0);
        Shape ids = c.Input(1);
        if (!data.HasRank || !ids.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (data.Rank < ids.Rank)
            throw c.Fault($"Shape must be at least rank {ids.Rank} but is rank {data.Rank}.");
        c.Merge(data.Dimensions[..ids.Rank].ToArray(), ids);
        long count = c.InputInts(2) is [>= 0 and var known] ? known : -1;
        c.Output(0, [count, .. data.Dimensions[ids.Rank..]]);
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).DType.IsComplex())
            RunComplex(c);
        else
            this.RunFor(c.Input(0).DType, c);
    }

    void INumberAction.Run<T>(KernelContext c)
    {
        (long[] ids, Shape shape, int width) = Check(c);
        Span<T> result = c.AllocateOutput(0, shape).MutableData<T>();
        result.Fill(Empty<T>());
        ReadOnlySpan<T> rows = c.Input<T>(0);
        for (int row = 0; row < ids.Length; row++)
        {
            Interruption.Check();
            if (ids[row] >= 0)
                Take(rows.Slice(row * width, width), result.Slice((int)ids[row] * width, width));
        }
    }

    private void RunComplex(KernelContext c)
    {
        (long[] ids, Shape shape, int width) = Check(c);
        ComplexResults.Set(c, ComplexSegments.Reduce(c.Input(0), ids, shape, width, ComplexEmpty, Join));
    }

    // The segment of each row, the result's shape and the elements of a row; rows of negative numbers are dropped.
    private static (long[] Ids, Shape Shape, int Width) Check(KernelContext c)
    {
        Tensor data = c.Input(0);
        Shape idShape = c.Input(1).Shape;
        if (data.Rank < idShape.Rank || !data.Shape.Dimensions[..idShape.Rank].SequenceEqual(idShape.Dimensions))
            throw c.InvalidArgument($"data.shape = {data.Shape} does not start with segment_ids.shape = {idShape}");
        long[] ids = IntVectors.Read(c.Input(1));
        long count = IntVectors.Read(c.Input(2)) is [>= 0 and var single] ? single : throw c.InvalidArgument("Input num_segments == -1 must not be negative.");
        for (int row = 0; row < ids.Length; row++)
        {
            Interruption.Check(row);
            if (ids[row] >= count)
                throw c.InvalidArgument($"segment_ids[{row}] = {ids[row]} is out of range [0, {count})");
        }

        return (ids, [count, .. data.Shape.Dimensions[idShape.Rank..]], IntVectors.Product(data.Shape.Dimensions[idShape.Rank..]));
    }

    /// <summary>The result for a segment without rows.</summary>
    protected virtual Complex ComplexEmpty => Complex.Zero;

    /// <summary>One more complex number of a segment.</summary>
    protected virtual Complex Join(Complex segment, Complex row) => segment + row;

    /// <summary>The result for a segment without rows.</summary>
    protected abstract T Empty<T>()
        where T : unmanaged, INumber<T>;

    /// <summary>Takes one more row into a segment.</summary>
    protected abstract void Take<T>(ReadOnlySpan<T> row, Span<T> into)
        where T : unmanaged, INumber<T>;

    // The least number of a float type is finite here, unlike in a reduction along axes.
    protected static T LeastOf<T>()
        where T : unmanaged, INumber<T> => T.CreateSaturating(Finite<T>(-1));

    protected static T MostOf<T>()
        where T : unmanaged, INumber<T> => T.CreateSaturating(Finite<T>(1));

    private static double Finite<T>(int sign) => sign * (typeof(T) == typeof(float) ? float.MaxValue : typeof(T) == typeof(Half) ? 65504.0 : double.MaxValue);

    protected static T EmptyOf<T, TReduction>()
        where T : unmanaged
        where TReduction : IReduction<T> => TReduction.Empty;

    protected static void Into<T, TReduction>(ReadOnlySpan<T> row, Span<T> into)
        where T : unmanaged
        where TReduction : IReduction<T> => TReduction.Into(row, into);

    /// <summary>Rows by number, zeros for negative numbers; with the numbers and the mask that were used.</summary>
    protected static (Output Rows, Output Clipped, Output IsPositive) GatherKept(Graph graph, Output values, Output ids, Output? clipped = null, Output? isPositive = null)
    {
        clipped ??= graph.Maximum(ids, graph.ZerosLike(ids));
        Output rows = graph.AddOperation("GatherV2", null, null, values, clipped, 0)[0];
        if (isPositive is null)
        {
            isPositive = graph.GreaterEqual(ids, 0);
            for (int d = isPositive.Shape.Rank; d < rows.Shape.Rank; d++)
                isPositive = graph.ExpandDims(isPositive, -1);
            isPositive &= graph.OnesLike(rows, DType.Bool);
        }

        return (graph.Where(isPositive, rows, graph.ZerosLike(rows)), clipped, isPositive);
    }

    protected static Output ToChosen(GradientContext g)
    {
        (Graph graph, Output x, Output ids) = (g.Graph, g.X(0), g.X(1));
        (Output rows, Output clipped, Output isPositive) = GatherKept(graph, g.Y(0), ids);
        Output isChosen = graph.LogicalAnd(graph.Equal(x, rows), isPositive);
        Output count = graph.UnsortedSegmentSum(graph.Cast(isChosen, g.Dy(0).DType), ids, g.X(2));
        Output weighted = graph.Divide(g.Dy(0), count);
        Output gathered = GatherKept(graph, weighted, ids, clipped, isPositive).Rows;
        return graph.Where(isChosen, gathered, graph.ZerosLike(gathered));
    }
}
