namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.ReduceVariance(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceVariance(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceVariance(input, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceStd(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceStd(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceStd(input, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReciprocalNoNan(Graph, Operand, string)"/>
    public static Output ReciprocalNoNan(Operand x, string? name = null) => Graph.ReciprocalNoNan(x, name);

    /// <inheritdoc cref="GraphOps.Polyval(Graph, ReadOnlySpan{Operand}, Operand, string)"/>
    public static Output Polyval(ReadOnlySpan<Operand> coefficients, Operand x, string? name = null) => Graph.Polyval(coefficients, x, name);

    /// <inheritdoc cref="GraphOps.ScalarMul(Graph, Operand, Operand, string)"/>
    public static Output ScalarMul(Operand scalar, Operand x, string? name = null) => Graph.ScalarMul(scalar, x, name);

    /// <inheritdoc cref="GraphOps.Lbeta(Graph, Operand, string)"/>
    public static Output Lbeta(Operand x, string? name = null) => Graph.Lbeta(x, name);

    /// <inheritdoc cref="GraphOps.LogSigmoid(Graph, Operand, string)"/>
    public static Output LogSigmoid(Operand x, string? name = null) => Graph.LogSigmoid(x, name);

    /// <inheritdoc cref="GraphOps.BesselI0(Graph, Operand, string)"/>
    public static Output BesselI0(Operand x, string? name = null) => Graph.BesselI0(x, name);

    /// <inheritdoc cref="GraphOps.BesselI1(Graph, Operand, string)"/>
    public static Output BesselI1(Operand x, string? name = null) => Graph.BesselI1(x, name);

    /// <inheritdoc cref="GraphOps.HistogramFixedWidthBins(Graph, Operand, Operand, Operand, DType, string)"/>
    public static Output HistogramFixedWidthBins(Operand values, Operand valueRange, Operand binCount = default, DType dtype = DType.Int32, string? name = null) =>
        Graph.HistogramFixedWidthBins(values, valueRange, binCount, dtype, name);

    /// <inheritdoc cref="GraphOps.ClipByAverageNorm(Graph, Operand, Operand, string)"/>
    public static Output ClipByAverageNorm(Operand t, Operand clipNorm, string? name = null) => Graph.ClipByAverageNorm(t, clipNorm, name);
}
