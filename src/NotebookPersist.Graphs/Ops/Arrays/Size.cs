using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The number of a value's elements.</summary>
    /// <returns>Shape: scalar. A constant where the shape is already fully known, as TensorFlow's Python has it.</returns>
    /// <remarks>Source: TensorFlow op "Size", <c>tf.size</c>.</remarks>
    public static Output Size(this Graph graph, Operand input, DType outType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output value = graph.ToOutput(input);
        return SizeOp.Known(value.Shape) is { } count
            ? graph.Constant(IntVectors.ToScalar(count, outType), name: name ?? "Size")
            : graph.Add<SizeOp>(name, new AttributeList { { "out_type", outType } }, value);
    }
}

internal sealed class SizeOp() : Op("Size(input: T) -> (output: out_type) where T: type, out_type: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a size does not change with the values");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => IntVectors.Write([c.Input(0).Count], c.AllocateOutput(0, Shape.Scalar));

    public override Tensor? FoldFromShapes(Operation operation) =>
        Known(operation.Inputs[0].Shape) is { } count ? IntVectors.ToScalar(count, operation.Outputs[0].DType) : null;

    /// <summary>The number of elements where it can be told; one size of 0 is enough.</summary>
    internal static long? Known(Shape shape) => shape.IsFullyKnown ? shape.ElementCount : shape.HasRank && shape.Dimensions.Contains(0) ? 0 : null;
}
