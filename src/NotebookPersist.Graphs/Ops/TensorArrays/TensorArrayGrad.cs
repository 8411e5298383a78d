using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TensorArrayGradientOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is a handle");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [2]); // So it is told, though the handle of a resource is one.
        if (c.OutputCount > 1)
            c.Output(1, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        Shape prepended = c.InputCount > 2 ? IntVectors.Read(c.Input(2)) : Shape.Scalar;
        TensorArrayState gradient = c.Thing<TensorArrayState>(0).GradientOf(c, c.Attributes.String("source"), prepended);
        c.OutputHandle(0, gradient.Name, gradient);
        if (c.Operation.Outputs.Count > 1)
            c.Output(1, c.Input(1));
    }
}

internal sealed class TensorArrayGradV3Op() : TensorArrayGradientOp(
    "TensorArrayGradV3(handle: resource, flow_in: float) -> (grad_handle: resource, flow_out: float) where source: string; stateful");

internal sealed class TensorArrayGradWithShapeOp() : TensorArrayGradientOp(
    "TensorArrayGradWithShape(handle: resource, flow_in: float, shape_to_prepend: int32) -> (grad_handle: resource, flow_out: float) where source: string; stateful");

internal sealed class TensorArrayGradV2Op() : TensorArrayGradientOp(
    "TensorArrayGradV2(handle: string, flow_in: float) -> (grad_handle: string) where source: string; stateful");

internal sealed class TensorArrayGradOp() : TensorArrayGradientOp(
    "TensorArrayGrad(handle: string, flow_in: float) -> (grad_handle: ref(string)) where source: string; stateful");
