using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal abstract class TensorArrayScatteringOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Scatter(g));

    public override bool IsPure => false;

    private bool SetsAll => Signature.Inputs.Count == 3;

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        Tensor value = c.Input(SetsAll ? 1 : 2);
        if (value.Rank == 0)
            throw c.InvalidArgument($"Input value for unpack must be at least a vector but received shape: {value.Shape}");
        int[] indices = SetsAll ? [.. Enumerable.Range(0, (int)value.Shape[0])] : c.Input(1).ToArray<int>();
        if (indices.Length != value.Shape[0])
            throw c.InvalidArgument($"Expected len(indices) == values.shape[0], but saw: {indices.Length} vs. {value.Shape[0]}");
        array.Resize(c, indices.Length == 0 ? 0 : (long)indices.Max() + 1, "scatter");
        Shape row = Shape.Create(value.Shape.Dimensions[1..]);
        Tensor[] parts = Array.ConvertAll(indices, _ => c.Allocate(value.DType, row));
        Joining.Split(value, parts, 1, c.Workers);
        for (int i = 0; i < parts.Length; i++)
            array.Write(c, indices[i], parts[i]);
        c.Output(0, c.Input(c.InputCount - 1));
    }
}

internal sealed class TensorArrayScatterV3Op() : TensorArrayScatteringOp(
    "TensorArrayScatterV3(handle: resource, indices: int32, value: T, flow_in: float) -> (flow_out: float) where T: type; stateful");

internal sealed class TensorArrayScatterV2Op() : TensorArrayScatteringOp(
    "TensorArrayScatterV2(handle: string, indices: int32, value: T, flow_in: float) -> (flow_out: float) where T: type");

internal sealed class TensorArrayScatterOp() : TensorArrayScatteringOp(
    "TensorArrayScatter(handle: ref(string), indices: int32, value: T, flow_in: float) -> (flow_out: float) where T: type");

internal sealed class TensorArrayUnpackOp() : TensorArrayScatteringOp(
    "TensorArrayUnpack(handle: ref(string), value: T, flow_in: float) -> (flow_out: float) where T: type");
