using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Does nothing; stands for all that it waits for.</summary>
    /// <remarks>Source: TensorFlow op "NoOp".</remarks>
    public static Operation NoOp(this Graph graph, string? name = null) => graph.AddOperation<NoOpOp>(name, null);

    /// <summary>An operation that is done when all the given ones are.</summary>
    /// <remarks>Operations on several devices are gathered on each of them first. Source: TensorFlow's <c>tf.group</c>.</remarks>
    public static Operation Group(this Graph graph, ReadOnlySpan<Operation> operations, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "group_deps");
        IGrouping<string, Operation>[] devices = [.. operations.ToArray().GroupBy(static o => o.Device, StringComparer.Ordinal).OrderBy(static d => d.Key, StringComparer.Ordinal)];
        if (devices.Length == 0)
            return graph.NoOp(scope.Name);
        if (devices.Length == 1)
            return Gather(graph, devices[0], scope.Name);
        Operation[] gathered = [.. devices.Select(d => Gather(graph, d, name: null))];
        using (graph.ControlDependencies(gathered))
            return graph.NoOp(scope.Name);
    }

    private static Operation Gather(Graph graph, IGrouping<string, Operation> operations, string? name)
    {
        using (graph.ControlDependencies([.. operations]))
        using (graph.Device(operations.Key))
            return graph.NoOp(name);
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
