using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sum of two sparse tensors of one shape.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Indices, values and shape of one.</param>
    /// <param name="b">Indices, values and shape of the other.</param>
    /// <param name="threshold">Sums whose magnitude is less are left out; 0 by default, which leaves out none.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseAdd".</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseAdd(
        this Graph graph, (Output Indices, Output Values, Output Shape) a, (Output Indices, Output Values, Output Shape) b, Operand threshold = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output least = threshold.IsMissing ? graph.Cast(0, RealTypeOf(a.Values.DType)) : graph.Convert(threshold, RealTypeOf(a.Values.DType));
        return SparseOf(graph.AddOperation("SparseAdd", name, null, a.Indices, a.Values, a.Shape, b.Indices, b.Values, b.Shape, least));
    }

    /// <summary>Sparse tensors one behind the other along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="inputs">Indices, values and shape of each; two at least.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseConcat".</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseConcat(
        this Graph graph, int axis, IReadOnlyList<(Output Indices, Output Values, Output Shape)> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        return SparseOf(graph.AddOperation(
            "SparseConcat",
            name,
            new AttributeList { { "concat_dim", (long)axis } },
            [.. inputs.Select(static s => (Operand)s.Indices), .. inputs.Select(static s => (Operand)s.Values), .. inputs.Select(static s => (Operand)s.Shape)]));
    }

    /// <summary>The sums of a sparse tensor over some axes, as a dense one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">Where the values stand, in order. Shape: [n, rank]. DType: int64.</param>
    /// <param name="values">Shape: [n]. DType: numbers.</param>
    /// <param name="shape">Shape: [rank]. DType: int64.</param>
    /// <param name="axis">The axes to sum over; all by default.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseReduceSum".</remarks>
    public static Output SparseReduceSum(this Graph graph, Operand indices, Operand values, Operand shape, Operand axis = default, bool keepDims = false, string? name = null) =>
        SparseReduce(graph, "SparseReduceSum", indices, values, shape, axis, keepDims, name);

    /// <summary>The largest values of a sparse tensor over some axes, as a dense one; 0 where there are none.</summary>
    /// <inheritdoc cref="SparseReduceSum"/>
    /// <remarks>Source: TensorFlow op "SparseReduceMax".</remarks>
    public static Output SparseReduceMax(this Graph graph, Operand indices, Operand values, Operand shape, Operand axis = default, bool keepDims = false, string? name = null) =>
        SparseReduce(graph, "SparseReduceMax", indices, values, shape, axis, keepDims, name);

    /// <summary>The softmax of each row over the values that are there.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">Where the values stand, in order. Shape: [n, rank]. DType: int64.</param>
    /// <param name="values">Shape: [n]. DType: float32, float64.</param>
    /// <param name="shape">Shape: [rank]. DType: int64.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The values; indices and shape stay.</returns>
    /// <remarks>Source: TensorFlow op "SparseSoftmax".</remarks>
    public static Output SparseSoftmax(this Graph graph, Operand indices, Operand values, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation("SparseSoftmax", name, null, indices, values, shape)[0];
    }

    /// <summary>A block of a sparse tensor.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparse">Indices, values and shape.</param>
    /// <param name="start">Where the block begins. Shape: [rank]. DType: int64.</param>
    /// <param name="size">Its size; what lies beyond the tensor is cut off. Shape: [rank]. DType: int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseSlice".</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseSlice(
        this Graph graph, (Output Indices, Output Values, Output Shape) sparse, Operand start, Operand size, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return SparseOf(graph.AddOperation("SparseSlice", name, null, sparse.Indices, sparse.Values, sparse.Shape, graph.Convert(start, DType.Int64), graph.Convert(size, DType.Int64)));
    }

    /// <summary>The same numbers under another shape.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparse">Indices, values and shape.</param>
    /// <param name="shape">The new shape; one size may be -1. DType: int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseReshape".</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseReshape(
        this Graph graph, (Output Indices, Output Values, Output Shape) sparse, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation reshaped = graph.AddOperation("SparseReshape", name, null, sparse.Indices, sparse.Shape, graph.Convert(shape, DType.Int64));
        return (reshaped[0], sparse.Values, reshaped[1]);
    }

    /// <summary>A sparse tensor with its axes in another order.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparse">Indices, values and shape.</param>
    /// <param name="perm">The axis that comes first, then the second and so on.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sparse_transpose</c>.</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseTranspose(
        this Graph graph, (Output Indices, Output Values, Output Shape) sparse, IReadOnlyList<int> perm, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(perm);
        using NameScope scope = graph.NameScope(name ?? "SparseTranspose");
        int[] order = [.. perm];
        Output shape = graph.Gather(sparse.Shape, order);
        (Output indices, Output values) = graph.SparseReorder(graph.Gather(sparse.Indices, order, 1), sparse.Values, shape);
        return (indices, values, shape);
    }

    /// <summary>The values for which a mask is true.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparse">Indices, values and shape.</param>
    /// <param name="toRetain">Which values stay. Shape: [n]. DType: bool.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sparse_retain</c>.</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseRetain(this Graph graph, (Output Indices, Output Values, Output Shape) sparse, Operand toRetain)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("SparseRetain");
        Output places = graph.Reshape(graph.Where(graph.Convert(toRetain, DType.Bool)), new[] { -1 });
        return (graph.Gather(sparse.Indices, places), graph.Gather(sparse.Values, places), graph.Identity(sparse.Shape));
    }

    /// <summary>The dense tensor of a sparse one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparse">Indices, values and shape.</param>
    /// <param name="defaultValue">Stands where no value is; 0 or the empty text by default.</param>
    /// <param name="validateIndices">Whether indices must be in order and none twice.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sparse_tensor_to_dense</c>.</remarks>
    public static Output SparseTensorToDense(
        this Graph graph, (Output Indices, Output Values, Output Shape) sparse, Operand defaultValue = default, bool validateIndices = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.SparseToDense(sparse.Indices, sparse.Shape, sparse.Values, defaultValue, validateIndices, name);
    }

    /// <summary>The values of a dense tensor that are not 0, as a sparse one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape. DType: numbers, bool, string.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sparse.from_dense</c>.</remarks>
    public static (Output Indices, Output Values, Output Shape) SparseFromDense(this Graph graph, Operand tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "dense_to_sparse");
        Output x = graph.Convert(tensor);
        Output places = graph.Where(graph.NotEqual(x, graph.Zeros(NotebookPersist.Shape.Scalar, x.DType)));
        return (places, graph.GatherNd(x, places), graph.Shape(x, DType.Int64));
    }

    /// <summary>Three placeholders for a sparse tensor.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="dtype">Element type of the values.</param>
    /// <param name="shape">What is known of the shape; where it is all, it is a constant.</param>
    /// <param name="name">Begins the names of the nodes.</param>
    /// <remarks>Source: TensorFlow's <c>tf.sparse_placeholder</c>.</remarks>
    public static (Output Indices, Output Values, Output Shape) SparsePlaceholder(this Graph graph, DType dtype, Shape? shape = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string prefix = name is null ? "" : name + "/";
        long rank = shape is { HasRank: true } known ? known.Rank : -1;
        Output sizes = shape is { IsFullyKnown: true }
            ? graph.Constant(Tensor.Of<long>([rank], shape.Dimensions), name: prefix + "shape")
            : graph.Placeholder(DType.Int64, [rank], prefix + "shape");
        return (graph.Placeholder(DType.Int64, [-1, rank], prefix + "indices"), graph.Placeholder(dtype, [-1], prefix + "values"), sizes);
    }

    private static DType RealTypeOf(DType dtype) => dtype switch
    {
        DType.Complex64 => DType.Float32,
        DType.Complex128 => DType.Float64,
        _ => dtype,
    };

    private static (Output Indices, Output Values, Output Shape) SparseOf(Operation operation) => (operation[0], operation[1], operation[2]);

    private static Output SparseReduce(Graph graph, string type, Operand indices, Operand values, Operand shape, Operand axis, bool keepDims, string? name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output sizes = graph.Convert(shape, DType.Int64);
        Output along = axis.IsMissing ? graph.Range(0, graph.Size(sizes), 1) : graph.Convert(axis, DType.Int32);
        return graph.AddOperation(type, name, new AttributeList { { "keep_dims", keepDims } }, indices, values, sizes, along)[0];
    }
}
