namespace NotebookPersist;

/// <summary>A matrix with orthonormal rows or columns, whichever are fewer, drawn at random.</summary>
/// <param name="Gain">What the matrix is multiplied by.</param>
/// <param name="Seed">Makes the numbers the same in every session.</param>
/// <remarks>Of more than two dimensions all but the last are taken as one. Source: TensorFlow's <c>tf.orthogonal_initializer</c>.</remarks>
public sealed record OrthogonalInitializer(double Gain = 1, int? Seed = null) : IInitializer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    public Output Build(Graph graph, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank < 2)
            throw new ArgumentException($"The tensor to initialize must be at least two-dimensional, not of shape {shape.ToPythonString()}.", nameof(shape));
        long columns = shape[^1];
        long rows = columns == 0 ? 0 : shape.ElementCount / columns;
        Output drawn = graph.RandomNormal([Math.Max(rows, columns), Math.Min(rows, columns)], 0, 1, dtype, Seed);
        (Output q, Output r) = graph.Qr(drawn);

        // Without this the distribution would not be uniform.
        q *= graph.Sign(graph.DiagPart(r));
        if (rows < columns)
            q = graph.Transpose(q, new[] { 1, 0 });
        return Gain * graph.Reshape(q, shape.Dimensions.ToArray().Select(static d => (int)d).ToArray());
    }
}
