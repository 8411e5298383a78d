using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A value that a run may be fed with; it has another one where it is not.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">The value without a feed.</param>
    /// <param name="shape">What is known of every value's shape, -1 for unknown sizes.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "PlaceholderWithDefault".</remarks>
    public static Output PlaceholderWithDefault(this Graph graph, Operand input, Shape shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<PlaceholderWithDefaultOp>(name, new AttributeList { { "shape", shape } }, input);
    }
}

internal sealed class PlaceholderWithDefaultOp() : Op("PlaceholderWithDefault(input: dtype) -> (output: dtype) where dtype: type, shape: shape")
{
    // Another run, another value.
    public override bool IsPure => false;

    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        c.Merge(c.Input(0), shape);
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c) => c.Output(0, c.Input(0));
}

internal sealed class PlaceholderV2Op() : Op("PlaceholderV2() -> (output: dtype) where dtype: type, shape: shape")
{
    // Another run, another value.
    public override bool IsPure => false;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("what is fed depends on nothing in the graph");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Shape("shape"));

    public override void Compute(KernelContext c) =>
        throw c.InvalidArgument($"You must feed a value for placeholder tensor '{c.Operation.Name}' with dtype {c.Attributes.Type("dtype").SignatureName()}");
}
