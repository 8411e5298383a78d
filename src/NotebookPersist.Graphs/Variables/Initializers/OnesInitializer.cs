namespace NotebookPersist;

/// <summary>All elements 1.</summary>
/// <remarks>Source: TensorFlow's <c>tf.ones_initializer</c>.</remarks>
public sealed record OnesInitializer : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => graph.Ones(shape, dtype);
}
