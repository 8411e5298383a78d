namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The variance of elements over some axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape. DType: floats.</param>
    /// <param name="axis">The axes to take together; all by default.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>The mean of squares, divided by how many there are. Source: TensorFlow's <c>tf.math.reduce_variance</c>.</remarks>
    public static Output ReduceVariance(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "reduce_variance");
        Output x = graph.Convert(input);
        Output means = graph.ReduceMean(x, axis, keepDims: true);
        return graph.ReduceMean(graph.Square(graph.Subtract(x, means)), axis, keepDims);
    }

    /// <summary>The standard deviation of elements over some axes.</summary>
    /// <inheritdoc cref="ReduceVariance"/>
    /// <remarks>Source: TensorFlow's <c>tf.math.reduce_std</c>.</remarks>
    public static Output ReduceStd(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "reduce_std");
        return graph.Sqrt(graph.ReduceVariance(input, axis, keepDims));
    }

    /// <summary>1 / x, and 0 where x is 0.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.math.reciprocal_no_nan</c>.</remarks>
    public static Output ReciprocalNoNan(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "reciprocal_no_nan");
        Output value = graph.Convert(x);
        return graph.DivideNoNan(graph.Cast(1, value.DType), value);
    }

    /// <summary>A polynomial by Horner's scheme.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="coefficients">That of the highest power first. Shapes: broadcast with that of <paramref name="x"/>.</param>
    /// <param name="x">Where. DType: numbers.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Zeros where there are no coefficients.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.math.polyval</c>.</remarks>
    public static Output Polyval(this Graph graph, ReadOnlySpan<Operand> coefficients, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "polyval");
        Output at = graph.Convert(x);
        if (coefficients.IsEmpty)
            return graph.ZerosLike(at);
        Output sum = graph.Convert(coefficients[0], at.DType);
        foreach (Operand coefficient in coefficients[1..])
            sum = graph.Add(graph.Convert(coefficient, at.DType), graph.Multiply(sum, at));
        return sum;
    }

    /// <summary>A number times a tensor.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="scalar">Shape: [].</param>
    /// <param name="x">Any shape.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">The first is no scalar.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.scalar_mul</c>.</remarks>
    public static Output ScalarMul(this Graph graph, Operand scalar, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output value = graph.Convert(x);
        Output factor = graph.Convert(scalar, value.DType);
        return factor.Shape is { HasRank: true, Rank: > 0 }
            ? throw new ArgumentException($"Only scalar multiply works, got shape {factor.Shape}.", nameof(scalar))
            : graph.Multiply(factor, value, name);
    }

    /// <summary>The logarithm of the multivariate beta function of each row.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [..., n]. DType: floats.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [...].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.lbeta</c>.</remarks>
    public static Output Lbeta(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "lbeta");
        Output value = graph.Convert(x, name: "x");
        return graph.Subtract(graph.ReduceSum(graph.Lgamma(value), -1), graph.Lgamma(graph.ReduceSum(value, -1)));
    }

    /// <summary>The logarithm of the sigmoid, without an overflow on the way.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.log_sigmoid</c>.</remarks>
    public static Output LogSigmoid(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "LogSigmoid");
        return graph.Negative(graph.Softplus(graph.Negative(graph.Convert(x, name: "x"))), scope.Name);
    }

    /// <summary>The modified Bessel function of order 0, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.math.bessel_i0</c>: exp(|x|) times the scaled function.</remarks>
    public static Output BesselI0(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "bessel_i0");
        Output value = graph.Convert(x, name: "x");
        return graph.Multiply(graph.Exp(graph.Abs(value)), graph.BesselI0e(value));
    }

    /// <summary>The modified Bessel function of order 1, element by element.</summary>
    /// <inheritdoc cref="BesselI0"/>
    /// <remarks>Source: TensorFlow's <c>tf.math.bessel_i1</c>: exp(|x|) times the scaled function.</remarks>
    public static Output BesselI1(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "bessel_i1");
        Output value = graph.Convert(x, name: "x");
        return graph.Multiply(graph.Exp(graph.Abs(value)), graph.BesselI1e(value));
    }

    /// <summary>Into which of some bins of equal width each value falls; what lies outside counts for the first or last.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">Any shape. DType: numbers.</param>
    /// <param name="valueRange">Shape: [2]; where the first bin begins and the last ends.</param>
    /// <param name="binCount">How many bins there are; 100 by default.</param>
    /// <param name="dtype">int32 or int64.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: that of <paramref name="values"/>.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.histogram_fixed_width_bins</c>.</remarks>
    public static Output HistogramFixedWidthBins(this Graph graph, Operand values, Operand valueRange, Operand binCount = default, DType dtype = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "histogram_fixed_width_bins");
        Output x = graph.Convert(values, name: "values");
        Output flat = graph.Reshape(x, new[] { -1 });
        Output range = graph.Convert(valueRange, x.DType, "value_range");
        Output bins = graph.Convert(binCount.IsMissing ? 100 : binCount, DType.Int32, "nbins");
        DType exact = x.DType.IsFloating() ? x.DType : DType.Float64;
        Output scaled = graph.Divide(graph.Cast(graph.Subtract(flat, range[0]), exact), graph.Cast(graph.Subtract(range[1], range[0]), exact));
        Output places = graph.Floor(graph.Multiply(graph.Cast(bins, exact), scaled));
        Output kept = graph.ClipByValue(places, graph.Cast(0, exact), graph.Cast(graph.Subtract(bins, 1), exact));
        return graph.Reshape(graph.Cast(kept, dtype), graph.Shape(x));
    }

    /// <summary>The average of squares at most a given one: shortens what is longer on average.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="t">Any shape. DType: floats.</param>
    /// <param name="clipNorm">Largest norm per element. Shape: [].</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.clip_by_average_norm</c>.</remarks>
    public static Output ClipByAverageNorm(this Graph graph, Operand t, Operand clipNorm, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "clip_by_average_norm");
        Output x = graph.Convert(t, name: "t");
        Output limit = graph.Convert(clipNorm, x.DType);
        Output count = graph.Cast(graph.Size(x), x.DType);
        Output inverse = graph.Multiply(graph.Rsqrt(graph.ReduceSum(graph.Multiply(x, x))), count);
        Output factor = graph.Minimum(inverse, graph.Divide(graph.Cast(1, x.DType), limit));
        return graph.Multiply(graph.Multiply(x, limit), factor);
    }
}
