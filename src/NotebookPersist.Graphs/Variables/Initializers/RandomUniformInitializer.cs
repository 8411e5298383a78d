namespace NotebookPersist;

/// <summary>Numbers equally likely anywhere in [<paramref name="Minimum"/>, <paramref name="Maximum"/>).</summary>
/// <param name="Minimum">Smallest number.</param>
/// <param name="Maximum">Above the largest number; 1 by default for floats.</param>
/// <param name="Seed">Makes the numbers the same in every session.</param>
/// <remarks>Source: TensorFlow's <c>tf.random_uniform_initializer</c>.</remarks>
public sealed record RandomUniformInitializer(double Minimum = 0, double? Maximum = null, int? Seed = null) : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) =>
        graph.RandomUniform(shape, Minimum, Maximum is { } maximum ? maximum : null, dtype, Seed);
}
