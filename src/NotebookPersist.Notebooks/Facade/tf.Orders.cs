namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Sort(Graph, Operand, int, bool, string)"/>
    public static Output Sort(Operand values, int axis = -1, bool descending = false, string? name = null) =>
        Graph.Sort(values, axis, descending, name);

    /// <inheritdoc cref="GraphOps.ArgSort(Graph, Operand, int, bool, string)"/>
    public static Output ArgSort(Operand values, int axis = -1, bool descending = false, string? name = null) =>
        Graph.ArgSort(values, axis, descending, name);

    /// <inheritdoc cref="GraphOps.BatchGather(Graph, Operand, Operand, string)"/>
    public static Output BatchGather(Operand parameters, Operand indices, string? name = null) => Graph.BatchGather(parameters, indices, name);

    /// <inheritdoc cref="GraphOps.Repeat(Graph, Operand, Operand, int?, string)"/>
    public static Output Repeat(Operand input, Operand repeats, int? axis = null, string? name = null) => Graph.Repeat(input, repeats, axis, name);

    /// <inheritdoc cref="GraphOps.IsNonDecreasing(Graph, Operand, string)"/>
    public static Output IsNonDecreasing(Operand x, string? name = null) => Graph.IsNonDecreasing(x, name);

    /// <inheritdoc cref="GraphOps.IsStrictlyIncreasing(Graph, Operand, string)"/>
    public static Output IsStrictlyIncreasing(Operand x, string? name = null) => Graph.IsStrictlyIncreasing(x, name);
}
