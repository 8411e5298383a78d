namespace NotebookPersist;

/// <summary>What recurrent cells and loops have in common.</summary>
internal static class RecurrentParts
{
    /// <summary>Zeros of shape [batch, size].</summary>
    public static Output Zeros(Graph graph, Operand batchSize, int size, DType dtype)
    {
        Output zeros = graph.Zeros(BatchBy(graph, batchSize, size), dtype);
        // TensorFlow makes the shape twice: for the run, and to tell what is known of it now.
        _ = Prefix(graph, batchSize);
        _ = graph.Constant(new[] { size });
        zeros.SetShape([batchSize.Value?.ItemAt<long>(0) ?? -1, size]);
        return zeros;
    }

    /// <summary>The shape [batch, size] as a vector.</summary>
    public static Output BatchBy(Graph graph, Operand batchSize, int size) => graph.Concat([Prefix(graph, batchSize), graph.Constant(new[] { size })], 0);

    /// <summary>How many examples there are: a number where that is known.</summary>
    public static Operand BatchSize(Output timeMajor) => timeMajor.Shape.Rank >= 2 && timeMajor.Shape[1] >= 0 ? (int)timeMajor.Shape[1] : timeMajor.Graph.Shape(timeMajor)[1];

    /// <summary>An input and a state side by side, times weights, plus biases.</summary>
    public static Output Linear(Output inputs, Output state, Variable kernel, Variable bias)
    {
        Graph graph = inputs.Graph;
        return graph.BiasAdd(graph.MatMul(graph.Concat([inputs, state], 1), kernel), bias);
    }

    /// <summary>[batch, time, ...] as [time, batch, ...], or back.</summary>
    public static Output TransposeBatchTime(Output x)
    {
        Graph graph = x.Graph;
        if (x.Shape.Rank is 0 or 1)
            throw new ArgumentException($"Expected input tensor {x.Name} to have rank at least 2, but saw shape: {x.Shape.ToPythonString()}.", nameof(x));
        Output rest = graph.Range(2, graph.Rank(x));
        Output transposed = graph.Transpose(x, graph.Concat([new[] { 1, 0 }, rest], 0));
        if (x.Shape.HasRank)
            transposed.SetShape([x.Shape[1], x.Shape[0], .. x.Shape.Dimensions[2..]]);
        return transposed;
    }

    private static Output Prefix(Graph graph, Operand batchSize) =>
        batchSize.Output is { } known ? graph.ExpandDims(known, 0) : graph.Constant(new[] { batchSize.Value!.ItemAt<int>(0) });
}
