using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Ones (true) in the shape of a value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Gives the shape, and the type unless another is asked for.</param>
    /// <param name="dtype">Element type; by default that of <paramref name="tensor"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.ones_like</c>: a constant where the shape is known, else Fill.</remarks>
    public static Output OnesLike(this Graph graph, Operand tensor, DType dtype = DType.Invalid, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "ones_like");
        Output value = graph.ToOutput(tensor, "tensor");
        Output shape = graph.Shape(value);
        Output ones = graph.Fill(shape, graph.Constant(Filling.One(dtype == DType.Invalid ? value.DType : dtype)), name: scope.Name);
        ones.SetShape(value.Shape);
        return ones;
    }
}

internal sealed class OnesLikeOp() : Op(
    "OnesLike(x: T) -> (y: T) where T: bfloat16 | half | float | double | int8 | uint8 | int16 | uint16 | int32 | int64 | complex64 | complex128 | bool + uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("ones do not change with the values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor ones = c.AllocateOutput(0, c.Input(0).Shape);
        Filling.Fill(ones, Filling.One(ones.DType));
    }
}
