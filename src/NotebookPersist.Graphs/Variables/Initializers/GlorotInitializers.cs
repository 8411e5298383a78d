namespace NotebookPersist;

/// <summary>Uniform numbers with variance 2 / (inputs + outputs); what variables start with by default.</summary>
/// <param name="seed">Makes the numbers the same in every session.</param>
/// <remarks>Source: TensorFlow's <c>tf.glorot_uniform_initializer</c>.</remarks>
public sealed record GlorotUniformInitializer(int? seed = null) : VarianceScalingInitializer(1, FanMode.Average, ScalingDistribution.Uniform, seed);

/// <summary>Truncated normal numbers with variance 2 / (inputs + outputs).</summary>
/// <param name="seed">Makes the numbers the same in every session.</param>
/// <remarks>Source: TensorFlow's <c>tf.glorot_normal_initializer</c>.</remarks>
public sealed record GlorotNormalInitializer(int? seed = null) : VarianceScalingInitializer(1, FanMode.Average, ScalingDistribution.TruncatedNormal, seed);
