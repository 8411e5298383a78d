namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A matrix with ones on its diagonal, or a batch of such.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns; by default that of the rows.</param>
    /// <param name="batchShape">Shape of the batch; by default none.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.eye</c>.</remarks>
    public static Output Eye(this Graph graph, int rows, int? columns = null, long[]? batchShape = null, DType dtype = DType.Float32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "eye");
        int width = columns ?? rows;
        Output ones = graph.Ones([.. batchShape ?? [], Math.Min(rows, width)], dtype);
        if (width == rows)
            return graph.AddOperation("MatrixDiag", "diag", null, ones)[0];
        Output zeros = graph.Zeros([.. batchShape ?? [], rows, width], dtype);
        return graph.AddOperation("MatrixSetDiag", "set_diag", null, zeros, ones)[0];
    }

    /// <summary>For each length a row that is true up to it.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="lengths">Integers, any shape.</param>
    /// <param name="maxLength">Width of the rows; by default the largest length.</param>
    /// <param name="dtype">Element type; by default bool.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sequence_mask</c>.</remarks>
    public static Output SequenceMask(this Graph graph, Operand lengths, Operand maxLength = default, DType dtype = DType.Bool, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "SequenceMask");
        Output counts = graph.ToOutput(lengths);
        Output width;
        if (maxLength.IsMissing)
        {
            Output axes = counts.Shape.HasRank ? graph.Constant(Enumerable.Range(0, counts.Shape.Rank).ToArray()) : graph.Range(0, graph.Rank(counts), 1);
            Output longest = graph.AddOperation("Max", null, null, counts, axes)[0];
            width = graph.AddOperation("Maximum", null, null, graph.Constant(IntVectors.ToScalar(0, counts.DType)), longest)[0];
        }
        else
        {
            width = graph.ToOutput(maxLength);
        }

        Output zero = graph.Constant(IntVectors.ToScalar(0, width.DType));
        Output row = graph.Add<RangeOp>(null, zero, width, graph.Constant(IntVectors.ToScalar(1, width.DType)));
        Output column = graph.Cast(graph.ExpandDims(counts, -1), width.DType);
        return graph.Cast(graph.AddOperation("Less", null, null, row, column)[0], dtype);
    }

    /// <summary>Coordinates of a grid: each vector repeated along the dimensions of the others.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="vectors">One for each dimension.</param>
    /// <param name="indexing">xy: the first vector runs along columns, as in a picture; ij: along rows, as in a matrix.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The indexing is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.meshgrid</c>.</remarks>
    public static IReadOnlyList<Output> Meshgrid(this Graph graph, ReadOnlySpan<Operand> vectors, string indexing = "xy", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (indexing is not ("xy" or "ij"))
            throw new ArgumentException("indexing parameter must be either 'xy' or 'ij'", nameof(indexing));
        using NameScope scope = graph.NameScope(name ?? "meshgrid");
        Output[] inputs = new Output[vectors.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = graph.ToOutput(vectors[i]);
        var axes = Enumerable.Range(0, inputs.Length).ToArray();
        if (indexing == "xy" && axes.Length > 1)
            (axes[0], axes[1]) = (1, 0);
        Output[] spread = new Output[inputs.Length];
        Operand[] sizes = new Operand[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int[] shape = new int[inputs.Length];
            Array.Fill(shape, 1);
            shape[axes[i]] = -1;
            spread[i] = graph.Reshape(inputs[i], shape);
            sizes[axes[i]] = graph.Size(inputs[i]);
        }

        Output ones = graph.Ones(graph.Stack(sizes), inputs[0].DType);
        return Array.ConvertAll(spread, s => graph.AddOperation("Mul", "mul", null, s, ones)[0]);
    }

    /// <summary>The elements or slices where a mask is true.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Its shape has that of the mask from <paramref name="axis"/> on.</param>
    /// <param name="mask">Bool, of known rank, no scalar.</param>
    /// <param name="axis">Where the masked dimensions begin.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The mask's rank is 0 or unknown, or the shapes do not fit.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.boolean_mask</c>.</remarks>
    public static Output BooleanMask(this Graph graph, Operand tensor, Operand mask, int axis = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "boolean_mask");
        Output values = graph.ToOutput(tensor, "tensor");
        Output chosen = graph.ToOutput(mask, "mask");
        int rank = chosen.Shape.Rank;
        if (rank == 0)
            throw new ArgumentException("mask cannot be scalar.", nameof(mask));
        if (rank < 0)
            throw new ArgumentException("Number of mask dimensions must be specified, even if some dimensions are unknown: [-1] is ok, an unknown rank is not.", nameof(mask));
        Shape shape = values.Shape;
        if (shape.HasRank && (shape.Rank < axis + rank || !NotebookPersist.Shape.Create(shape.Dimensions.Slice(axis, rank)).IsCompatibleWith(chosen.Shape)))
            throw new ArgumentException($"Shapes {shape.ToPythonString()} and {chosen.Shape.ToPythonString()} are incompatible", nameof(mask));
        Output leading = graph.AddOperation("Prod", null, null, graph.Shape(values)[axis..(axis + rank)], FirstAxis)[0];
        Output before = graph.Shape(values)[..axis];
        Output after = graph.Shape(values)[(axis + rank)..];
        Output flat = graph.Reshape(values, graph.Concat([before, graph.Stack([leading], name: "concat/values_1"), after], 0));
        if (shape.HasRank)
        {
            long size = NotebookPersist.Shape.Create(shape.Dimensions.Slice(axis, rank)).ElementCount;
            flat.SetShape([.. shape.Dimensions[..axis], size, .. shape.Dimensions[(axis + rank)..]]);
        }

        Output positions = graph.AddOperation("Where", null, null, graph.Reshape(chosen, new[] { -1 }))[0];
        return graph.Gather(flat, graph.Squeeze(positions, [1]), axis);
    }

    private static readonly int[] FirstAxis = [0];
}
