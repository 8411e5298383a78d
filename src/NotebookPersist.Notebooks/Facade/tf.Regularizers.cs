namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.ClipByNorm"/>
    public static Output ClipByNorm(Operand t, Operand clipNorm, Axes axes = default, string? name = null) => Graph.ClipByNorm(t, clipNorm, axes, name);

    /// <summary>What TensorFlow 1.15 has in its contrib modules.</summary>
    public static class Contrib
    {
        /// <summary>Parts of layers.</summary>
        public static class Layers
        {
            /// <inheritdoc cref="WeightRegularizers.L1"/>
            public static Func<Output, Output?> L1Regularizer(double scale) => WeightRegularizers.L1(scale);

            /// <inheritdoc cref="WeightRegularizers.L2"/>
            public static Func<Output, Output?> L2Regularizer(double scale) => WeightRegularizers.L2(scale);

            /// <summary>Starts a variable as Glorot and Bengio propose.</summary>
            /// <param name="uniform">True for evenly distributed numbers, false for normally distributed ones.</param>
            /// <param name="seed">Makes the numbers the same each time.</param>
            public static IInitializer XavierInitializer(bool uniform = true, int? seed = null) => uniform ? new GlorotUniformInitializer(seed) : new GlorotNormalInitializer(seed);
        }
    }

    /// <summary>What TensorFlow 1.15 has in its Keras modules.</summary>
    public static class Keras
    {
        /// <summary>Loss terms that grow with weights.</summary>
        public static class Regularizers
        {
            /// <summary>The sum of absolute values, times a factor.</summary>
            public static Func<Output, Output?> L1(double l = 0.01) => WeightRegularizers.L1L2(l1: l);

            /// <summary>The sum of squares (not halved), times a factor.</summary>
            public static Func<Output, Output?> L2(double l = 0.01) => WeightRegularizers.L1L2(l2: l);

            /// <inheritdoc cref="WeightRegularizers.L1L2"/>
            public static Func<Output, Output?> L1L2(double l1 = 0.01, double l2 = 0.01) => WeightRegularizers.L1L2(l1, l2);
        }
    }

    /// <summary>What variables start with.</summary>
    public static class Initializers
    {
        /// <summary>All elements 0.</summary>
        public static IInitializer Zeros() => new ZerosInitializer();

        /// <summary>All elements 1.</summary>
        public static IInitializer Ones() => new OnesInitializer();

        /// <summary>One value, or given ones.</summary>
        public static IInitializer Constant(Operand value) => new ConstantInitializer(value);

        /// <summary>Normally distributed numbers.</summary>
        public static IInitializer RandomNormal(double mean = 0, double stddev = 1, int? seed = null) => new RandomNormalInitializer(mean, stddev, seed);

        /// <summary>Evenly distributed numbers.</summary>
        public static IInitializer RandomUniform(double minval = 0, double? maxval = null, int? seed = null) => new RandomUniformInitializer(minval, maxval, seed);

        /// <summary>Normally distributed numbers within two standard deviations.</summary>
        public static IInitializer TruncatedNormal(double mean = 0, double stddev = 1, int? seed = null) => new TruncatedNormalInitializer(mean, stddev, seed);

        /// <summary>Random numbers whose variance suits the number of inputs or outputs of a layer.</summary>
        public static IInitializer VarianceScaling(
            double scale = 1, FanMode mode = FanMode.In, ScalingDistribution distribution = ScalingDistribution.TruncatedNormal, int? seed = null) =>
            new VarianceScalingInitializer(scale, mode, distribution, seed);

        /// <summary>A multiple of the identity matrix.</summary>
        public static IInitializer Identity(double gain = 1) => new IdentityInitializer(gain);

        /// <summary>As Glorot and Bengio propose, evenly distributed.</summary>
        public static IInitializer GlorotUniform(int? seed = null) => new GlorotUniformInitializer(seed);

        /// <summary>As Glorot and Bengio propose, normally distributed.</summary>
        public static IInitializer GlorotNormal(int? seed = null) => new GlorotNormalInitializer(seed);

        /// <summary>As He and others propose for rectified layers, normally distributed: variance 2 / inputs.</summary>
        public static IInitializer HeNormal(int? seed = null) => new VarianceScalingInitializer(2, FanMode.In, ScalingDistribution.TruncatedNormal, seed);

        /// <summary>As He and others propose for rectified layers, evenly distributed: variance 2 / inputs.</summary>
        public static IInitializer HeUniform(int? seed = null) => new VarianceScalingInitializer(2, FanMode.In, ScalingDistribution.Uniform, seed);

        /// <summary>As LeCun proposes, normally distributed: variance 1 / inputs.</summary>
        public static IInitializer LecunNormal(int? seed = null) => new VarianceScalingInitializer(1, FanMode.In, ScalingDistribution.TruncatedNormal, seed);

        /// <summary>As LeCun proposes, evenly distributed: variance 1 / inputs.</summary>
        public static IInitializer LecunUniform(int? seed = null) => new VarianceScalingInitializer(1, FanMode.In, ScalingDistribution.Uniform, seed);
    }
}
