namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>True where one of both is and the other is not, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: bool.</param>
    /// <param name="y">DType: bool. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Name of the last node.</param>
    /// <returns>DType: bool. Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.logical_xor</c>: there is no op of its own.</remarks>
    public static Output LogicalXor(this Graph graph, Output x, Output y, string name = "LogicalXor") =>
        graph.LogicalAnd(graph.LogicalOr(x, y), graph.LogicalNot(graph.LogicalAnd(x, y)), name);
}
