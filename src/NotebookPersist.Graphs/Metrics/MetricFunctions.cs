namespace NotebookPersist;

/// <summary>Measures of predictions that add up over many runs, in local variables.</summary>
/// <remarks>
/// Each gives the measure of all that was added so far, and what adds a batch when it is run and gives the measure after it.
/// Initialise with <see cref="Graph.LocalVariablesInitializer"/>. They build in the graph of the predictions. Thread safety: as that graph.
/// Source: TensorFlow 1.15's <c>tf.metrics</c>, with its names of variables.
/// </remarks>
public static partial class MetricFunctions
{
    /// <summary>The mean of values.</summary>
    /// <param name="values">Any shape. DType: numbers.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean".</param>
    /// <remarks>Variables <c>total</c> and <c>count</c>. Source: <c>tf.metrics.mean</c>.</remarks>
    public static (Output Value, Output UpdateOp) Mean(
        Output values, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Mean(values, weights, new Listing(metricsCollections, updatesCollections), name, "mean");
    }

    /// <summary>How many predictions are equal to their labels.</summary>
    /// <param name="labels">Any shape.</param>
    /// <param name="predictions">Shape: that of the labels.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "accuracy".</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Source: <c>tf.metrics.accuracy</c>.</remarks>
    public static (Output Value, Output UpdateOp) Accuracy(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        Graph graph = predictions.Graph;
        if (labels.DType != predictions.DType)
            predictions = graph.Cast(predictions, labels.DType);
        Output correct = graph.Cast(graph.Equal(predictions, labels), DType.Float32);
        return Mean(correct, weights, new Listing(metricsCollections, updatesCollections), name ?? "accuracy", "mean");
    }

    /// <summary>The mean of squared differences.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <remarks>Source: <c>tf.metrics.mean_squared_error</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanSquaredError(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        return Mean(predictions.Graph.SquaredDifference(predictions, labels), weights, new Listing(metricsCollections, updatesCollections), name ?? "mean_squared_error", "mean");
    }

    /// <summary>The mean of absolute differences.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <remarks>Source: <c>tf.metrics.mean_absolute_error</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanAbsoluteError(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        return Mean(predictions.Graph.Abs(predictions - labels), weights, new Listing(metricsCollections, updatesCollections), name ?? "mean_absolute_error", "mean");
    }

    /// <summary>The root of the mean of squared differences.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <remarks>Source: <c>tf.metrics.root_mean_squared_error</c>.</remarks>
    public static (Output Value, Output UpdateOp) RootMeanSquaredError(
        Output labels, Output predictions, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        Graph graph = predictions.Graph;
        (Output mean, Output update) = Mean(graph.SquaredDifference(predictions, labels), weights, Listing.None, name ?? "root_mean_squared_error", "mean");
        return new Listing(metricsCollections, updatesCollections).Add(graph.Sqrt(mean), graph.Sqrt(update));
    }

    private static (Output Value, Output UpdateOp) Mean(Output values, Operand weights, Listing listing, string? name, string defaultName)
    {
        Graph graph = values.Graph;
        using VariableScope scope = Enter(graph, name, defaultName);
        values = graph.Cast(values, DType.Float32);
        Variable total = Counter(graph, "total", []), count = Counter(graph, "count", []);
        Output number;
        if (weights.IsMissing)
        {
            number = graph.Cast(graph.Size(values), DType.Float32);
        }
        else
        {
            Output weight = Weights(weights, values);
            values = graph.Multiply(values, weight);
            number = graph.ReduceSum(weight);
        }

        Output newTotal = total.AssignAdd(graph.ReduceSum(values));
        Output newCount;
        using (graph.ControlDependencies(values.Operation))
            newCount = count.AssignAdd(number);
        Output value = graph.DivideNoNan(total, graph.Maximum(count.Value, 0.0), "value");
        return listing.Add(value, graph.DivideNoNan(newTotal, graph.Maximum(newCount, 0.0), "update_op"));
    }

    private static VariableScope Enter(Graph graph, string? name, string defaultName) =>
        name is null ? graph.UniqueVariableScope(defaultName) : graph.VariableScope(name);

    private static Variable Counter(Graph graph, string name, Shape shape, DType dtype = DType.Float32) =>
        graph.Variable(() => graph.Zeros(shape, dtype), dtype, shape, name, trainable: false, collections: [GraphKeys.LocalVariables, GraphKeys.MetricVariables]);

    // Weights as wide as the values.
    private static Output Weights(Operand weights, Output values)
    {
        Graph graph = values.Graph;
        Output weight = TrailingOnes.Weights(graph.Cast(weights, DType.Float32), values, expands: true);
        LossFunctions.RequireBroadcastable(weight, values);
        return weight.Shape.IsFullyKnown && values.Shape == weight.Shape ? weight : graph.Multiply(weight, graph.OnesLike(values), "broadcast_weights");
    }

    // Of [batch] and [batch, 1] the second one loses its last dimension.
    private static (Output Predictions, Output Labels) Squeezed(Output predictions, Output labels)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(labels);
        (labels, predictions) = TrailingOnes.Matched(labels, predictions);
        return predictions.Shape.IsCompatibleWith(labels.Shape)
            ? (predictions, labels)
            : throw new ArgumentException($"Shapes {predictions.Shape.ToPythonString()} and {labels.Shape.ToPythonString()} are incompatible: predictions '{predictions.Name}' and labels '{labels.Name}'.", nameof(labels));
    }

    private readonly record struct Listing(IReadOnlyList<string>? Metrics, IReadOnlyList<string>? Updates)
    {
        public static readonly Listing None = new(null, null);

        public (Output Value, Output UpdateOp) Add((Output Value, Output UpdateOp) metric) => Add(metric.Value, metric.UpdateOp);

        public (Output Value, Output UpdateOp) Add(Output value, Output update)
        {
            foreach (string key in Metrics ?? [])
                value.Graph.AddToCollection(key, value);
            foreach (string key in Updates ?? [])
                update.Graph.AddToCollection(key, update);
            return (value, update);
        }
    }
}
