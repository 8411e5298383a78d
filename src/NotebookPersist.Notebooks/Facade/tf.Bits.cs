namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.UnravelIndex(Graph, Operand, Operand, string)"/>
    public static Output UnravelIndex(Operand indices, Operand dims, string? name = null) => Graph.UnravelIndex(indices, dims, name);

    /// <inheritdoc cref="GraphOps.NthElement(Graph, Operand, Operand, bool, string)"/>
    public static Output NthElement(Operand input, Operand n, bool reverse = false, string? name = null) => Graph.NthElement(input, n, reverse, name);

    /// <inheritdoc cref="GraphOps.Invert(Graph, Operand, string)"/>
    public static Output Invert(Operand x, string? name = null) => Graph.Invert(x, name);

    /// <inheritdoc cref="GraphOps.PopulationCount(Graph, Operand, string)"/>
    public static Output PopulationCount(Operand x, string? name = null) => Graph.PopulationCount(x, name);

    /// <inheritdoc cref="GraphOps.NextAfter(Graph, Operand, Operand, string)"/>
    public static Output NextAfter(Operand x1, Operand x2, string? name = null) => Graph.NextAfter(x1, x2, name);

    /// <inheritdoc cref="GraphOps.BesselI0e(Graph, Operand, string)"/>
    public static Output BesselI0e(Operand x, string? name = null) => Graph.BesselI0e(x, name);

    /// <inheritdoc cref="GraphOps.BesselI1e(Graph, Operand, string)"/>
    public static Output BesselI1e(Operand x, string? name = null) => Graph.BesselI1e(x, name);

    /// <inheritdoc cref="GraphOps.CumulativeLogsumexp(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output CumulativeLogsumexp(Operand x, Operand axis = default, bool exclusive = false, bool reverse = false, string? name = null) =>
        Graph.CumulativeLogsumexp(x, axis, exclusive, reverse, name);
}
