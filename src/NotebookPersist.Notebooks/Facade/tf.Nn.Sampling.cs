namespace NotebookPersist;

public static partial class tf
{
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.CtcBeamSearchDecoder(Graph, Operand, Operand, int, int, bool, string)"/>
        public static (IReadOnlyList<(Output Indices, Output Values, Output Shape)> Paths, Output LogProbabilities) CtcBeamSearchDecoder(
            Operand inputs, Operand sequenceLength, int beamWidth = 100, int topPaths = 1, bool mergeRepeated = true, string? name = null) =>
            Graph.CtcBeamSearchDecoder(inputs, sequenceLength, beamWidth, topPaths, mergeRepeated, name);

        /// <inheritdoc cref="GraphOps.FractionalMaxPool(Graph, Operand, IReadOnlyList{float}, bool, bool, int, string)"/>
        public static (Output Output, Output Rows, Output Columns) FractionalMaxPool(
            Operand value, IReadOnlyList<float> poolingRatio, bool pseudoRandom = false, bool overlapping = false, int seed = 0, string? name = null) =>
            Graph.FractionalMaxPool(value, poolingRatio, pseudoRandom, overlapping, seed, name);

        /// <inheritdoc cref="GraphOps.FractionalAvgPool(Graph, Operand, IReadOnlyList{float}, bool, bool, int, string)"/>
        public static (Output Output, Output Rows, Output Columns) FractionalAvgPool(
            Operand value, IReadOnlyList<float> poolingRatio, bool pseudoRandom = false, bool overlapping = false, int seed = 0, string? name = null) =>
            Graph.FractionalAvgPool(value, poolingRatio, pseudoRandom, overlapping, seed, name);

        /// <inheritdoc cref="GraphOps.UniformCandidateSampler(Graph, Operand, int, int, bool, int, int?, string)"/>
        public static (Output Sampled, Output TrueExpected, Output SampledExpected) UniformCandidateSampler(
            Operand trueClasses, int numTrue, int numSampled, bool unique, int rangeMax, int? seed = null, string? name = null) =>
            Graph.UniformCandidateSampler(trueClasses, numTrue, numSampled, unique, rangeMax, seed, name);

        /// <inheritdoc cref="GraphOps.LogUniformCandidateSampler(Graph, Operand, int, int, bool, int, int?, string)"/>
        public static (Output Sampled, Output TrueExpected, Output SampledExpected) LogUniformCandidateSampler(
            Operand trueClasses, int numTrue, int numSampled, bool unique, int rangeMax, int? seed = null, string? name = null) =>
            Graph.LogUniformCandidateSampler(trueClasses, numTrue, numSampled, unique, rangeMax, seed, name);
    }
}
