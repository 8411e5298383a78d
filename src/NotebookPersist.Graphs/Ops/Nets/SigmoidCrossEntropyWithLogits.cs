namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cross entropy of independent yes-or-no labels: max(x, 0) - x z + log(1 + exp(-|x|)).</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">z. DType and shape of <paramref name="logits"/>.</param>
    /// <param name="logits">x. DType: floats.</param>
    /// <param name="name">Name of the scope and of the last node.</param>
    /// <returns>Shape: that of <paramref name="logits"/>.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Source: <c>tf.nn.sigmoid_cross_entropy_with_logits</c>.</remarks>
    public static Output SigmoidCrossEntropyWithLogits(this Graph graph, Operand labels, Operand logits, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "logistic_loss");
        Output x = graph.AsOutput(logits, "logits");
        Output z = graph.AsOutput(labels, "labels");
        RequireSame(z, x, "logits and labels", nameof(labels));
        Output zeros = graph.ZerosLike(x);
        Output positive = graph.GreaterEqual(x, zeros);
        Output relu = graph.AddOperation("Select", null, null, positive, x, zeros)[0];
        Output negative = graph.AddOperation("Select", null, null, positive, -x, x)[0];
        Output linear = relu - (x * z);
        Output log = graph.AddOperation("Log1p", null, null, graph.AddOperation("Exp", null, null, negative)[0])[0];
        return graph.Add(linear, log, scope.Name);
    }
}
