namespace NotebookPersist;

/// <summary>Random numbers whose variance suits the number of inputs or outputs of a layer.</summary>
/// <remarks>Source: TensorFlow's <c>tf.variance_scaling_initializer</c>.</remarks>
public record VarianceScalingInitializer : IInitializer, IPartInitializer
{
    // Standard deviation of a standard normal distribution truncated at two.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>Sets the variance to <paramref name="scale"/> over the number that <paramref name="mode"/> names.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is not positive.</exception>
    public VarianceScalingInitializer(
        double scale = 1,
        FanMode mode = FanMode.In,
        ScalingDistribution distribution = ScalingDistribution.TruncatedNormal,
        int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (Scale, Mode, Distribution, Seed) = (scale, mode, distribution, seed);
    }

    /// <summary>Variance times the number that <see cref="Mode"/> names.</summary>
    public double Scale { get; }

    /// <summary>Which number divides the scale.</summary>
    public FanMode Mode { get; }

    /// <summary>What is drawn from.</summary>
    public ScalingDistribution Distribution { get; }

    /// <summary>Makes the numbers the same in every session.</summary>
    public int? Seed { get; }

    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => Build(graph, shape, shape, dtype);

    // A part gets the variance of the whole.
    Output IPartInitializer.BuildPart(Graph graph, Shape whole, IReadOnlyList<long> offset, Shape shape, DType dtype) => Build(graph, whole, shape, dtype);

    private Output Build(Graph graph, Shape whole, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(whole);
        (double fanIn, double fanOut) = Fans(whole);
        double fan = Mode switch { FanMode.In => fanIn, FanMode.Out => fanOut, _ => (fanIn + fanOut) / 2 };
        double variance = Scale / Math.Max(1, fan);
        if (Distribution == ScalingDistribution.Uniform)
        {
            double limit = Math.Sqrt(3 * variance);
            return graph.RandomUniform(shape, -limit, limit, dtype, Seed);
        }

        return Distribution == ScalingDistribution.TruncatedNormal
            ? graph.TruncatedNormal(shape, 0, Math.Sqrt(variance) / TruncatedDeviation, dtype, Seed)
            : graph.RandomNormal(shape, 0, Math.Sqrt(variance), dtype, Seed);
    }

    // Of a convolution the leading dimensions are the window, which multiplies both.
    private static (double In, double Out) Fans(Shape shape)
    {
        if (shape.Rank == 0)
            return (1, 1);
        if (shape.Rank == 1)
            return (shape[0], shape[0]);
        double window = 1;
        foreach (long size in shape.Dimensions[..^2])
            window *= size;
        return (shape[^2] * window, shape[^1] * window);
    }
}
