namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Gather(Graph, Variable, Operand, Operand, int, string)"/>
    public static Output Gather(Variable parameters, Operand indices, Operand axis = default, int batchDims = 0, string? name = null) =>
        Graph.Gather(parameters, indices, axis, batchDims, name);
}
