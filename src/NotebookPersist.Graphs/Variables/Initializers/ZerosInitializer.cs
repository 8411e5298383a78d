namespace NotebookPersist;

/// <summary>All elements 0 (false, empty).</summary>
/// <remarks>Source: TensorFlow's <c>tf.zeros_initializer</c>.</remarks>
public sealed record ZerosInitializer : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => graph.Zeros(shape, dtype);
}
