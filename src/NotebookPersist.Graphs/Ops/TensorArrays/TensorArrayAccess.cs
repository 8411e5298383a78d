using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TensorArrayWritingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Write(g));

    // Older signatures do not say that they change something.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 0);
        c.Output(0, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        c.Thing<TensorArrayState>(0).Write(c, c.Input(1).Item<int>(), c.Input(2));
        c.Output(0, c.Input(3));
    }
}

internal sealed class TensorArrayWriteV3Op() : TensorArrayWritingOp(
    "TensorArrayWriteV3(handle: resource, index: int32, value: T, flow_in: float) -> (flow_out: float) where T: type; stateful");

internal sealed class TensorArrayWriteV2Op() : TensorArrayWritingOp(
    "TensorArrayWriteV2(handle: string, index: int32, value: T, flow_in: float) -> (flow_out: float) where T: type");

internal sealed class TensorArrayWriteOp() : TensorArrayWritingOp(
    "TensorArrayWrite(handle: ref(string), index: int32, value: T, flow_in: float) -> (flow_out: float) where T: type");

internal abstract class TensorArrayReadingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Read(g));

    // An element is what is written during the run, whatever the inputs.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 0);
        c.Output(0, Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        int index = c.Input(1).Item<int>();
        Tensor value = array.Read(c, index);
        if (value.DType != c.Operation.Outputs[0].DType)
            throw c.InvalidArgument($"TensorArray dtype is {value.DType.Name()} but Op requested dtype {c.Operation.Outputs[0].DType.Name()}.");
        c.Output(0, value);
        array.Forget(index);
    }
}

internal sealed class TensorArrayReadV3Op() : TensorArrayReadingOp(
    "TensorArrayReadV3(handle: resource, index: int32, flow_in: float) -> (value: dtype) where dtype: type; stateful");

internal sealed class TensorArrayReadV2Op() : TensorArrayReadingOp(
    "TensorArrayReadV2(handle: string, index: int32, flow_in: float) -> (value: dtype) where dtype: type");

internal sealed class TensorArrayReadOp() : TensorArrayReadingOp(
    "TensorArrayRead(handle: ref(string), index: int32, flow_in: float) -> (value: dtype) where dtype: type");

internal abstract class TensorArraySizingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is a size");

    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        array.CheckOpen(c);
        c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = array.Count;
    }
}

internal sealed class TensorArraySizeV3Op() : TensorArraySizingOp("TensorArraySizeV3(handle: resource, flow_in: float) -> (size: int32); stateful");

internal sealed class TensorArraySizeV2Op() : TensorArraySizingOp("TensorArraySizeV2(handle: string, flow_in: float) -> (size: int32)");

internal sealed class TensorArraySizeOp() : TensorArraySizingOp("TensorArraySize(handle: ref(string), flow_in: float) -> (size: int32)");

internal abstract class TensorArrayClosingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        c.Thing<TensorArrayState>(0).Close();
        c.ForgetHandle(0);
    }
}

internal sealed class TensorArrayCloseV3Op() : TensorArrayClosingOp("TensorArrayCloseV3(handle: resource) -> (); stateful");

internal sealed class TensorArrayCloseV2Op() : TensorArrayClosingOp("TensorArrayCloseV2(handle: string) -> ()");

internal sealed class TensorArrayCloseOp() : TensorArrayClosingOp("TensorArrayClose(handle: ref(string)) -> ()");
