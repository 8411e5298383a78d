namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>The mean of cosine distances of vectors of length 1.</summary>
    /// <param name="labels">Any shape; vectors along <paramref name="dim"/>.</param>
    /// <param name="predictions">Shape: that of the labels.</param>
    /// <param name="dim">The axis along which the vectors lie.</param>
    /// <param name="weights">What each distance counts; broadcasts to them. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean_cosine_distance".</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Source: <c>tf.metrics.mean_cosine_distance</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanCosineDistance(
        Output labels,
        Output predictions,
        int dim,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        Graph graph = predictions.Graph;
        Output products = graph.ReduceSum(graph.Multiply(predictions, labels), new[] { dim }, keepDims: true);
        (Output mean, Output update) = Mean(products, weights, Listing.None, name ?? "mean_cosine_distance", "mean");
        return new Listing(metricsCollections, updatesCollections).Add(graph.Subtract(1.0, mean), graph.Subtract(1.0, update));
    }

    /// <summary>The mean of absolute differences, each divided by a number.</summary>
    /// <param name="labels">Any shape.</param>
    /// <param name="predictions">Shape: that of the labels.</param>
    /// <param name="normalizer">What the differences are divided by; where it is 0 the error is 0. Shape: that of the predictions.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean_relative_error".</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Source: <c>tf.metrics.mean_relative_error</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanRelativeError(
        Output labels,
        Output predictions,
        Output normalizer,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        (predictions, labels) = Squeezed(predictions, labels);
        (predictions, normalizer) = Squeezed(predictions, normalizer);
        Graph graph = predictions.Graph;
        Output relative = graph.Divide(graph.Abs(labels - predictions), normalizer, "div");
        Output errors = graph.Where(graph.Equal(normalizer, 0.0), graph.ZerosLike(labels), relative);
        return Mean(errors, weights, new Listing(metricsCollections, updatesCollections), name ?? "mean_relative_error", "mean");
    }

    /// <summary>The mean of each element.</summary>
    /// <param name="values">Shape: fully known. DType: numbers.</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "mean".</param>
    /// <returns>Shape: that of the values. DType: float32.</returns>
    /// <exception cref="ArgumentException">The shape is not known, so the variables cannot be made.</exception>
    /// <remarks>Variables <c>total_tensor</c> and <c>count_tensor</c>. Source: <c>tf.metrics.mean_tensor</c>.</remarks>
    public static (Output Value, Output UpdateOp) MeanTensor(
        Output values, Operand weights = default, IReadOnlyList<string>? metricsCollections = null, IReadOnlyList<string>? updatesCollections = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!values.Shape.IsFullyKnown)
            throw new ArgumentException($"The shape of the values must be known, for variables of it; '{values.Name}' has shape {values.Shape.ToPythonString()}.", nameof(values));
        Graph graph = values.Graph;
        using VariableScope scope = Enter(graph, name, "mean");
        values = graph.Cast(values, DType.Float32);
        Variable total = Counter(graph, "total_tensor", values.Shape), count = Counter(graph, "count_tensor", values.Shape);
        Output number = graph.OnesLike(values);
        if (!weights.IsMissing)
        {
            Output weight = Weights(weights, values);
            (values, number) = (graph.Multiply(values, weight), graph.Multiply(number, weight));
        }

        Output newTotal = total.AssignAdd(values);
        Output newCount;
        using (graph.ControlDependencies(values.Operation))
            newCount = count.AssignAdd(number);
        Output value = graph.DivideNoNan(total, graph.Maximum(count.Value, 0.0), "value");
        return new Listing(metricsCollections, updatesCollections).Add(value, graph.DivideNoNan(newTotal, graph.Maximum(newCount, 0.0), "update_op"));
    }

    /// <summary>The part of values that is below a threshold.</summary>
    /// <param name="values">Any shape. DType: numbers.</param>
    /// <param name="threshold">Shape: [].</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "percentage_below_threshold".</param>
    /// <returns>From 0 to 1.</returns>
    /// <remarks>Source: <c>tf.metrics.percentage_below</c>.</remarks>
    public static (Output Value, Output UpdateOp) PercentageBelow(
        Output values,
        Operand threshold,
        Operand weights = default,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Graph graph = values.Graph;
        Output below = graph.Cast(graph.Less(values, threshold), DType.Float32);
        return Mean(below, weights, new Listing(metricsCollections, updatesCollections), name ?? "percentage_below_threshold", "mean");
    }
}
