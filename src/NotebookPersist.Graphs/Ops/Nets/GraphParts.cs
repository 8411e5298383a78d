namespace NotebookPersist;

/// <summary>Small steps of composed operations that TensorFlow's Python takes without saying so.</summary>
internal static class GraphParts
{
    /// <summary>The symbolic value, or a constant made of the plain one.</summary>
    public static Output AsOutput(this Graph graph, Operand operand, string name) =>
        operand.Output ?? graph.Constant(operand, name: name);

    /// <summary>A run of a vector's elements, with the nodes of Python's slicing.</summary>
    public static Output PartOf(this Graph graph, Output vector, Range range)
    {
        using NameScope scope = graph.NameScope("strided_slice");
        (bool openStart, bool openEnd) = (range.Start.Equals(Index.Start), range.End.Equals(Index.End));
        Output begin = graph.Constant(new[] { Position(range.Start) }, name: "stack");
        Output end = graph.Constant(new[] { openEnd ? 0 : Position(range.End) }, name: "stack_1");
        Output strides = graph.Constant(new[] { 1 }, name: "stack_2");
        return graph.StridedSlice(vector, begin, end, strides, openStart ? 1 : 0, openEnd ? 1 : 0, name: scope.Name);
    }

    /// <summary>One of a vector's elements, at a position known only in the run.</summary>
    public static Output PartOf(this Graph graph, Output vector, Output position)
    {
        using NameScope scope = graph.NameScope("strided_slice");
        Output begin = graph.Stack([position], name: "stack");
        Output end = graph.Stack([position + 1], name: "stack_1");
        Output strides = graph.Constant(new[] { 1 }, name: "stack_2");
        return graph.StridedSlice(vector, begin, end, strides, shrinkAxisMask: 1, name: scope.Name);
    }

    private static int Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
}
