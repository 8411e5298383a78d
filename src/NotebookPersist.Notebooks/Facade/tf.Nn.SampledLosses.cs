namespace NotebookPersist;

public static partial class tf
{
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.NceLoss"/>
        public static Output NceLoss(
            Variable weights,
            Variable biases,
            Operand labels,
            Output inputs,
            int numSampled,
            int numClasses,
            int numTrue = 1,
            (Output Sampled, Output TrueExpected, Output SampledExpected)? sampledValues = null,
            bool removeAccidentalHits = false,
            PartitionStrategy partitionStrategy = PartitionStrategy.Mod,
            string name = "nce_loss") =>
            Graph.NceLoss(weights, biases, labels, inputs, numSampled, numClasses, numTrue, sampledValues, removeAccidentalHits, partitionStrategy, name);

        /// <inheritdoc cref="GraphOps.SampledSoftmaxLoss"/>
        public static Output SampledSoftmaxLoss(
            Variable weights,
            Variable biases,
            Operand labels,
            Output inputs,
            int numSampled,
            int numClasses,
            int numTrue = 1,
            (Output Sampled, Output TrueExpected, Output SampledExpected)? sampledValues = null,
            bool removeAccidentalHits = true,
            PartitionStrategy partitionStrategy = PartitionStrategy.Mod,
            string name = "sampled_softmax_loss",
            int? seed = null) =>
            Graph.SampledSoftmaxLoss(weights, biases, labels, inputs, numSampled, numClasses, numTrue, sampledValues, removeAccidentalHits, partitionStrategy, name, seed);
    }
}
