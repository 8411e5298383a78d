using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class QuantizedReshapeOp() : ReshapingOp(
    "QuantizedReshape(tensor: T, shape: Tshape, input_min: float, input_max: float) -> (output: T, output_min: float, output_max: float) where T: type, Tshape: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("stored integers are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        base.InferShapes(c);
        c.Output(1, Shape.Scalar);
        c.Output(2, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        base.Compute(c);
        QuantizedRange.Of(c, 0, 2, 3).Write(c, 1, 2);
    }
}
