using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Inserts a dimension of size 1.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="axis">Where the new dimension stands in the result; -1 puts it last.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>The bytes are shared. Source: TensorFlow op "ExpandDims".</remarks>
    public static Output ExpandDims(this Graph graph, Operand input, Operand axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ExpandDimsOp>(name, input, axis);
    }
}

internal sealed class ExpandDimsOp() : Op("ExpandDims(input: T, dim: Tdim) -> (output: T) where T: type, Tdim: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Reshape(g.Dy(0), g.Graph.Shape(g.X(0))), null]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        if (!input.HasRank || c.InputInts(1) is not { } dim)
        {
            c.Output(0, input.HasRank ? Shape.OfRank(input.Rank + 1) : Shape.Unknown);
            return;
        }

        if (dim.Length != 1)
            throw c.Fault($"'dim' input must be a tensor with a single value, not {c.Input(1)}.");
        if (dim[0] < -input.Rank - 1 || dim[0] > input.Rank)
            throw c.Fault($"dim {dim[0]} not in the interval [{-input.Rank - 1}, {input.Rank}].");
        c.Output(0, Expanded(input, dim[0]));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (c.Input(1).Count != 1)
            throw c.InvalidArgument($"dim must be a tensor with a single value, not {c.Input(1).Shape}");
        long dim = IntVectors.Read(c.Input(1))[0];
        if (dim < -input.Rank - 1 || dim > input.Rank)
            throw c.InvalidArgument($"Tried to expand dim index {dim} for tensor with {input.Rank} dimensions.");
        c.Output(0, input.Reshaped(Expanded(input.Shape, dim)));
    }

    private static Shape Expanded(Shape shape, long dim)
    {
        List<long> sizes = [.. shape.Dimensions];
        sizes.Insert((int)(dim < 0 ? dim + shape.Rank + 1 : dim), 1);
        return sizes.ToArray();
    }
}
