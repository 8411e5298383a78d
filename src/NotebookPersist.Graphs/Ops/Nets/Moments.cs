namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Mean and (biased) variance over some axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="axes">The axes to take them over.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name of the scope.</param>
    /// <remarks>Source: <c>tf.nn.moments</c>.</remarks>
    public static (Output Mean, Output Variance) Moments(this Graph graph, Operand x, Axes axes, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "moments");
        Output given = graph.AsOutput(x, "x");
        Output y = given.DType == DType.Float16 ? graph.Cast(given, DType.Float32) : given;
        int[] along = axes.Required(nameof(axes));
        Output mean = MeanOf(graph, y, along, "mean");
        Output squares = graph.AddOperation("SquaredDifference", null, null, y, graph.StopGradient(mean))[0];
        Output variance = MeanOf(graph, squares, along, "variance");
        if (!keepDims)
        {
            mean = graph.Squeeze(mean, axes);
            variance = graph.Squeeze(variance, axes);
        }

        return given.DType == y.DType ? (mean, variance) : (graph.Cast(mean, given.DType), graph.Cast(variance, given.DType));
    }

    /// <summary>Batch normalisation of single operations: (x - mean) * scale / sqrt(variance + epsilon) + offset.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="mean">Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="variance">Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="offset">Added at the end; may be left out.</param>
    /// <param name="scale">Multiplied with; may be left out.</param>
    /// <param name="varianceEpsilon">Added to the variance.</param>
    /// <param name="name">Name of the scope.</param>
    /// <remarks>Source: <c>tf.nn.batch_normalization</c>.</remarks>
    public static Output BatchNormalization(
        this Graph graph, Output x, Output mean, Output variance, Operand offset, Operand scale, Operand varianceEpsilon, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        using NameScope scope = graph.NameScope(name ?? "batchnorm");
        Output inverse = graph.AddOperation("Rsqrt", null, null, variance + varianceEpsilon)[0];
        if (!scale.IsMissing)
            inverse *= scale;
        Output scaled = x * CastTo(graph, inverse, x.DType);
        Output shift = offset.IsMissing ? -mean * inverse : offset - (mean * inverse);
        return scaled + CastTo(graph, shift, x.DType);
    }

    /// <summary>x / sqrt(max(sum(x^2), epsilon)) over some axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="axis">The axes of one vector; all where left out.</param>
    /// <param name="epsilon">Least sum of squares.</param>
    /// <param name="name">Name of the scope and of the last node.</param>
    /// <remarks>Source: <c>tf.math.l2_normalize</c>.</remarks>
    public static Output L2Normalize(this Graph graph, Operand x, Operand axis = default, double epsilon = 1e-12, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "l2_normalize");
        Output input = graph.AsOutput(x, "x");
        Output square = graph.AddOperation("Square", null, null, input)[0];
        Operand over = !axis.IsMissing ? axis
            : input.Shape.HasRank ? Enumerable.Range(0, input.Shape.Rank).ToArray()
            : graph.Range(0, graph.Rank(square), 1);
        Output sum = graph.AddOperation("Sum", null, new() { { "keep_dims", true } }, square, over)[0];
        Output inverse = graph.AddOperation("Rsqrt", null, null, graph.AddOperation("Maximum", null, null, sum, epsilon)[0])[0];
        return graph.Multiply(input, inverse, scope.Name);
    }

    private static Output MeanOf(Graph graph, Output x, int[] axes, string name) =>
        graph.AddOperation("Mean", name, new() { { "keep_dims", true } }, x, axes)[0];

    private static Output CastTo(Graph graph, Output x, DType dtype) => x.DType == dtype ? x : graph.Cast(x, dtype);
}
