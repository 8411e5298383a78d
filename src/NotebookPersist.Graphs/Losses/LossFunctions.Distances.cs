namespace NotebookPersist;

public static partial class LossFunctions
{
    /// <summary>The distance of predictions from labels.</summary>
    /// <param name="labels">What is true. Shape: that of the predictions.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.absolute_difference</c>.</remarks>
    public static Output AbsoluteDifference(
        Operand labels,
        Output predictions,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("absolute_difference", labels, predictions, weights, scope, lossCollection, reduction, (graph, truth, said) => graph.Abs(graph.Subtract(said, truth)));

    /// <summary>The square of the distance of predictions from labels.</summary>
    /// <param name="labels">What is true. Shape: that of the predictions.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.mean_squared_error</c>.</remarks>
    public static Output MeanSquaredError(
        Operand labels,
        Output predictions,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("mean_squared_error", labels, predictions, weights, scope, lossCollection, reduction, (graph, truth, said) => graph.SquaredDifference(said, truth));

    /// <summary>The square of small distances, halved, and large ones by themselves.</summary>
    /// <param name="labels">What is true. Shape: that of the predictions.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="delta">Where small ends.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.huber_loss</c>.</remarks>
    public static Output HuberLoss(
        Operand labels,
        Output predictions,
        double delta = 1.0,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("huber_loss", labels, predictions, weights, scope, lossCollection, reduction, (graph, truth, said) =>
        {
            Output error = graph.Abs(graph.Subtract(said, truth));
            Output quadratic = graph.Minimum(error, delta);
            Output linear = graph.Subtract(error, quadratic);
            return graph.AddOperation("Add", null, null, graph.Multiply(0.5, graph.Multiply(quadratic, quadratic)), graph.Multiply(delta, linear))[0];
        });

    /// <summary>The logarithmic loss of predicted probabilities.</summary>
    /// <param name="labels">What is true. Shape: that of the predictions.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="epsilon">Keeps logarithms of 0 away.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.log_loss</c>.</remarks>
    public static Output LogLoss(
        Operand labels,
        Output predictions,
        double epsilon = 1e-7,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("log_loss", labels, predictions, weights, scope, lossCollection, reduction, (graph, truth, said) =>
            -graph.Multiply(truth, graph.Log(said + epsilon)) - graph.Multiply(1.0 - truth, graph.Log((1.0 - said) + epsilon)));

    /// <summary>How far logits are on the wrong side of 1 or -1.</summary>
    /// <param name="labels">0 or 1. Shape: that of the logits.</param>
    /// <param name="logits">What a model says.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.hinge_loss</c>.</remarks>
    public static Output HingeLoss(
        Operand labels,
        Output logits,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("hinge_loss", labels, logits, weights, scope, lossCollection, reduction, (graph, truth, said) =>
        {
            Output ones = graph.OnesLike(truth);
            Output signs = graph.Subtract(2.0 * truth, ones);
            return graph.Relu(graph.Subtract(ones, graph.Multiply(signs, said)));
        });

    // What all of these have in common: both sides as float32, a name scope, and one number made of the losses.
    /// <summary>1 minus the product of unit vectors along an axis.</summary>
    /// <param name="labels">Vectors of length 1. Shape: that of the predictions.</param>
    /// <param name="predictions">Vectors of length 1.</param>
    /// <param name="axis">The axis of one vector.</param>
    /// <param name="weights">A number, or one for each loss; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.cosine_distance</c>.</remarks>
    public static Output CosineDistance(
        Operand labels,
        Output predictions,
        int axis,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights) =>
        OfPairs("cosine_distance_loss", labels, predictions, weights, scope, lossCollection, reduction, (graph, truth, said) =>
            1.0 - graph.ReduceSum(graph.Multiply(said, truth), new[] { axis }, keepDims: true));

    /// <summary>The mean squared difference of the errors of all pairs of elements of one example: what is off by a constant costs nothing.</summary>
    /// <param name="labels">What is true. Shape: [batch, ...], that of the predictions.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="weights">A number, or what broadcasts to the predictions; 1 by default.</param>
    /// <param name="scope">Name scope.</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.losses.mean_pairwise_squared_error</c>.</remarks>
    public static Output MeanPairwiseSquaredError(
        Operand labels, Output predictions, Operand? weights = null, string? scope = null, string? lossCollection = GraphKeys.Losses)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        Graph graph = predictions.Graph;
        using NameScope names = graph.NameScope(scope ?? "mean_pairwise_squared_error");
        Output weight = graph.Cast(weights ?? 1.0, DType.Float32);
        Output truth = graph.Cast(labels, DType.Float32);
        Output said = graph.Cast(predictions, DType.Float32);
        if (!said.Shape.IsCompatibleWith(truth.Shape))
            throw new ArgumentException($"Shapes {said.Shape.ToPythonString()} and {truth.Shape.ToPythonString()} of predictions and labels are incompatible.", nameof(labels));
        RequireBroadcastable(weight, truth);
        Output errors = graph.Subtract(said, truth);
        Output axes = graph.Range(1, graph.Rank(errors), 1);
        Output squares = graph.ReduceSum(graph.Square(errors), axes, keepDims: true);
        Output count = PresentIn(errors, weight, axes);
        Output ofSquares = 2.0 * graph.DivideNoNan(squares, graph.Maximum(count - 1.0, 0.0), "value");
        Output sum = graph.ReduceSum(errors, axes, keepDims: true);
        Output ofSums = 2.0 * graph.DivideNoNan(graph.Square(sum), graph.Maximum(graph.Multiply(count, count - 1.0), 0.0), "value");
        Output total = graph.ReduceSum(graph.Multiply(ofSquares - ofSums, weight));
        Output loss = graph.Where(graph.ReduceSum(count) > 0.0, total, graph.ZerosLike(total), "value");
        AddLoss(loss, lossCollection);
        return loss;
    }

    private static Output OfPairs(
        string defaultScope,
        Operand labels,
        Output predictions,
        Operand? weights,
        string? scope,
        string? lossCollection,
        LossReduction reduction,
        Func<Graph, Output, Output, Output> losses)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        Graph graph = predictions.Graph;
        using NameScope names = graph.NameScope(scope ?? defaultScope);
        Output said = graph.Cast(predictions, DType.Float32);
        Output truth = graph.Cast(labels, DType.Float32);
        if (!said.Shape.IsCompatibleWith(truth.Shape))
            throw new ArgumentException($"Shapes {said.Shape.ToPythonString()} of the predictions and {truth.Shape.ToPythonString()} of the labels are incompatible.", nameof(labels));
        return ComputeWeightedLoss(losses(graph, truth, said), weights, names.Name, lossCollection, reduction);
    }
}
