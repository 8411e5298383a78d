namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Tuple(Graph, IReadOnlyList{Output}, IReadOnlyList{Operation}, string)"/>
    public static IReadOnlyList<Output> Tuple(IReadOnlyList<Output> tensors, IReadOnlyList<Operation>? controlInputs = null, string? name = null) =>
        Graph.Tuple(tensors, controlInputs, name);

    /// <inheritdoc cref="GraphOps.ReportUninitializedVariables(Graph, IReadOnlyList{Variable}, string)"/>
    public static Output ReportUninitializedVariables(IReadOnlyList<Variable>? variables = null, string name = "report_uninitialized_variables") =>
        Graph.ReportUninitializedVariables(variables, name);

    /// <inheritdoc cref="GraphOps.AssertNear(Graph, Operand, Operand, double?, double?, string, int, string)"/>
    public static Operation AssertNear(Operand x, Operand y, double? rtol = null, double? atol = null, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertNear(x, y, rtol, atol, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertRankAtLeast(Graph, Operand, int, string, string)"/>
    public static Operation AssertRankAtLeast(Operand x, int rank, string? message = null, string? name = null) =>
        Graph.AssertRankAtLeast(x, rank, message, name);

    /// <inheritdoc cref="GraphOps.AssertScalar(Graph, Operand, string)"/>
    public static Output AssertScalar(Operand tensor, string? name = null) => Graph.AssertScalar(tensor, name);

    /// <inheritdoc cref="GraphOps.AssertInteger(Graph, Operand, string, string)"/>
    public static Operation AssertInteger(Operand x, string? message = null, string? name = null) => Graph.AssertInteger(x, message, name);

    /// <inheritdoc cref="GraphOps.AssertType(Graph, Output, DType, string, string)"/>
    public static Operation AssertType(Output tensor, DType dtype, string? message = null, string? name = null) =>
        Graph.AssertType(tensor, dtype, message, name);

    /// <inheritdoc cref="GraphOps.Hessians(Graph, Output, IReadOnlyList{Output}, string)"/>
    public static IReadOnlyList<Output> Hessians(Output ys, IReadOnlyList<Output> xs, string? name = null) => Graph.Hessians(ys, xs, name);
}
