namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Random numbers, in the default graph: those of <see cref="tf"/> under the names of TensorFlow's own module.</summary>
    public static partial class Random
    {
        /// <inheritdoc cref="tf.Multinomial(Operand, Operand, int?, DType, string)"/>
        public static Output Categorical(Operand logits, Operand sampleCount, int? seed = null, DType outputType = DType.Int64, string? name = null) =>
            tf.Multinomial(logits, sampleCount, seed, outputType, name);

        /// <inheritdoc cref="tf.RandomGamma(Operand, Operand, Operand, DType, int?, string)"/>
        public static Output Gamma(Operand shape, Operand alpha, Operand beta = default, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomGamma(shape, alpha, beta, dtype, seed, name);

        /// <inheritdoc cref="tf.Nn.LogUniformCandidateSampler(Operand, int, int, bool, int, int?, string)"/>
        public static (Output Sampled, Output TrueExpected, Output SampledExpected) LogUniformCandidateSampler(Operand trueClasses, int trueCount, int sampledCount, bool unique, int range, int? seed = null, string? name = null) =>
            tf.Nn.LogUniformCandidateSampler(trueClasses, trueCount, sampledCount, unique, range, seed, name);

        /// <inheritdoc cref="tf.Multinomial(Operand, Operand, int?, DType, string)"/>
        public static Output Multinomial(Operand logits, Operand sampleCount, int? seed = null, DType outputType = DType.Int64, string? name = null) =>
            tf.Multinomial(logits, sampleCount, seed, outputType, name);

        /// <inheritdoc cref="tf.RandomNormal(Shape, Operand?, Operand?, DType, int?, string)"/>
        public static Output Normal(Shape shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomNormal(shape, mean, stddev, dtype, seed, name);

        /// <inheritdoc cref="tf.RandomNormal(Output, Operand?, Operand?, DType, int?, string)"/>
        public static Output Normal(Output shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomNormal(shape, mean, stddev, dtype, seed, name);

        /// <inheritdoc cref="tf.RandomPoisson(Operand, Operand, DType, int?, string)"/>
        public static Output Poisson(Operand rate, Operand shape, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomPoisson(rate, shape, dtype, seed, name);

        /// <inheritdoc cref="tf.SetRandomSeed(int)"/>
        public static void SetRandomSeed(int seed) => tf.SetRandomSeed(seed);

        /// <inheritdoc cref="tf.RandomShuffle(Operand, int?, string)"/>
        public static Output Shuffle(Operand value, int? seed = null, string? name = null) => tf.RandomShuffle(value, seed, name);

        /// <inheritdoc cref="tf.StatelessRandomNormal(Operand, Operand, DType, string)"/>
        public static Output StatelessNormal(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
            tf.StatelessRandomNormal(shape, seed, dtype, name);

        /// <inheritdoc cref="tf.StatelessTruncatedNormal(Operand, Operand, DType, string)"/>
        public static Output StatelessTruncatedNormal(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
            tf.StatelessTruncatedNormal(shape, seed, dtype, name);

        /// <inheritdoc cref="tf.StatelessRandomUniform(Operand, Operand, DType, string)"/>
        public static Output StatelessUniform(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
            tf.StatelessRandomUniform(shape, seed, dtype, name);

        /// <inheritdoc cref="tf.TruncatedNormal(Shape, Operand?, Operand?, DType, int?, string)"/>
        public static Output TruncatedNormal(Shape shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.TruncatedNormal(shape, mean, stddev, dtype, seed, name);

        /// <inheritdoc cref="tf.TruncatedNormal(Output, Operand?, Operand?, DType, int?, string)"/>
        public static Output TruncatedNormal(Output shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.TruncatedNormal(shape, mean, stddev, dtype, seed, name);

        /// <inheritdoc cref="tf.RandomUniform(Shape, Operand?, Operand?, DType, int?, string)"/>
        public static Output Uniform(Shape shape, Operand? minimum = null, Operand? maximum = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomUniform(shape, minimum, maximum, dtype, seed, name);

        /// <inheritdoc cref="tf.RandomUniform(Output, Operand?, Operand?, DType, int?, string)"/>
        public static Output Uniform(Output shape, Operand? minimum = null, Operand? maximum = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
            tf.RandomUniform(shape, minimum, maximum, dtype, seed, name);

        /// <inheritdoc cref="tf.Nn.UniformCandidateSampler(Operand, int, int, bool, int, int?, string)"/>
        public static (Output Sampled, Output TrueExpected, Output SampledExpected) UniformCandidateSampler(Operand trueClasses, int trueCount, int sampledCount, bool unique, int range, int? seed = null, string? name = null) =>
            tf.Nn.UniformCandidateSampler(trueClasses, trueCount, sampledCount, unique, range, seed, name);
    }
}
