namespace NotebookPersist;

public static partial class LossFunctions
{
    /// <summary>The cross entropy of softmax probabilities to distributions.</summary>
    /// <param name="onehotLabels">The true distributions. Shape: that of the logits.</param>
    /// <param name="logits">Shape: [..., classes].</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="labelSmoothing">Which part of the labels is spread over all classes.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>No gradient flows to the labels. Source: <c>tf.losses.softmax_cross_entropy</c>.</remarks>
    public static Output SoftmaxCrossEntropy(
        Operand onehotLabels,
        Output logits,
        Operand? weights = null,
        double labelSmoothing = 0,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Graph graph = logits.Graph;
        using NameScope names = graph.NameScope(scope ?? "softmax_cross_entropy_loss");
        Output labels = graph.Cast(onehotLabels, logits.DType);
        if (!labels.Shape.IsCompatibleWith(logits.Shape))
            throw new ArgumentException($"Shapes {logits.Shape.ToPythonString()} of the logits and {labels.Shape.ToPythonString()} of the labels are incompatible.", nameof(onehotLabels));
        if (labelSmoothing > 0)
        {
            Output classes = graph.Cast(graph.Shape(labels)[^1], logits.DType);
            labels = (labels * (1 - labelSmoothing)) + (labelSmoothing / classes);
        }

        labels = graph.StopGradient(labels, "labels_stop_gradient");
        return ComputeWeightedLoss(graph.SoftmaxCrossEntropyWithLogitsV2(labels, logits, "xentropy"), weights, names.Name, lossCollection, reduction);
    }

    /// <summary>The cross entropy of softmax probabilities to classes.</summary>
    /// <param name="labels">Number of the true class. Shape: that of the logits without the last dimension, or with 1 there. DType: int32 or int64.</param>
    /// <param name="logits">Shape: [..., classes].</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.sparse_softmax_cross_entropy</c>.</remarks>
    public static Output SparseSoftmaxCrossEntropy(
        Operand labels,
        Output logits,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Graph graph = logits.Graph;
        using NameScope names = graph.NameScope(scope ?? "sparse_softmax_cross_entropy_loss");
        (Output classes, logits) = TrailingOnes.Matched(graph.Convert(labels), logits, expectedDifference: 1);
        if (weights is { IsMissing: false } given)
            weights = TrailingOnes.Weights(graph.Convert(given), classes, expands: false);
        return ComputeWeightedLoss(graph.SparseSoftmaxCrossEntropyWithLogits(classes, logits, "xentropy"), weights, names.Name, lossCollection, reduction);
    }

    /// <summary>The cross entropy of sigmoid probabilities, each class by itself.</summary>
    /// <param name="multiClassLabels">0 or 1, or probabilities. Shape: that of the logits.</param>
    /// <param name="logits">Shape: [batch, classes].</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="labelSmoothing">Which part of the labels is moved to 1/2.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.sigmoid_cross_entropy</c>.</remarks>
    public static Output SigmoidCrossEntropy(
        Operand multiClassLabels,
        Output logits,
        Operand? weights = null,
        double labelSmoothing = 0,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Graph graph = logits.Graph;
        using NameScope names = graph.NameScope(scope ?? "sigmoid_cross_entropy_loss");
        Output labels = graph.Cast(multiClassLabels, logits.DType);
        if (!labels.Shape.IsCompatibleWith(logits.Shape))
            throw new ArgumentException($"Shapes {logits.Shape.ToPythonString()} of the logits and {labels.Shape.ToPythonString()} of the labels are incompatible.", nameof(multiClassLabels));
        if (labelSmoothing > 0)
            labels = (labels * (1 - labelSmoothing)) + (0.5 * labelSmoothing);
        return ComputeWeightedLoss(graph.SigmoidCrossEntropyWithLogits(labels, logits, "xentropy"), weights, names.Name, lossCollection, reduction);
    }
}
