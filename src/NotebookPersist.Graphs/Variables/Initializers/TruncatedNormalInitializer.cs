namespace NotebookPersist;

/// <summary>Normally distributed numbers; those beyond two standard deviations are drawn again.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Standard deviation before truncation.</param>
/// <param name="Seed">Makes the numbers the same in every session.</param>
/// <remarks>Source: TensorFlow's <c>tf.truncated_normal_initializer</c>.</remarks>
public sealed record TruncatedNormalInitializer(double Mean = 0, double StandardDeviation = 1, int? Seed = null) : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => graph.TruncatedNormal(shape, Mean, StandardDeviation, dtype, Seed);
}
