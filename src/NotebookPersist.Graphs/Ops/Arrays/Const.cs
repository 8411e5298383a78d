using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Builders of operations, as methods of a graph.</summary>
public static partial class GraphOps
{
    /// <summary>A constant number of any type of numbers, also complex ones.</summary>
    internal static Output Number(Graph graph, double value, DType dtype) => dtype switch
    {
        DType.Complex64 => graph.Constant(Tensor.Of<Complex64>(NotebookPersist.Shape.Scalar, [new Complex64((float)value, 0)])),
        DType.Complex128 => graph.Constant(Tensor.Of<System.Numerics.Complex>(NotebookPersist.Shape.Scalar, [new System.Numerics.Complex(value, 0)])),
        _ => graph.Constant(value, dtype),
    };

    /// <summary>A value that never changes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">A scalar, an array of any rank, or a tensor.</param>
    /// <param name="dtype">Element type; by default the value's own, float32 for a number with a decimal point.</param>
    /// <param name="shape">Shape; a single value fills it. By default the value's own.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">The value does not fit type or shape.</exception>
    /// <remarks>Source: TensorFlow op "Const"; stored by the rules of its Python client.</remarks>
    public static Output Constant(this Graph graph, Operand value, DType dtype = DType.Invalid, Shape? shape = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (value.Value is null)
            throw new ArgumentException("A constant needs a plain value; this is a symbolic one.", nameof(value));
        Tensor tensor = TensorCasts.ForOperand(value, dtype, $"constant '{name ?? "Const"}'");
        return graph.Add<ConstOp>(name, new AttributeList
        {
            { "value", TensorProtos.Encode(tensor, shape) },
            { "dtype", tensor.DType },
        });
    }
}

internal sealed class ConstOp() : Op("Const() -> (output: dtype) where value: tensor, dtype: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a constant depends on nothing");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Attributes.Tensor("value").Shape);

    public override void Compute(KernelContext c) => c.Output(0, c.Attributes.Tensor("value"));
}
