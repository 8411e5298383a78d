using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Does nothing; stands for all that it waits for.</summary>
    /// <remarks>Source: TensorFlow op "NoOp".</remarks>
    public static Operation NoOp(this Graph graph, string? name = null) => graph.AddOperation<NoOpOp>(name, null);

    /// <summary>An operation that is done when all the given ones are.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.group</c>, operations on one device.</remarks>
    public static Operation Group(this Graph graph, ReadOnlySpan<Operation> operations, string? name = null)
    {
        using (graph.ControlDependencies(operations))
            return graph.NoOp(name ?? "group_deps");
    }
}

internal sealed class NoOpOp() : Op("NoOp() -> ()")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        // Waiting for its control inputs is all it is for.
    }
}
