namespace NotebookPersist;

/// <summary>Normally distributed numbers.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Standard deviation.</param>
/// <param name="Seed">Makes the numbers the same in every session.</param>
/// <remarks>Source: TensorFlow's <c>tf.random_normal_initializer</c>.</remarks>
public sealed record RandomNormalInitializer(double Mean = 0, double StandardDeviation = 1, int? Seed = null) : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => graph.RandomNormal(shape, Mean, StandardDeviation, dtype, Seed);
}
