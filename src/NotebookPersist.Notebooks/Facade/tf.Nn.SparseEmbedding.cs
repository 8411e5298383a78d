namespace NotebookPersist;

public static partial class tf
{
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.EmbeddingLookupSparse(Graph, Variable, Operand, Operand, Operand, PartitionStrategy, EmbeddingCombiner, double?, string)"/>
        public static Output EmbeddingLookupSparse(Variable parameters, Operand indices, Operand ids, Operand weights = default, PartitionStrategy partitionStrategy = PartitionStrategy.Mod, EmbeddingCombiner combiner = EmbeddingCombiner.Mean, double? maxNorm = null, string? name = null) =>
            Graph.EmbeddingLookupSparse(parameters, indices, ids, weights, partitionStrategy, combiner, maxNorm, name);

        /// <inheritdoc cref="GraphOps.SafeEmbeddingLookupSparse(Graph, Variable, Operand, Operand, Operand, Operand, Operand, EmbeddingCombiner, PartitionStrategy, double?, string)"/>
        public static Output SafeEmbeddingLookupSparse(Variable parameters, Operand indices, Operand ids, Operand shape, Operand weights = default, Operand defaultId = default, EmbeddingCombiner combiner = EmbeddingCombiner.Mean, PartitionStrategy partitionStrategy = PartitionStrategy.Div, double? maxNorm = null, string? name = null) =>
            Graph.SafeEmbeddingLookupSparse(parameters, indices, ids, shape, weights, defaultId, combiner, partitionStrategy, maxNorm, name);

        /// <inheritdoc cref="GraphOps.MaxPool1D(Graph, Operand, int, int, string, string, string)"/>
        public static Output MaxPool1D(Operand input, int ksize, int strides, string padding, string dataFormat = "NWC", string? name = null) =>
            Graph.MaxPool1D(input, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.AvgPool1D(Graph, Operand, int, int, string, string, string)"/>
        public static Output AvgPool1D(Operand input, int ksize, int strides, string padding, string dataFormat = "NWC", string? name = null) =>
            Graph.AvgPool1D(input, ksize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="GraphOps.Conv1DTranspose(Graph, Operand, Operand, Operand, int, string, string, string)"/>
        public static Output Conv1DTranspose(Operand input, Operand filters, Operand outputShape, int strides, string padding = "SAME", string dataFormat = "NWC", string? name = null) =>
            Graph.Conv1DTranspose(input, filters, outputShape, strides, padding, dataFormat, name);
    }
}
