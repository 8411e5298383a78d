using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sizes of a value's dimensions, as a vector.</summary>
    /// <returns>Shape: [rank]. A constant where the shape is already fully known, as TensorFlow's Python has it.</returns>
    /// <remarks>Source: TensorFlow op "Shape", <c>tf.shape</c>.</remarks>
    public static Output Shape(this Graph graph, Operand input, DType outType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output value = graph.ToOutput(input);
        return value.Shape.IsFullyKnown
            ? graph.Constant(IntVectors.ToTensor(value.Shape.Dimensions, outType), name: name ?? "Shape")
            : graph.Add<ShapeOp>(name, new AttributeList { { "out_type", outType } }, value);
    }

    /// <summary>The sizes of several values' dimensions, a vector each.</summary>
    /// <remarks>Source: TensorFlow op "ShapeN".</remarks>
    public static IReadOnlyList<Output> ShapeN(this Graph graph, ReadOnlySpan<Operand> inputs, DType outType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<ShapeNOp>(name, new AttributeList { { "out_type", outType } }, inputs).Outputs;
    }

    /// <summary>The symbolic value of an operand; a plain value becomes a constant.</summary>
    internal static Output ToOutput(this Graph graph, Operand operand, string? name = null) => operand.Output ?? graph.Constant(operand, name: name);
}

internal sealed class ShapeOp() : Op("Shape(input: T) -> (output: out_type) where T: type, out_type: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a shape does not change with the values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0).HasRank ? [c.Input(0).Rank] : [-1]);

    public override void Compute(KernelContext c)
    {
        Tensor sizes = c.AllocateOutput(0, new long[] { c.Input(0).Rank });
        IntVectors.Write(c.Input(0).Shape.Dimensions, sizes);
    }

    public override Tensor? FoldFromShapes(Operation operation)
    {
        Shape shape = operation.Inputs[0].Shape;
        return shape.IsFullyKnown ? IntVectors.ToTensor(shape.Dimensions, operation.Outputs[0].DType) : null;
    }

    public override Shape? ValueAsShape(Operation operation) => operation.Inputs[0].Shape;
}

internal sealed class ShapeNOp() : Op("ShapeN(input: N * T) -> (output: N * out_type) where N: int >= 1, T: type, out_type: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a shape does not change with the values");

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.Input(i).HasRank ? [c.Input(i).Rank] : [-1]);
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 0; i < c.InputCount; i++)
        {
            Shape shape = c.Input(i).Shape;
            IntVectors.Write(shape.Dimensions, c.AllocateOutput(i, new long[] { shape.Rank }));
        }
    }

    public override Tensor? FoldFromShapes(Operation operation)
    {
        Shape shape = operation.Inputs[0].Shape;
        return shape.IsFullyKnown ? IntVectors.ToTensor(shape.Dimensions, operation.Outputs[0].DType) : null;
    }

    public override Shape? ValueAsShape(Operation operation) => operation.Inputs[0].Shape;
}
