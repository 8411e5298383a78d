using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal abstract class TensorArrayGatheringOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Gather(g));

    public override bool IsPure => false;

    private bool TakesAll => Signature.Inputs.Count == 2;

    public override void InferShapes(ShapeContext c)
    {
        Shape element = c.Attributes.Shape("element_shape");
        long count = !TakesAll && c.Input(1).Rank == 1 ? c.Input(1)[0] : -1;
        c.Output(0, element.HasRank ? Shape.Create([count, .. element.Dimensions]) : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        array.CheckOpen(c);
        DType dtype = c.Operation.Outputs[0].DType;
        if (array.DType != dtype)
            throw c.InvalidArgument($"TensorArray dtype is {array.DType.Name()} but Op requested dtype {dtype.Name()}.");
        if (!TakesAll && c.Input(1).Rank != 1)
            throw c.InvalidArgument($"Expected indices to be a vector, but received shape: {c.Input(1).Shape}");
        int[] indices = TakesAll ? [.. Enumerable.Range(0, array.Count)] : c.Input(1).ToArray<int>();
        Shape declared = c.Attributes.Shape("element_shape");
        if (!declared.IsCompatibleWith(array.ElementShape))
            throw c.InvalidArgument($"TensorArray was passed element_shape {declared} which does not match the element_shape of the array: {array.ElementShape}");
        declared = declared.MergeWith(array.ElementShape);
        if (indices.Length == 0)
        {
            if (!declared.IsFullyKnown)
                throw new KernelException(RunErrorCode.Unimplemented, $"TensorArray has size zero, but element shape {declared} is not fully defined. Currently only static shapes are supported when packing zero-size TensorArrays.");
            c.AllocateOutput(0, Shape.Create([0, .. declared.Dimensions]));
            return;
        }

        Tensor[] parts = Array.ConvertAll(indices, i => array.Read(c, i));
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Shape != parts[0].Shape)
                throw c.InvalidArgument($"TensorArray has inconsistent shapes.  Index 0 has shape: {parts[0].Shape} but index {i} has shape: {parts[i].Shape}");
        }

        Joining.Join(parts, c.AllocateOutput(0, Shape.Create([parts.Length, .. parts[0].Shape.Dimensions])), 1, c.Workers);
        foreach (int index in indices)
            array.Forget(index);
    }
}

internal sealed class TensorArrayGatherV3Op() : TensorArrayGatheringOp(
    "TensorArrayGatherV3(handle: resource, indices: int32, flow_in: float) -> (value: dtype) where dtype: type, element_shape: shape = ?; stateful");

internal sealed class TensorArrayGatherV2Op() : TensorArrayGatheringOp(
    "TensorArrayGatherV2(handle: string, indices: int32, flow_in: float) -> (value: dtype) where dtype: type, element_shape: shape = ?");

internal sealed class TensorArrayGatherOp() : TensorArrayGatheringOp(
    "TensorArrayGather(handle: ref(string), indices: int32, flow_in: float) -> (value: dtype) where dtype: type, element_shape: shape = ?");

internal sealed class TensorArrayPackOp() : TensorArrayGatheringOp(
    "TensorArrayPack(handle: ref(string), flow_in: float) -> (value: dtype) where dtype: type, element_shape: shape = ?");
