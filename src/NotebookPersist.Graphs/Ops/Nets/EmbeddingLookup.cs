namespace NotebookPersist;

/// <summary>How the rows of a table are spread over its parts.</summary>
public enum PartitionStrategy
{
    /// <summary>In turn: row 0 in part 0, row 1 in part 1.</summary>
    Mod,

    /// <summary>In runs: the first rows in part 0; the first parts have one row more where they do not come out even.</summary>
    Div,
}

public static partial class GraphOps
{
    /// <summary>Picks rows of a table that may be in parts.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">The table; the parts of a partitioned variable are taken as they are.</param>
    /// <param name="ids">Row numbers, int32 or int64, any shape.</param>
    /// <param name="partitionStrategy">Where rows lie.</param>
    /// <param name="maxNorm">Rows longer than this are scaled down to it; null for none.</param>
    /// <param name="name">Name of the scope, and of the node that gives the rows.</param>
    /// <returns>Shape of <paramref name="ids"/>, then that of a row.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.embedding_lookup</c>, with its names of nodes.</remarks>
    public static Output EmbeddingLookup(this Graph graph, Variable parameters, Operand ids, PartitionStrategy partitionStrategy = PartitionStrategy.Mod, double? maxNorm = null, string? name = null) =>
        graph.EmbeddingLookup(parameters is PartitionedVariable partitioned ? partitioned.Parts : [parameters], ids, partitionStrategy, maxNorm, name);

    /// <summary>Picks rows of a table that is in parts.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">The parts.</param>
    /// <param name="ids">Row numbers, int32 or int64, any shape.</param>
    /// <param name="partitionStrategy">Where rows lie.</param>
    /// <param name="maxNorm">Rows longer than this are scaled down to it; null for none.</param>
    /// <param name="name">Name of the scope, and of the node that gives the rows.</param>
    /// <exception cref="ArgumentException">There is no part.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.embedding_lookup</c>, with its names of nodes.</remarks>
    public static Output EmbeddingLookup(
        this Graph graph, IReadOnlyList<Variable> parameters, Operand ids, PartitionStrategy partitionStrategy = PartitionStrategy.Mod, double? maxNorm = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
            throw new ArgumentException("Need at least one param.", nameof(parameters));
        using NameScope scope = graph.NameScope(name ?? "embedding_lookup");
        Output rows = graph.Convert(ids, name: "ids");
        if (parameters.Count > 1)
            return Clipped(InParts(graph, parameters, rows, partitionStrategy, scope.Name), rows, maxNorm);
        Output found;
        using (graph.ColocateWith(parameters[0].Operation))
            found = Clipped(graph.Gather(parameters[0], rows, name: scope.Name), rows, maxNorm);
        return graph.Identity(found);
    }

    /// <summary>Picks rows of a table that is computed, such as normalised embeddings.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">The table.</param>
    /// <param name="ids">Row numbers, int32 or int64, any shape.</param>
    /// <param name="maxNorm">Rows longer than this are scaled down to it; null for none.</param>
    /// <param name="name">Name of the scope, and of the node that gives the rows.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.embedding_lookup</c>.</remarks>
    public static Output EmbeddingLookup(this Graph graph, Output parameters, Operand ids, double? maxNorm = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        using NameScope scope = graph.NameScope(name ?? "embedding_lookup");
        Output rows = graph.Convert(ids, name: "ids");
        Output found;
        using (graph.ColocateWith(parameters.Operation))
            found = Clipped(graph.Gather(parameters, rows, name: scope.Name), rows, maxNorm);
        return graph.Identity(found);
    }

    private static Output InParts(Graph graph, IReadOnlyList<Variable> parameters, Output ids, PartitionStrategy strategy, string name)
    {
        int count = parameters.Count;
        Output flat = graph.Reshape(ids, new[] { -1 });
        Output places = graph.Range(graph.Size(flat));
        (Output part, Output row) = strategy == PartitionStrategy.Mod
            ? (graph.FloorMod(flat, count), graph.FloorDivide(flat, count))
            : Runs(graph, flat, parameters);
        part = graph.Cast(part, DType.Int32);
        IReadOnlyList<Output> rows = graph.DynamicPartition(row, part, count);
        IReadOnlyList<Output> placesOf = graph.DynamicPartition(places, part, count);
        var found = new Operand[count];
        for (int i = 0; i < count; i++)
        {
            using (graph.ColocateWith(parameters[i].Operation))
                found[i] = graph.Gather(parameters[i], rows[i]);
        }

        Output stitched = graph.AddOperation("ParallelDynamicStitch", name, null, [.. placesOf.Select(static p => (Operand)p), .. found])[0];
        NotebookPersist.Shape element = parameters[0].Shape.HasRank ? NotebookPersist.Shape.Create(parameters[0].Shape.Dimensions[1..]) : NotebookPersist.Shape.Unknown;
        Operand tail = element.IsFullyKnown ? element.Dimensions.ToArray().Select(static d => (int)d).ToArray() : graph.Shape(parameters[0].Value)[1..];
        Output shaped = graph.Reshape(stitched, graph.Concat([graph.Shape(ids), tail], 0));
        shaped.SetShape(ids.Shape.Concatenate(element));
        return shaped;
    }

    private static (Output Part, Output Row) Runs(Graph graph, Output ids, IReadOnlyList<Variable> parameters)
    {
        int count = parameters.Count;
        long total = parameters.Sum(static p => p.Shape[0]);
        Output all = graph.Constant(total, ids.DType);
        Output each = graph.FloorDivide(all, count);
        Output extras = graph.FloorMod(all, count);
        Output part = graph.Maximum(graph.FloorDivide(ids, each + 1), graph.FloorDivide(ids - extras, each));
        Output row = graph.Where(graph.Less(part, extras), graph.FloorMod(ids, each + 1), graph.FloorMod(ids - extras, each));
        return (part, row);
    }

    private static Output Clipped(Output rows, Output ids, double? maxNorm)
    {
        if (maxNorm is not { } most)
            return rows;
        if (!ids.Shape.HasRank || !rows.Shape.HasRank)
            throw new ArgumentException($"Rows are clipped only where ranks are known: ids '{ids.Name}' have shape {ids.Shape.ToPythonString()}.", nameof(maxNorm));
        return rows.Graph.ClipByNorm(rows, most, [.. Enumerable.Range(ids.Shape.Rank, rows.Shape.Rank - ids.Shape.Rank)]);
    }
}
