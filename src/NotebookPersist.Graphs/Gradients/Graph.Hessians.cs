namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The second derivatives of a number by each pair of elements of a value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="ys">What is differentiated; the sum of its elements.</param>
    /// <param name="xs">By what.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>For each x a tensor of its shape, twice: [shape..., shape...].</returns>
    /// <exception cref="GraphException">An operation on the way has no gradient, or no second one, or does not depend on x.</exception>
    /// <remarks>A loop takes one row after another. Source: TensorFlow's <c>tf.hessians</c>.</remarks>
    public static IReadOnlyList<Output> Hessians(this Graph graph, Output ys, IReadOnlyList<Output> xs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentNullException.ThrowIfNull(xs);
        using NameScope scope = graph.NameScope(name ?? "hessians");
        Output?[] slopes = graph.Gradients([ys], xs);
        var hessians = new Output[xs.Count];
        for (int i = 0; i < hessians.Length; i++)
        {
            Output x = xs[i];
            Output flat = graph.Reshape(slopes[i] ?? throw new GraphException($"'{ys.Name}' does not depend on '{x.Name}'.", x.Operation.Name, x.Operation.Type), new[] { -1 });
            Output count = graph.Size(x);
            IReadOnlyList<LoopVariable> results = graph.WhileLoop(
                v => graph.Less((Output)v[0], count),
                v =>
                {
                    Output at = v[0];
                    // Where a row does not depend on x at all, it is 0.
                    Output row = graph.Gradients(graph.Gather(flat, at), x)[0] ?? graph.ZerosLike(x);
                    return [graph.Add(at, 1), ((TensorArray)v[1]).Write(at, row)];
                },
                [graph.Constant(0), new TensorArray(graph, x.DType, count)]);
            Output shape = graph.Shape(x);
            hessians[i] = graph.Reshape(((TensorArray)results[1]).ToArray(), graph.Concat([shape, shape], 0));
            if (x.Shape.HasRank)
                hessians[i].SetShape(x.Shape.Concatenate(x.Shape));
        }

        return hessians;
    }
}
