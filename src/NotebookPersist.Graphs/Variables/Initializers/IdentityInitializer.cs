namespace NotebookPersist;

/// <summary>A multiple of the identity matrix.</summary>
/// <param name="Gain">What stands on the diagonal.</param>
/// <remarks>Source: TensorFlow's <c>tf.initializers.identity</c>.</remarks>
public sealed record IdentityInitializer(double Gain = 1) : IInitializer, IPartInitializer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not of a matrix.</exception>
    public Output Build(Graph graph, Shape shape, DType dtype) => Gain * Matrix(graph, shape, dtype);

    Output IPartInitializer.BuildPart(Graph graph, Shape whole, IReadOnlyList<long> offset, Shape shape, DType dtype) =>
        Gain * graph.Slice(Matrix(graph, whole, dtype), offset.Select(static o => (int)o).ToArray(), shape.Dimensions.ToArray().Select(static d => (int)d).ToArray());

    private static Output Matrix(Graph graph, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Rank == 2
            ? graph.Eye(checked((int)shape[0]), checked((int)shape[1]), dtype: dtype)
            : throw new ArgumentException($"Identity matrix initializer can only be used for 2D matrices, not for shape {shape.ToPythonString()}.", nameof(shape));
    }
}
