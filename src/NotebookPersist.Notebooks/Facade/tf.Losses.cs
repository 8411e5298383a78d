namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Losses of predictions, over the default graph.</summary>
    public static class Losses
    {
        /// <inheritdoc cref="LossFunctions.ComputeWeightedLoss"/>
        public static Output ComputeWeightedLoss(
            Output losses,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.ComputeWeightedLoss(losses, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.AddLoss"/>
        public static void AddLoss(Output loss, string? lossCollection = GraphKeys.Losses) =>
            LossFunctions.AddLoss(loss, lossCollection);

        /// <inheritdoc cref="LossFunctions.GetLosses"/>
        public static IReadOnlyList<Output> GetLosses(string? scope = null, string lossCollection = GraphKeys.Losses) =>
            LossFunctions.GetLosses(Graph, scope, lossCollection);

        /// <inheritdoc cref="LossFunctions.GetRegularizationLosses"/>
        public static IReadOnlyList<Output> GetRegularizationLosses(string? scope = null) =>
            LossFunctions.GetRegularizationLosses(Graph, scope);

        /// <inheritdoc cref="LossFunctions.GetRegularizationLoss"/>
        public static Output GetRegularizationLoss(string? scope = null, string name = "total_regularization_loss") =>
            LossFunctions.GetRegularizationLoss(Graph, scope, name);

        /// <inheritdoc cref="LossFunctions.GetTotalLoss"/>
        public static Output GetTotalLoss(bool addRegularizationLosses = true, string name = "total_loss", string? scope = null) =>
            LossFunctions.GetTotalLoss(Graph, addRegularizationLosses, name, scope);

        /// <inheritdoc cref="LossFunctions.AbsoluteDifference"/>
        public static Output AbsoluteDifference(
            Operand labels,
            Output predictions,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.AbsoluteDifference(labels, predictions, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.MeanSquaredError"/>
        public static Output MeanSquaredError(
            Operand labels,
            Output predictions,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.MeanSquaredError(labels, predictions, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.HuberLoss"/>
        public static Output HuberLoss(
            Operand labels,
            Output predictions,
            double delta = 1.0,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.HuberLoss(labels, predictions, delta, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.LogLoss"/>
        public static Output LogLoss(
            Operand labels,
            Output predictions,
            double epsilon = 1e-7,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.LogLoss(labels, predictions, epsilon, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.HingeLoss"/>
        public static Output HingeLoss(
            Operand labels,
            Output logits,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.HingeLoss(labels, logits, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.SoftmaxCrossEntropy"/>
        public static Output SoftmaxCrossEntropy(
            Operand onehotLabels,
            Output logits,
            Operand? weights = null,
            double labelSmoothing = 0,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.SoftmaxCrossEntropy(onehotLabels, logits, weights, labelSmoothing, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.SparseSoftmaxCrossEntropy"/>
        public static Output SparseSoftmaxCrossEntropy(
            Operand labels,
            Output logits,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.SparseSoftmaxCrossEntropy(labels, logits, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.SigmoidCrossEntropy"/>
        public static Output SigmoidCrossEntropy(
            Operand multiClassLabels,
            Output logits,
            Operand? weights = null,
            double labelSmoothing = 0,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.SigmoidCrossEntropy(multiClassLabels, logits, weights, labelSmoothing, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.CosineDistance"/>
        public static Output CosineDistance(
            Operand labels,
            Output predictions,
            int axis,
            Operand? weights = null,
            string? scope = null,
            string? lossCollection = GraphKeys.Losses,
            LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
            LossFunctions.CosineDistance(labels, predictions, axis, weights, scope, lossCollection, reduction);

        /// <inheritdoc cref="LossFunctions.MeanPairwiseSquaredError"/>
        public static Output MeanPairwiseSquaredError(Operand labels, Output predictions, Operand? weights = null, string? scope = null, string? lossCollection = GraphKeys.Losses) =>
            LossFunctions.MeanPairwiseSquaredError(labels, predictions, weights, scope, lossCollection);
    }
}
