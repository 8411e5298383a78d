namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>max(x, 0) and max(-x, 0), side by side.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: numbers.</param>
    /// <param name="axis">The axis along which they lie side by side.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.crelu</c>.</remarks>
    public static Output Crelu(this Graph graph, Operand features, int axis = -1, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "CRelu");
        Output x = graph.Convert(features, name: "features");
        return graph.Relu(graph.Concat([x, graph.Negative(x)], axis, scope.Name));
    }

    /// <summary>x * sigmoid(x).</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.swish</c>, which hides the two nodes in a function.</remarks>
    public static Output Swish(this Graph graph, Operand features, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "swish");
        Output x = graph.Convert(features, name: "features");
        return graph.Multiply(x, graph.Sigmoid(x), scope.Name);
    }

    /// <summary>x times a matrix, plus biases.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [batch, in].</param>
    /// <param name="weights">Shape: [in, out].</param>
    /// <param name="biases">Shape: [out].</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.xw_plus_b</c>.</remarks>
    public static Output XwPlusB(this Graph graph, Operand x, Operand weights, Operand biases, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "xw_plus_b");
        return graph.BiasAdd(Product(graph, x, weights), graph.Convert(biases, name: "biases"), name: scope.Name);
    }

    /// <summary>max(x times a matrix plus biases, 0).</summary>
    /// <inheritdoc cref="XwPlusB"/>
    /// <remarks>Source: TensorFlow's <c>tf.nn.relu_layer</c>.</remarks>
    public static Output ReluLayer(this Graph graph, Operand x, Operand weights, Operand biases, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "relu_layer");
        return graph.Relu(graph.BiasAdd(Product(graph, x, weights), graph.Convert(biases, name: "biases")), scope.Name);
    }

    /// <summary>Which part of the elements is zero.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Any shape. DType: numbers.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: []. DType: float32. NaN where there are no elements.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.zero_fraction</c>, which counts small values in 32 bits.</remarks>
    public static Output ZeroFraction(this Graph graph, Operand value, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "zero_fraction");
        Output x = graph.Convert(value, name: "value");
        Output size = graph.Size(x, DType.Int64);
        Output zeros = size - graph.CountNonzero(x);
        return graph.Identity(graph.Cast(zeros, DType.Float32) / graph.Cast(size, DType.Float32), "fraction");
    }

    /// <summary>The loss of a Poisson model that predicts the logarithm of what is counted.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="targets">What was counted. DType: floats.</param>
    /// <param name="logInput">Logarithm of the prediction. Shape: that of <paramref name="targets"/>.</param>
    /// <param name="computeFullLoss">Whether Stirling's approximation of the constant term is added.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Element by element.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.log_poisson_loss</c>.</remarks>
    public static Output LogPoissonLoss(this Graph graph, Operand targets, Operand logInput, bool computeFullLoss = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "log_poisson_loss");
        Output logs = graph.Convert(logInput, name: "log_input");
        Output counted = graph.Convert(targets, logs.DType, "targets");
        RequireSame(counted, logs, "log_input and targets", nameof(targets));
        Output loss = graph.Exp(logs) - (logs * counted);
        if (!computeFullLoss)
            return loss;
        Output stirling = (counted * graph.Log(counted)) - counted + (0.5 * graph.Log(2 * Math.PI * counted));
        Output isSmall = graph.LogicalAnd(counted >= 0.0, counted <= 1.0);
        return loss + graph.Where(isSmall, graph.ZerosLike(counted), stirling);
    }

    /// <summary>Cross-entropy of sigmoids where positive labels count more, or less.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">0 to 1. Shape: that of <paramref name="logits"/>.</param>
    /// <param name="logits">Any shape. DType: floats.</param>
    /// <param name="posWeight">What a positive label counts.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Element by element.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.weighted_cross_entropy_with_logits</c>.</remarks>
    public static Output WeightedCrossEntropyWithLogits(this Graph graph, Operand labels, Operand logits, Operand posWeight, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "logistic_loss");
        Output x = graph.Convert(logits, name: "logits");
        Output z = graph.Convert(labels, x.DType, "labels");
        RequireSame(z, x, "logits and labels", nameof(labels));
        Output weight = 1.0 + ((graph.Convert(posWeight, x.DType) - 1.0) * z);
        Output logs = graph.Log1p(graph.Exp(graph.Negative(graph.Abs(x)))) + graph.Relu(graph.Negative(x));
        return graph.Add((1.0 - z) * x, weight * logs, scope.Name);
    }

    /// <summary>Mean and variance over some axes, where each element counts as often as a weight says.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="axes">The axes to take them over.</param>
    /// <param name="frequencyWeights">Shape: broadcasts to that of <paramref name="x"/>.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.weighted_moments</c>.</remarks>
    public static (Output Mean, Output Variance) WeightedMoments(this Graph graph, Operand x, Axes axes, Operand frequencyWeights, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "weighted_moments");
        Output given = graph.Convert(x, name: "x");
        Output value = given.DType == DType.Float16 ? graph.Cast(given, DType.Float32) : given;
        Output weights = graph.Cast(graph.Convert(frequencyWeights, frequencyWeights.IsLiteral ? value.DType : DType.Invalid, "frequency_weights"), value.DType);
        int[] along = axes.Required(nameof(axes));
        Output sum = graph.ReduceSum(weights * value, along, keepDims: true, "weighted_input_sum");
        Output total = graph.ReduceSum(weights + graph.ZerosLike(value), along, keepDims: true, "sum_of_weights");
        Output divisor = graph.Reciprocal(total, "inv_weight_sum");
        Output mean = graph.Multiply(sum, divisor);
        Output squares = graph.ReduceSum(weights * graph.SquaredDifference(value, mean), along, keepDims: true, "weighted_distsq");
        Output variance = graph.Multiply(squares, divisor);
        if (!keepDims)
            (mean, variance) = (graph.Squeeze(mean, axes), graph.Squeeze(variance, axes));
        return given.DType == value.DType ? (mean, variance) : (graph.Cast(mean, given.DType), graph.Cast(variance, given.DType));
    }

    /// <summary>What mean and variance are computed of: number, sum and sum of squares over some axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="axes">The axes to take them over.</param>
    /// <param name="shift">A number near the mean, which keeps digits; left out for 0.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>The shift is the one given, or null.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.sufficient_statistics</c>.</remarks>
    public static (Output Count, Output Sum, Output SumOfSquares, Output? Shift) SufficientStatistics(
        this Graph graph, Operand x, Axes axes, Operand shift = default, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int[] over = [.. axes.Required(nameof(axes)).Distinct()];
        using NameScope scope = graph.NameScope(name ?? "sufficient_statistics");
        Output value = graph.Convert(x, name: "x");
        Output count = value.Shape.HasRank && over.All(a => value.Shape[a < 0 ? a + value.Shape.Rank : a] >= 0)
            ? graph.Constant((double)over.Aggregate(1L, (n, a) => n * value.Shape[a < 0 ? a + value.Shape.Rank : a]), value.DType)
            : graph.ReduceProd(graph.Gather(graph.Cast(graph.Shape(value), value.DType), over), name: "count");
        Output? offset = shift.IsMissing ? null : graph.Convert(shift, value.DType, "shift");
        Output sum = graph.ReduceSum(offset is null ? value : graph.Subtract(value, offset), over, keepDims, "mean_ss");
        Output squares = graph.ReduceSum(offset is null ? graph.Square(value) : graph.SquaredDifference(value, offset), over, keepDims, "var_ss");
        return (count, sum, squares, offset);
    }

    /// <summary>Mean and variance of what <see cref="SufficientStatistics"/> tells.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="counts">The number of elements.</param>
    /// <param name="meanSs">Their sum.</param>
    /// <param name="varianceSs">The sum of their squares.</param>
    /// <param name="shift">The number that was subtracted first; left out for 0.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.normalize_moments</c>.</remarks>
    public static (Output Mean, Output Variance) NormalizeMoments(this Graph graph, Operand counts, Operand meanSs, Operand varianceSs, Operand shift = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "normalize");
        Output divisor = graph.Reciprocal(counts, "divisor");
        Output shifted = graph.Multiply(meanSs, divisor, shift.IsMissing ? "mean" : "shifted_mean");
        Output mean = shift.IsMissing ? shifted : graph.Add(shifted, shift, "mean");
        return (mean, graph.Subtract(graph.Multiply(varianceSs, divisor), graph.Square(shifted), "variance"));
    }

    private static Output Product(Graph graph, Operand x, Operand weights)
    {
        Output rows = graph.Convert(x, name: "x");
        return graph.MatMul(rows, graph.Convert(weights, rows.DType, "weights"));
    }

    private static void RequireSame(Output a, Output b, string what, string parameter)
    {
        if (!a.Shape.IsCompatibleWith(b.Shape))
            throw new ArgumentException($"{what} must have the same shape ({b.Shape.ToPythonString()} vs {a.Shape.ToPythonString()}).", parameter);
    }
}
