using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same bits as another element type.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Where its elements are smaller than the wanted ones, its last dimension holds the pieces of one.</param>
    /// <param name="type">Wanted type; where its elements are smaller, a last dimension of their pieces is added.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>The bytes are shared. Source: TensorFlow op "Bitcast".</remarks>
    public static Output Bitcast(this Graph graph, Operand input, DType type, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<BitcastOp>(name, new AttributeList { { "type", type } }, input);
    }
}

internal sealed class BitcastOp() : Op(
    "Bitcast(input: T) -> (output: type) where T: bfloat16 | half | float | double | int64 | int32 | uint8 | uint16 | uint32 | uint64 | int8 | int16 | complex64 | complex128 | qint8 | quint8 | qint16 | quint16 | qint32, type: bfloat16 | half | float | double | int64 | int32 | uint8 | uint16 | uint32 | uint64 | int8 | int16 | complex64 | complex128 | qint8 | quint8 | qint16 | quint16 | qint32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("bits are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        if (!c.Input(0).HasRank)
            return;
        c.Output(0, Cast(c.Input(0), c.Operation.Inputs[0].DType, c.Attributes.Type("type"))
            ?? throw c.Fault($"Cannot bitcast {c.Operation.Inputs[0].DType.Name()} of shape {c.Input(0)} to {c.Attributes.Type("type").Name()}: the last dimension does not hold the pieces of one element."));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        DType type = c.Attributes.Type("type");
        Shape shape = Cast(input.Shape, input.DType, type)
            ?? throw c.InvalidArgument($"Cannot bitcast from {input.DType.SignatureName()} to {type.SignatureName()}: shape {input.Shape}");
        c.Output(0, new Tensor(type, shape, input.Buffer!)); // The signature allows no elements without a fixed size.
    }

    private static Shape? Cast(Shape shape, DType from, DType to)
    {
        (int small, int large) = (from.Size(), to.Size());
        if (small == large)
            return shape;
        if (small > large)
            return Shape.Create([.. shape.Dimensions, small / large]);
        return shape.Rank > 0 && (shape[^1] < 0 || shape[^1] == large / small) ? Shape.Create(shape.Dimensions[..^1]) : null;
    }
}
