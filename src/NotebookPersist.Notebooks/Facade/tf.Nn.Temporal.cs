namespace NotebookPersist;

public static partial class tf
{
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.CtcGreedyDecoder(Graph, Operand, Operand, bool, string)"/>
        public static (Output Indices, Output Values, Output Shape, Output NegativeScores) CtcGreedyDecoder(Operand inputs, Operand sequenceLength, bool mergeRepeated = true, string? name = null) =>
            Graph.CtcGreedyDecoder(inputs, sequenceLength, mergeRepeated, name);

        /// <inheritdoc cref="GraphOps.CtcLoss(Graph, Operand, Operand, Operand, Operand, bool, bool, bool, string)"/>
        public static Output CtcLoss(
            Operand inputs, Operand labelIndices, Operand labelValues, Operand sequenceLength, bool collapseRepeated = false, bool mergeRepeated = true, bool ignoreLongerOutputs = false, string? name = null) =>
            Graph.CtcLoss(inputs, labelIndices, labelValues, sequenceLength, collapseRepeated, mergeRepeated, ignoreLongerOutputs, name);
    }
}
