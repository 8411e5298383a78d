using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Gradients of reductions: they go back to all that was reduced.</summary>
/// <remarks>Source: math_grad.py of TensorFlow 1.15; the same nodes in the same order.</remarks>
internal static class ReductionGradients
{
    public static Output OfSum(GradientContext g)
    {
        (Graph graph, Output x, Output dy) = (g.Graph, g.X(0), g.Dy(0));
        if (x.Shape.HasRank && ConstantValues.Of(g.X(1)) is { } constant)
        {
            long[] axes = IntVectors.Read(constant);
            int rank = x.Shape.Rank;
            if (constant.Rank == 1 && axes.SequenceEqual(Enumerable.Range(0, rank).Select(static d => (long)d)))
            {
                long[] ones = new long[rank];
                Array.Fill(ones, 1);
                dy = graph.Reshape(dy, IntVectors.ToTensor(ones, DType.Int32));
                Output multiples = x.Shape.IsFullyKnown ? graph.Constant(IntVectors.ToTensor(x.Shape.Dimensions, DType.Int32)) : graph.Shape(x);
                return graph.Tile(dy, multiples);
            }

            if (x.Shape.IsFullyKnown)
            {
                (long[] kept, long[] tiles) = Scaling(graph, x.Shape, axes);
                dy = graph.Reshape(dy, IntVectors.ToTensor(kept, DType.Int32));
                return graph.Tile(dy, IntVectors.ToTensor(tiles, DType.Int32));
            }
        }

        Output shape = graph.Shape(x);
        Output keptShape;
        Output scaling;
        using (graph.ColocateWith(shape.Operation))
        {
            keptShape = ReducedShape(graph, shape, g.X(1));
            scaling = SafeDivide(graph, shape, keptShape);
        }

        return graph.Tile(graph.Reshape(dy, keptShape), scaling);
    }

    public static Output OfMean(GradientContext g)
    {
        Output sum = OfSum(g);
        (Graph graph, Output x, Output y) = (g.Graph, g.X(0), g.Y(0));
        Output factor;
        if (x.Shape.IsFullyKnown && y.Shape.IsFullyKnown)
        {
            long count = x.Shape.ElementCount / Math.Max(1, y.Shape.ElementCount);
            factor = graph.Constant((double)count, sum.DType);
        }
        else
        {
            Output inputShape = graph.Shape(x);
            Output outputShape = graph.Shape(y);
            Output inputCount = graph.ReduceProd(inputShape);
            factor = SafeDivide(graph, inputCount, graph.ReduceProd(outputShape));
        }

        return sum / graph.Cast(factor, sum.DType);
    }

    public static Output OfExtreme(GradientContext g)
    {
        (Graph graph, Output x, Output dy) = (g.Graph, g.X(0), g.Dy(0));
        Output kept = ReducedShape(graph, graph.Shape(x), g.X(1));
        Output y = graph.Reshape(g.Y(0), kept);
        dy = graph.Reshape(dy, kept);
        // Several extremes share the gradient.
        Output chosen = graph.Cast(graph.Equal(y, x), dy.DType);
        Output count = graph.Reshape(graph.ReduceSum(chosen, g.X(1)), kept);
        return graph.Divide(chosen, count) * dy;
    }

    public static Output OfProduct(GradientContext g)
    {
        (Graph graph, Output x, Output dy) = (g.Graph, g.X(0), g.Dy(0));
        Output shape = graph.Shape(x);
        Output axes = graph.Reshape(g.X(1), new[] { -1 });
        Output kept = ReducedShape(graph, shape, g.X(1));
        Output scaling = SafeDivide(graph, shape, kept);
        dy = graph.Tile(graph.Reshape(dy, kept), scaling);
        Output order;
        Output reducedCount;
        Output otherCount;
        using (graph.Device("/cpu:0"))
        {
            Output rank = graph.Rank(x);
            Output reduced = graph.Cast((axes + rank) % rank, DType.Int32);
            Output all = graph.Range(0, rank, 1);
            Output other = graph.AddOperation("ListDiff", null, null, all, reduced)[0];
            order = graph.Concat([reduced, other], 0);
            reducedCount = graph.ReduceProd(Gather(graph, shape, reduced));
            otherCount = graph.ReduceProd(Gather(graph, shape, other));
        }

        Output permuted = graph.Transpose(x, order);
        Output permutedShape = graph.Shape(permuted);
        Output table = graph.Reshape(permuted, graph.Stack([reducedCount, otherCount], name: "Reshape/shape"));
        // All that stands before an element, times all that stands after it.
        Output before = graph.Cumprod(table, 0, exclusive: true);
        Output after = graph.Cumprod(table, 0, exclusive: true, reverse: true);
        Output slope = graph.Reshape(graph.Conjugate(before) * graph.Conjugate(after), permutedShape);
        Output result = dy * graph.Transpose(slope, graph.InvertPermutation(order));
        return graph.Reshape(result, shape);
    }

    /// <summary>The shape with 1 in place of each reduced dimension, computed at run time.</summary>
    internal static Output ReducedShape(Graph graph, Operand shape, Operand axes)
    {
        Output sizes = graph.Cast(shape, DType.Int32);
        Output at = graph.Cast(axes, DType.Int32);
        Output rank = graph.Size(sizes);
        at = (at + rank) % rank;
        Output atShape = graph.Shape(at);
        Output all = graph.Range(0, rank, 1);
        Output ones = graph.Fill(atShape, 1);
        return graph.AddOperation("DynamicStitch", null, new AttributeList { { "N", 2L } }, all, at, sizes, ones)[0];
    }

    private static Output Gather(Graph graph, Output values, Output indices) => graph.AddOperation("GatherV2", null, null, values, indices, 0)[0];

    private static Output SafeDivide(Graph graph, Operand x, Operand y) => graph.FloorDivide(x, graph.Maximum(y, 1));

    // TensorFlow computes these once a graph for each pair of shape and axes, and leaves the nodes it did so with behind.
    private static (long[] Kept, long[] Tiles) Scaling(Graph graph, Shape shape, long[] axes)
    {
        long[] kept = shape.ToArray();
        long[] tiles = new long[kept.Length];
        foreach (long axis in axes)
            kept[axis < 0 ? axis + kept.Length : axis] = 1;
        for (int d = 0; d < tiles.Length; d++)
            tiles[d] = shape[d] / Math.Max(1, kept[d]);

        graph.Once((nameof(ReductionGradients), shape, string.Join(',', axes)), () =>
        {
            Tensor sizes = IntVectors.ToTensor(shape.Dimensions, DType.Int32);
            Operation reduced = ReducedShape(graph, sizes, IntVectors.ToTensor(axes, DType.Int32)).Operation;
            SafeDivide(graph, sizes, IntVectors.ToTensor(kept, DType.Int32));
            return reduced;
        });
        return (kept, tiles);
    }
}
