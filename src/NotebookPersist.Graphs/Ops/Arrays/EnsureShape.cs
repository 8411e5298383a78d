using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same value; the run fails where its shape is another.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape and dtype.</param>
    /// <param name="shape">What every value's shape is, -1 for unknown sizes.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "EnsureShape".</remarks>
    public static Output EnsureShape(this Graph graph, Operand x, Shape shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<EnsureShapeOp>(name, new AttributeList { { "shape", shape } }, x);
    }
}

internal sealed class EnsureShapeOp() : Op("EnsureShape(input: T) -> (output: T) where shape: shape, T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Attributes.Shape("shape")));

    public override void Compute(KernelContext c)
    {
        Shape expected = c.Attributes.Shape("shape");
        if (!expected.IsCompatibleWith(c.Input(0).Shape))
            throw c.InvalidArgument($"Shape of tensor {c.Operation.Inputs[0].InputName} {c.Input(0).Shape} is not compatible with expected shape {expected}.");
        c.Output(0, c.Input(0));
    }
}
