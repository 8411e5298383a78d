using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Zeros (false, empty strings) in the shape of a value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Gives the shape, and the type unless another is asked for.</param>
    /// <param name="dtype">Element type; by default that of <paramref name="tensor"/>.</param>
    /// <param name="name">Node name.</param>
    /// <param name="optimize">False makes a ZerosLike node even where the shape is known.</param>
    /// <remarks>Source: TensorFlow's <c>tf.zeros_like</c>: a constant where the shape is known, else op "ZerosLike".</remarks>
    public static Output ZerosLike(this Graph graph, Operand tensor, DType dtype = DType.Invalid, string? name = null, bool optimize = true)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output value = graph.ToOutput(tensor, "tensor");
        if (dtype == DType.Invalid)
            dtype = value.DType;
        if (optimize && value.Shape.IsFullyKnown && value.DType != DType.Variant)
            return graph.Zeros(value.Shape, dtype, name ?? "zeros_like");
        if (dtype == value.DType)
            return graph.Add<ZerosLikeOp>(name ?? "zeros_like", value);
        using NameScope scope = graph.NameScope(name ?? "zeros_like");
        return graph.Fill(graph.Shape(value), Tensor.Zeros(dtype, NotebookPersist.Shape.Scalar), name: scope.Name);
    }
}

internal sealed class ZerosLikeOp() : Op("ZerosLike(x: T) -> (y: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("zeros do not change with the values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).DType == DType.Variant)
        {
            object?[] lists = [.. c.Input(0).Objects.ToArray().Select(v => (object?)(v as TensorList ?? throw c.Unsupported(DType.Variant)).Zeros())];
            c.Output(0, Tensor.OfObjects(DType.Variant, c.Input(0).Shape, lists));
            return;
        }

        Tensor zeros = c.AllocateOutput(0, c.Input(0).Shape);
        // Strings are allocated empty.
        zeros.Buffer?.Bytes.Clear();
    }
}
