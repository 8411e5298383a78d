using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Picks slices of a variable by their positions along a dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">Of one behind a resource handle only the slices are read, where the dimension is the first.</param>
    /// <param name="indices">Positions, int32 or int64, any shape.</param>
    /// <param name="axis">The dimension, counted from the end where negative; by default the first. A scalar.</param>
    /// <param name="batchDims">So many leading dimensions the two have in common.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.gather</c>, ops "GatherV2" and "ResourceGather".</remarks>
    public static Output Gather(this Graph graph, Variable parameters, Operand indices, Operand axis = default, int batchDims = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        bool isFirst = batchDims == 0 && (axis.IsMissing || (axis.Value is { Count: 1 } constant && constant.ItemAt<long>(0) == 0));
        if (!isFirst || parameters is PartitionedVariable || !parameters.IsResource)
            return graph.Gather(parameters.Value, indices, axis, batchDims, name);
        Output rows;
        using (NameScope scope = graph.NameScope(name ?? "Gather"))
            rows = graph.AddOperation("ResourceGather", scope.Name, new AttributeList { { "dtype", parameters.DType } }, parameters.Reference, indices)[0];
        return graph.Identity(rows);
    }
}
