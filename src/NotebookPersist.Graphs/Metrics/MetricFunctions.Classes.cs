namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>The mean over classes of what was rightly told of a class, over all that was told of it or was of it.</summary>
    /// <param name="labels">Classes. Any shape. DType: integers.</param>
    /// <param name="predictions">Shape: that of the labels.</param>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="weights">What each value counts. Shape: that of the labels. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean_iou".</param>
    /// <returns>The measure; classes that never came do not count. The update gives the confusion matrix.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Variable <c>total_confusion_matrix</c>, of type float64. Source: <c>tf.metrics.mean_iou</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanIou(
        Output labels,
        Output predictions,
        int numClasses,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        RequireSameShape(labels, predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 1);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, "mean_iou");
        Variable total = Counter(graph, "total_confusion_matrix", [numClasses, numClasses], DType.Float64);
        Output said = Flat(graph.Cast(predictions, DType.Int64)), truth = Flat(graph.Cast(labels, DType.Int64));
        Operand weight = weights.IsMissing ? default : (Operand)Flat(graph.Convert(weights));
        Output update = total.AssignAdd(graph.ConfusionMatrix(truth, said, numClasses, weight, DType.Float64));

        Output ofPredictions = graph.Cast(graph.ReduceSum(total.Value, 0), DType.Float32), ofLabels = graph.Cast(graph.ReduceSum(total.Value, 1), DType.Float32);
        Output right = graph.Cast(graph.DiagPart(total.Value), DType.Float32);
        Output either = ofPredictions + ofLabels - right;
        Output seen = graph.ReduceSum(graph.Cast(graph.NotEqual(either, 0.0), DType.Float32));
        either = graph.Where(graph.Greater(either, 0.0), either, graph.OnesLike(either));
        Output sum = graph.ReduceSum(graph.Divide(right, either, "div"), name: "mean_iou");
        Output value = graph.Where(graph.Greater(seen, 0.0), sum / seen, 0.0);
        return new Listing(metricsCollections, updatesCollections).Add(value, update);
    }

    /// <summary>The mean over classes of how many of a class were told to be of it.</summary>
    /// <param name="labels">Classes. Any shape. DType: integers.</param>
    /// <param name="predictions">Shape: that of the labels.</param>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="weights">What each value counts. Shape: that of the labels. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean_accuracy".</param>
    /// <returns>The mean, in which classes that never came count 0, and the update, which gives the part of each class.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Variables <c>total</c> and <c>count</c>, one element a class. Source: <c>tf.metrics.mean_per_class_accuracy</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanPerClassAccuracy(
        Output labels,
        Output predictions,
        int numClasses,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 1);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, "mean_accuracy");
        labels = Flat(graph.Cast(labels, DType.Int64));
        predictions = Flat(predictions);
        RequireSameShape(labels, predictions);
        Variable total = Counter(graph, "total", [numClasses]), count = Counter(graph, "count", [numClasses]);
        Output ones = graph.Ones(graph.Stack([graph.Size(labels)], name: "ones/shape"), DType.Float32);
        Output right = graph.Cast(graph.Equal(graph.Cast(predictions, DType.Int64), labels), DType.Float32);
        if (!weights.IsMissing)
        {
            Output weight = graph.Cast(Flat(graph.Convert(weights)), DType.Float32);
            (right, ones) = (right * weight, ones * weight);
        }

        Output newTotal = total.ScatterAdd(new IndexedSlices(ones, labels)), newCount = count.ScatterAdd(new IndexedSlices(right, labels));
        Output value = graph.ReduceMean(graph.DivideNoNan(count, graph.Maximum(total.Value, 0.0)), name: "mean_accuracy");
        return new Listing(metricsCollections, updatesCollections).Add(value, graph.DivideNoNan(newCount, graph.Maximum(newTotal, 0.0), "update_op"));
    }

    private static Output Flat(Output x) => x.Shape.Rank is 0 or 1 ? x : x.Graph.Reshape(x, new[] { -1 });

    private static void RequireSameShape(Output labels, Output predictions)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        if (!predictions.Shape.IsCompatibleWith(labels.Shape))
            throw new ArgumentException($"Shapes {predictions.Shape.ToPythonString()} and {labels.Shape.ToPythonString()} are incompatible: predictions '{predictions.Name}' and labels '{labels.Name}'.", nameof(labels));
    }
}
