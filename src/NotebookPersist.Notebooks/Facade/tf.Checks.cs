namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.AssertEqual(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertEqual(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertGreater(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertGreater(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertGreater(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertGreaterEqual(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertGreaterEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertGreaterEqual(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertLess(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertLess(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertLess(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertLessEqual(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertLessEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertLessEqual(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertNegative(Graph, Operand, string, int, string)"/>
    public static Operation AssertNegative(Operand x, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertNegative(x, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertNonNegative(Graph, Operand, string, int, string)"/>
    public static Operation AssertNonNegative(Operand x, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertNonNegative(x, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertNonPositive(Graph, Operand, string, int, string)"/>
    public static Operation AssertNonPositive(Operand x, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertNonPositive(x, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertNoneEqual(Graph, Operand, Operand, string, int, string)"/>
    public static Operation AssertNoneEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertNoneEqual(x, y, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertPositive(Graph, Operand, string, int, string)"/>
    public static Operation AssertPositive(Operand x, string? message = null, int summarize = 3, string? name = null) =>
        Graph.AssertPositive(x, message, summarize, name);

    /// <inheritdoc cref="GraphOps.AssertRank(Graph, Operand, int, string, string)"/>
    public static Operation AssertRank(Operand x, int rank, string? message = null, string? name = null) => Graph.AssertRank(x, rank, message, name);

    /// <inheritdoc cref="GraphOps.VerifyTensorAllFinite(Graph, Operand, string, string)"/>
    public static Output VerifyTensorAllFinite(Operand t, string msg, string? name = null) => Graph.VerifyTensorAllFinite(t, msg, name);
}
