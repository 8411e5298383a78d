namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A loss over very many classes: true ones against a few that are drawn (noise-contrastive estimation).</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="weights">Shape: [classes, size]; may be partitioned.</param>
    /// <param name="biases">Shape: [classes].</param>
    /// <param name="labels">True classes. Shape: [batch, trueCount]. DType: integers.</param>
    /// <param name="inputs">Shape: [batch, size].</param>
    /// <param name="sampledCount">How many classes to draw for the whole batch.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="trueCount">True classes of each example.</param>
    /// <param name="sampledValues">What a candidate sampler gave; by default drawn by <see cref="LogUniformCandidateSampler"/>.</param>
    /// <param name="removeAccidentalHits">Whether drawn classes that are true ones do not count.</param>
    /// <param name="partitionStrategy">Where rows of partitioned weights lie.</param>
    /// <param name="name">Name of the scope.</param>
    /// <returns>Shape: [batch].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.nce_loss</c>.</remarks>
    public static Output NceLoss(
        this Graph graph,
        Variable weights,
        Variable biases,
        Operand labels,
        Output inputs,
        int sampledCount,
        int classCount,
        int trueCount = 1,
        (Output Sampled, Output TrueExpected, Output SampledExpected)? sampledValues = null,
        bool removeAccidentalHits = false,
        PartitionStrategy partitionStrategy = PartitionStrategy.Mod,
        string name = "nce_loss")
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        (Output logits, Output targets) = SampledLogits(
            graph, weights, biases, graph.Cast(labels, DType.Int64), inputs, sampledCount, classCount, trueCount, sampledValues, removeAccidentalHits, partitionStrategy, name, null);
        return RowSums(graph, graph.SigmoidCrossEntropyWithLogits(targets, logits, "sampled_losses"));
    }

    /// <summary>A softmax loss over very many classes that looks at true ones and a few that are drawn; for training only.</summary>
    /// <inheritdoc cref="NceLoss"/>
    /// <remarks>Source: TensorFlow's <c>tf.nn.sampled_softmax_loss</c>. With a <paramref name="seed"/> the classes are the same in every session.</remarks>
    public static Output SampledSoftmaxLoss(
        this Graph graph,
        Variable weights,
        Variable biases,
        Operand labels,
        Output inputs,
        int sampledCount,
        int classCount,
        int trueCount = 1,
        (Output Sampled, Output TrueExpected, Output SampledExpected)? sampledValues = null,
        bool removeAccidentalHits = true,
        PartitionStrategy partitionStrategy = PartitionStrategy.Mod,
        string name = "sampled_softmax_loss",
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        (Output logits, Output targets) = SampledLogits(
            graph, weights, biases, graph.Cast(labels, DType.Int64), inputs, sampledCount, classCount, trueCount, sampledValues, removeAccidentalHits, partitionStrategy, name, seed);
        return graph.SoftmaxCrossEntropyWithLogitsV2(graph.StopGradient(targets, "labels_stop_gradient"), logits);
    }

    private static (Output Logits, Output Labels) SampledLogits(
        Graph graph,
        Variable weights,
        Variable biases,
        Output labels,
        Output inputs,
        int sampledCount,
        int classCount,
        int trueCount,
        (Output Sampled, Output TrueExpected, Output SampledExpected)? sampledValues,
        bool removesHits,
        PartitionStrategy strategy,
        string name,
        int? seed)
    {
        using NameScope scope = graph.NameScope(name);
        Output flat = graph.Reshape(labels, new[] { -1 });
        (Output Sampled, Output TrueExpected, Output SampledExpected) drawn = sampledValues ?? graph.LogUniformCandidateSampler(labels, trueCount, sampledCount, true, classCount, seed);
        Output sampled = graph.Cast(graph.StopGradient(drawn.Sampled), DType.Int64);
        (Output trueExpected, Output sampledExpected) = (graph.StopGradient(drawn.TrueExpected), graph.StopGradient(drawn.SampledExpected));
        Output ids = graph.Concat([flat, sampled], 0);
        Output rows = graph.EmbeddingLookup(weights, ids, strategy), offsets = graph.EmbeddingLookup(biases, ids, strategy);
        Output count = graph.Shape(flat);
        Output trueRows = graph.Slice(rows, new[] { 0, 0 }, graph.Concat([count, new[] { -1 }], 0));
        Output sampledRows = graph.Slice(rows, graph.Concat([count, new[] { 0 }], 0), new[] { -1, -1 });
        Output sampledLogits = graph.MatMul(inputs, sampledRows, transposeB: true) + graph.Slice(offsets, count, new[] { -1 });
        Output size = graph.Slice(graph.Shape(trueRows), new[] { 1 }, new[] { 1 });
        Output dots = graph.ExpandDims(inputs, 1) * graph.Reshape(trueRows, graph.Concat([new[] { -1, trueCount }, size], 0));
        Output trueLogits = graph.Reshape(RowSums(graph, graph.Reshape(dots, graph.Concat([new[] { -1 }, size], 0))), new[] { -1, trueCount })
            + graph.Reshape(graph.Slice(offsets, new[] { 0 }, count), new[] { -1, trueCount });
        if (removesHits)
            sampledLogits += Hits(graph, labels, sampled, trueCount, sampledCount, sampledLogits.DType);
        Output logits = graph.Concat([trueLogits - graph.Log(trueExpected), sampledLogits - graph.Log(sampledExpected)], 1);
        // Several true classes share the probability.
        Output targets = graph.Concat([graph.OnesLike(trueLogits) / (double)trueCount, graph.ZerosLike(sampledLogits)], 1);
        return (logits, targets);
    }

    // A weight so negative that a drawn class which is a true one has no probability.
    private static Output Hits(Graph graph, Output labels, Output sampled, int trueCount, int sampledCount, DType dtype)
    {
        Operation hits = graph.AddOperation("ComputeAccidentalHits", null, new Graphs.OpModel.AttributeList { { "num_true", (long)trueCount } }, labels, sampled);
        Output places = graph.Concat([graph.Reshape(hits[0], new[] { -1, 1 }), graph.Reshape(graph.Cast(hits[1], DType.Int32), new[] { -1, 1 })], 1, "sparse_indices");
        Output shape = graph.Concat([graph.Slice(graph.Shape(labels), new[] { 0 }, new[] { 1 }), new[] { sampledCount }], 0);
        Output penalties = hits[2].DType == dtype ? hits[2] : graph.Cast(hits[2], dtype);
        return graph.SparseToDense(places, shape, penalties, validateIndices: false);
    }

    private static Output RowSums(Graph graph, Output matrix) => graph.ReduceSum(matrix, new[] { 1 });
}
