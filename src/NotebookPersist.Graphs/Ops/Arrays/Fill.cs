using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    // Larger values than these TensorFlow's Python does not store in the graph.
    private const int LargestStoredFill = 1000;

    /// <summary>A tensor of one value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="dims">Sizes as a vector, int32 or int64.</param>
    /// <param name="value">A scalar.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Fill".</remarks>
    public static Output Fill(this Graph graph, Operand dims, Operand value, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<FillOp>(name, dims, value);
    }

    /// <summary>Zeros (false, empty strings).</summary>
    /// <exception cref="ArgumentException">The shape is not fully known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.zeros</c>: a constant below 1000 elements, else Fill.</remarks>
    public static Output Zeros(this Graph graph, Shape shape, DType dtype = DType.Float32, string? name = null) =>
        graph.Filled(shape, Tensor.Zeros(dtype, NotebookPersist.Shape.Scalar), name ?? "zeros");

    /// <summary>Zeros (false, empty strings) of a shape that a run computes.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.zeros</c> of a tensor.</remarks>
    public static Output Zeros(this Graph graph, Output shape, DType dtype = DType.Float32, string? name = null) =>
        graph.Filled(shape, Tensor.Zeros(dtype, NotebookPersist.Shape.Scalar), name ?? "zeros");

    /// <summary>Ones (true).</summary>
    /// <exception cref="ArgumentException">The shape is not fully known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.ones</c>: a constant below 1000 elements, else Fill.</remarks>
    public static Output Ones(this Graph graph, Shape shape, DType dtype = DType.Float32, string? name = null) =>
        graph.Filled(shape, Filling.One(dtype), name ?? "ones");

    /// <summary>Ones (true) of a shape that a run computes.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.ones</c> of a tensor.</remarks>
    public static Output Ones(this Graph graph, Output shape, DType dtype = DType.Float32, string? name = null) =>
        graph.Filled(shape, Filling.One(dtype), name ?? "ones");

    private static Output Filled(this Graph graph, Shape shape, Tensor value, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsFullyKnown)
            throw new ArgumentException($"'{name}' needs a fully known shape; {shape} is not. Pass the shape as a tensor to have it computed in the run.", nameof(shape));
        if (shape.ElementCount < LargestStoredFill)
            return graph.Constant(value, shape: shape, name: name);
        using NameScope scope = graph.NameScope(name);
        Output dims = graph.Constant(IntVectors.ToTensor(shape.Dimensions, DType.Int32), name: "shape_as_tensor");
        return graph.Fill(dims, graph.Constant(value), scope.Name);
    }

    private static Output Filled(this Graph graph, Output shape, Tensor value, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(shape);
        using NameScope scope = graph.NameScope(name);
        if (shape.Shape.Rank is 0 or -1)
            shape = graph.Reshape(shape, new[] { -1 });
        return graph.Fill(shape, graph.Constant(value), scope.Name);
    }
}

internal sealed class FillOp() : Op("Fill(dims: index_type, value: T) -> (output: T) where T: type, index_type: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [null, g.Graph.AddOperation("Sum", "Sum", null, g.Dy(0), g.Graph.Range(0, g.Graph.Rank(g.Dy(0)), 1))[0]]);

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 1);
        c.WithRank(1, 0);
        c.Output(0, c.InputAsShape(0));
    }

    public override void Compute(KernelContext c)
    {
        Tensor dims = c.Input(0);
        if (dims.Rank != 1)
            throw c.InvalidArgument($"dims must be a vector, got shape {dims.Shape}");
        if (c.Input(1).Count != 1)
            throw c.InvalidArgument($"value must be a scalar, got shape {c.Input(1).Shape}");
        long[] sizes = IntVectors.Read(dims);
        if (Array.Exists(sizes, static s => s < 0))
            throw c.InvalidArgument($"Dimension {Array.Find(sizes, static s => s < 0)} must be >= 0");
        Filling.Fill(c.AllocateOutput(0, sizes), c.Input(1));
    }
}
