using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A value that each run must be fed with.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">What is known of the shape, -1 for unknown sizes; by default nothing.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Placeholder".</remarks>
    public static Output Placeholder(this Graph graph, DType dtype, Shape? shape = null, string? name = null) =>
        graph.Add<PlaceholderOp>(name, new AttributeList { { "dtype", dtype }, { "shape", shape ?? NotebookPersist.Shape.Unknown } });
}

internal sealed class PlaceholderOp() : Op("Placeholder() -> (output: dtype) where dtype: type, shape: shape = ?")
{
    // Another run, another value.
    public override bool IsPure => false;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("what is fed depends on nothing in the graph");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        // Graphs of producers up to 21 could not say "scalar"; their empty shape means unknown.
        bool legacy = shape.Rank == 0 && c.Operation.Graph.Versions.Producer <= 21;
        c.Output(0, legacy ? Shape.Unknown : shape);
    }

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        string clause = shape.Rank > 0 ? $" and shape {shape}" : "";
        throw c.InvalidArgument($"You must feed a value for placeholder tensor '{c.Operation.Name}' with dtype {c.Attributes.Type("dtype").SignatureName()}{clause}");
    }
}
