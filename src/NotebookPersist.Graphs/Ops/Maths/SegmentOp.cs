using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

/// <summary>An operation that reduces rows which carry the same segment number; the numbers are sorted.</summary>
internal abstract class SegmentOp(string signature) : Op(signature), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 1);
        Shape data = c.WithRankAtLeast(0, 1);
        c.Output(0, data.HasRank ? [-1, .. data.Dimensions[1..]] : Shape.Unknown);
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
        // TensorFlow fills the gaps between segments with its default, which is 1 for products.
        result.Fill(Gap<T>());
        ReadOnlySpan<T> rows = c.Input<T>(0);
        for (int start = 0; start < ids.Length;)
        {
            Interruption.Check();
            int end = start + 1;
            while (end < ids.Length && ids[end] == ids[start])
                end++;
            Span<T> into = result.Slice((int)ids[start] * width, width);
            rows.Slice(start * width, width).CopyTo(into);
            for (int row = start + 1; row < end; row++)
                Take(rows.Slice(row * width, width), into);
            Finish(into, end - start);
            start = end;
        }
    }

    private void RunComplex(KernelContext c)
    {
        (long[] ids, Shape shape, int width) = Check(c);
        Tensor result = ComplexSegments.Reduce(c.Input(0), ids, shape, width, ComplexGap, Join);
        Span<Complex> into = result.MutableData<Complex>();
        int[] counts = new int[shape[0]];
        foreach (long id in ids)
            counts[id]++;
        for (int i = 0; i < into.Length; i++)
            into[i] = Finish(into[i], counts[i / width]);
        ComplexResults.Set(c, result);
    }

    // The numbers of the segments, the result's shape and the elements of a row.
    private static (long[] Ids, Shape Shape, int Width) Check(KernelContext c)
    {
        Tensor data = c.Input(0);
        if (c.Input(1).Rank != 1)
            throw c.InvalidArgument("segment_ids should be a vector.");
        long[] ids = IntVectors.Read(c.Input(1));
        if (data.Rank == 0 || data.Shape[0] != ids.Length)
            throw c.InvalidArgument("segment_ids should be the same size as dimension 0 of input.");
        long count = ids.Length == 0 ? 0 : ids[^1] + 1;
        int width = IntVectors.Product(data.Shape.Dimensions[1..]);
        // Hostile numbers must not ask for more than the data can fill many times over.
        if (count < 0 || count * (Int128)Math.Max(1, width) > Array.MaxLength)
            throw c.InvalidArgument("segment ids must be >= 0");
        for (int i = 0; i < ids.Length; i++)
        {
            Interruption.Check(i);
            if (ids[i] < 0)
                throw c.InvalidArgument("segment ids must be >= 0");
            if (i > 0 && ids[i] < ids[i - 1])
                throw c.InvalidArgument("segment ids are not increasing");
        }

        return (ids, [count, .. data.Shape.Dimensions[1..]], width);
    }

    /// <summary>The result for a segment without rows.</summary>
    protected virtual Complex ComplexGap => Complex.Zero;

    /// <summary>One more complex number of a segment.</summary>
    protected virtual Complex Join(Complex segment, Complex row) => segment + row;

    /// <summary>Ends a segment of so many rows.</summary>
    protected virtual Complex Finish(Complex segment, int rows) => segment;

    protected virtual T Gap<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    /// <summary>Takes one more row into a segment.</summary>
    protected abstract void Take<T>(ReadOnlySpan<T> row, Span<T> into)
        where T : unmanaged, INumber<T>;

    /// <summary>Ends a segment of so many rows.</summary>
    protected virtual void Finish<T>(Span<T> segment, int rows)
        where T : unmanaged, INumber<T>
    {
        // Most reductions are done when all rows are in.
    }

    /// <summary>Gives a row to a reduction.</summary>
    protected static void Into<T, TReduction>(ReadOnlySpan<T> row, Span<T> into)
        where T : unmanaged
        where TReduction : IReduction<T> => TReduction.Into(row, into);

    protected static Output Gather(GradientContext g, Output values, Output indices) => g.Graph.AddOperation("GatherV2", "GatherV2", null, values, indices, 0)[0];

    /// <summary>The gradient of the smallest and largest of segments: those chosen share it.</summary>
    protected static Output ToChosen(GradientContext g)
    {
        (Graph graph, Output x, Output ids) = (g.Graph, g.X(0), g.X(1));
        Output zeros = graph.ZerosLike(x);
        Output isChosen = graph.Equal(x, Gather(g, g.Y(0), ids));
        Output count = graph.SegmentSum(graph.Cast(isChosen, g.Dy(0).DType), ids);
        Output weighted = graph.Divide(g.Dy(0), count);
        return graph.Where(isChosen, Gather(g, weighted, ids), zeros);
    }
}
