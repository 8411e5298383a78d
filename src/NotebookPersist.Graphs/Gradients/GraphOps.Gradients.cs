using NotebookPersist.Graphs.Gradients;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Builds the derivatives of one value.</summary>
    /// <inheritdoc cref="Gradients(Graph, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, bool, string, AggregationMethod)"/>
    public static Output?[] Gradients(this Graph graph, Output y, params ReadOnlySpan<Output> xs) => graph.Gradients([y], xs.ToArray());

    /// <summary>Builds the derivatives of one value by variables.</summary>
    /// <inheritdoc cref="Gradients(Graph, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, bool, string, AggregationMethod)"/>
    public static Output?[] Gradients(this Graph graph, Output y, params ReadOnlySpan<Variable> xs)
    {
        var references = new Output[xs.Length];
        for (int i = 0; i < references.Length; i++)
            references[i] = xs[i].Reference;
        return graph.Gradients([y], references);
    }

    /// <summary>Builds the derivatives of the sum of some values.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="ys">Values to differentiate.</param>
    /// <param name="xs">Values to differentiate by; of a variable its handle.</param>
    /// <param name="gradYs">What each of <paramref name="ys"/> is weighted with; null for ones. Shape: that of the value.</param>
    /// <param name="stopGradients">Values taken for constants.</param>
    /// <param name="gateGradients">True lets an operation's gradients be used only when all of them are computed.</param>
    /// <param name="name">Name scope; by default "gradients".</param>
    /// <param name="aggregationMethod">How several contributions to one derivative are summed.</param>
    /// <returns>For each of <paramref name="xs"/> its derivative, of its shape; null where nothing connects it with <paramref name="ys"/>. That by gathered rows has <see cref="Output.Slices"/>.</returns>
    /// <exception cref="ArgumentException">There is not one weight for each value.</exception>
    /// <exception cref="GraphException">An operation on the way has no gradient; the message says which, and on which way.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.gradients</c>; names of nodes as there.</remarks>
    public static Output?[] Gradients(
        this Graph graph,
        IReadOnlyList<Output> ys,
        IReadOnlyList<Output> xs,
        IReadOnlyList<Output?>? gradYs = null,
        IReadOnlyList<Output>? stopGradients = null,
        bool gateGradients = false,
        string? name = null,
        AggregationMethod aggregationMethod = AggregationMethod.Default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentNullException.ThrowIfNull(xs);
        if (gradYs is not null && gradYs.Count != ys.Count)
            throw new ArgumentException($"Passed {gradYs.Count} grad_ys for {ys.Count} ys.", nameof(gradYs));
        using (graph.NameScope(name ?? "gradients"))
            return new GradientBuilder(graph, ys, xs, stopGradients ?? [], gateGradients, aggregationMethod).Build(gradYs);
    }
}
