using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Repeats a value along dimensions of size 1, or that it lacks, until it has a shape.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape that broadcasts.</param>
    /// <param name="shape">Wanted sizes as a vector, int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "BroadcastTo".</remarks>
    public static Output BroadcastTo(this Graph graph, Operand input, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<BroadcastToOp>(name, input, shape);
    }

    /// <summary>The shape of two values broadcast together.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shapeX">Sizes as a vector, int32 or int64.</param>
    /// <param name="shapeY">Sizes as a vector of the same type.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.broadcast_dynamic_shape</c>, op "BroadcastArgs".</remarks>
    public static Output BroadcastDynamicShape(this Graph graph, Operand shapeX, Operand shapeY, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<BroadcastArgsOp>(name, shapeX, shapeY);
    }
}

internal sealed class BroadcastToOp() : Op("BroadcastTo(input: T, shape: Tidx) -> (output: T) where T: type, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output input = g.Graph.Shape(g.X(0), g.X(1).DType);
        Output axes = g.Graph.AddOperation("BroadcastGradientArgs", null, null, g.Graph.Shape(g.Y(0), g.X(1).DType), input)[1];
        Output sum = g.Graph.AddOperation("Sum", null, new AttributeList { { "keep_dims", true } }, g.Dy(0), axes)[0];
        return [g.Graph.Reshape(sum, input), null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape target = c.InputAsShape(1);
        Shape input = c.Input(0);
        if (target.HasRank && input.HasRank)
        {
            if (input.Rank > target.Rank)
                throw c.Fault($"Rank of input ({input.Rank}) must be no greater than rank of output shape ({target.Rank}).");
            for (int i = 1; i <= input.Rank; i++)
            {
                if (input[^i] > 1 && target[^i] >= 0 && input[^i] != target[^i])
                    throw c.Fault($"Dimensions must be equal, but are {input[^i]} and {target[^i]}: cannot broadcast {input} to {target}.");
            }
        }

        c.Output(0, target);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] sizes = IntVectors.Read(c.Input(1));
        bool fits = sizes.Length >= input.Rank && Array.TrueForAll(sizes, static s => s >= 0);
        for (int i = 1; fits && i <= input.Rank; i++)
            fits = input.Shape[^i] == 1 || input.Shape[^i] == sizes[^i];
        if (!fits)
            throw c.InvalidArgument($"Incompatible shapes: {input.Shape} vs. [{string.Join(',', sizes)}]");
        Tiling.Broadcast(input, c.AllocateOutput(0, sizes), c.Workers);
    }
}

internal sealed class BroadcastArgsOp() : Op("BroadcastArgs(s0: T, s1: T) -> (r0: T) where T: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a shape does not change with the values");

    public override void InferShapes(ShapeContext c)
    {
        Shape x = c.WithRank(0, 1);
        Shape y = c.WithRank(1, 1);
        c.Output(0, new long[] { x[0] < 0 || y[0] < 0 ? -1 : Math.Max(x[0], y[0]) });
    }

    public override void Compute(KernelContext c)
    {
        long[] x = IntVectors.Read(c.Input(0));
        long[] y = IntVectors.Read(c.Input(1));
        long[] sizes = new long[Math.Max(x.Length, y.Length)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            long l = i <= x.Length ? x[^i] : 1;
            long r = i <= y.Length ? y[^i] : 1;
            sizes[^i] = l == r || r == 1 ? l : l == 1 ? r : throw c.InvalidArgument($"Incompatible shapes: [{string.Join(',', x)}] vs. [{string.Join(',', y)}]");
        }

        IntVectors.Write(sizes, c.AllocateOutput(0, new long[] { sizes.Length }));
    }
}
