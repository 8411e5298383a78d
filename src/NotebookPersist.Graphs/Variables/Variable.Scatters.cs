namespace NotebookPersist;

public partial class Variable
{
    /// <summary>A node that adds rows to the variable's rows.</summary>
    /// <param name="sparseDelta">The rows, and where they belong; rows of one place add up.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The new value.</returns>
    public virtual Output ScatterAdd(IndexedSlices sparseDelta, bool useLocking = false, string? name = null) => Scatter("ScatterAdd", sparseDelta, useLocking, name);

    /// <summary>A node that subtracts rows from the variable's rows.</summary>
    /// <inheritdoc cref="ScatterAdd"/>
    public virtual Output ScatterSub(IndexedSlices sparseDelta, bool useLocking = false, string? name = null) => Scatter("ScatterSub", sparseDelta, useLocking, name);

    /// <summary>A node that puts rows in the place of the variable's rows.</summary>
    /// <inheritdoc cref="ScatterAdd"/>
    public virtual Output ScatterUpdate(IndexedSlices sparseDelta, bool useLocking = false, string? name = null) => Scatter("ScatterUpdate", sparseDelta, useLocking, name);

    private Output Scatter(string operation, IndexedSlices sparseDelta, bool useLocking, string? name)
    {
        ArgumentNullException.ThrowIfNull(sparseDelta);
        if (IsResource)
            return ReadAfter(Graph.AddOperation("Resource" + operation, name, null, Reference, sparseDelta.Indices, sparseDelta.Values));
        return Graph.AddOperation(operation, name, new Graphs.OpModel.AttributeList { { "use_locking", useLocking } }, Reference, sparseDelta.Indices, sparseDelta.Values)[0];
    }
}
