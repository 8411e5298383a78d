namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Scales a value down so that its Euclidean norm is at most a number.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="t">The value. DType: floats.</param>
    /// <param name="clipNorm">Largest norm; above 0.</param>
    /// <param name="axes">Dimensions over which each norm is taken; all by default.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.clip_by_norm</c>.</remarks>
    public static Output ClipByNorm(this Graph graph, Operand t, Operand clipNorm, Axes axes = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "clip_by_norm");
        IndexedSlices? slices = t.Output?.Slices;
        Output values = graph.Convert(slices?.Values ?? t, name: "t");
        Output squares = graph.ReduceSum(values * values, axes.Values is { } along ? along : default(Operand), keepDims: true);
        Output positive = squares > 0.0;

        // The root's gradient at 0 is infinite, and must not be taken there.
        Output safe = graph.Where(positive, squares, graph.OnesLike(squares));
        Output norm = graph.Where(positive, graph.Sqrt(safe), squares);
        Output clipped = graph.Identity((values * clipNorm) / graph.Maximum(norm, clipNorm), scope.Name);
        return slices is null ? clipped : slices.With(clipped).ToDense();
    }
}
