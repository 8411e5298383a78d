namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="Partitioners.FixedSize"/>
    public static Partitioner FixedSizePartitioner(int numShards, int axis = 0) => Partitioners.FixedSize(numShards, axis);

    /// <inheritdoc cref="Partitioners.VariableAxisSize"/>
    public static Partitioner VariableAxisSizePartitioner(long maxShardBytes, int axis = 0, int bytesPerStringElement = 16, int? maxShards = null) =>
        Partitioners.VariableAxisSize(maxShardBytes, axis, bytesPerStringElement, maxShards);

    /// <inheritdoc cref="Partitioners.MinMaxVariable"/>
    public static Partitioner MinMaxVariablePartitioner(int maxPartitions = 1, int axis = 0, long minSliceSize = 256 << 10, int bytesPerStringElement = 16) =>
        Partitioners.MinMaxVariable(maxPartitions, axis, minSliceSize, bytesPerStringElement);

    /// <summary>Starts a variable with random numbers whose variance suits the number of inputs or outputs of a layer.</summary>
    public static IInitializer VarianceScalingInitializer(
        double scale = 1, FanMode mode = FanMode.In, ScalingDistribution distribution = ScalingDistribution.TruncatedNormal, int? seed = null) =>
        new VarianceScalingInitializer(scale, mode, distribution, seed);

    /// <summary>Starts a matrix as a multiple of the identity.</summary>
    public static IInitializer IdentityInitializer(double gain = 1) => new IdentityInitializer(gain);
}
