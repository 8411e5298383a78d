using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>An operation that fails the run where a condition is false, naming values.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="condition">A bool scalar.</param>
    /// <param name="data">What the error shows.</param>
    /// <param name="summarize">How many elements of each value it shows.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Assert"; Python guards it with a conditional, which is not needed here.</remarks>
    public static Operation Assert(this Graph graph, Operand condition, ReadOnlySpan<Operand> data, int summarize = 3, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "Assert");
        return graph.AddOperation<AssertOp>("Assert", new AttributeList { { "summarize", summarize } }, [condition, .. data]);
    }
}

internal sealed class AssertOp() : Op("Assert(condition: bool, data: [T]) -> () where T: list(type) >= 1, summarize: int = 3; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Count != 1)
            throw c.InvalidArgument($"In[0] should be a scalar: {c.Input(0).Shape}");
        if (c.Input<bool>(0)[0])
            return;
        var values = new List<string>();
        for (int i = 1; i < c.InputCount; i++)
            values.Add($"[{TensorSummary.Of(c.Input(i), c.Attributes.Int("summarize"))}]");
        throw c.InvalidArgument($"assertion failed: {string.Join(' ', values)}");
    }
}
