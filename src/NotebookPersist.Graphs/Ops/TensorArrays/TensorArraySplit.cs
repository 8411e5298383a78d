using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal abstract class TensorArraySplittingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Split(g));

    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        Tensor value = c.Input(1);
        if (c.Input(2).Rank != 1)
            throw c.InvalidArgument($"Expected lengths to be a vector, received shape: {c.Input(2).Shape}");
        if (value.Rank == 0)
            throw c.InvalidArgument($"Expected value to be at least a vector, but received shape: {value.Shape}");
        ReadOnlySpan<long> lengths = c.Input<long>(2);
        long total = 0;
        foreach (long length in lengths)
        {
            if (length < 0 || length > value.Shape[0] - total)
                throw c.InvalidArgument($"Expected sum of lengths to be equal to values.shape[0], but lengths are {string.Join(", ", lengths.ToArray().Take(16))} and value's shape is: {value.Shape}");
            total += length;
        }

        if (total != value.Shape[0])
            throw c.InvalidArgument($"Expected sum of lengths to be equal to values.shape[0], but sum of lengths is {total} and value's shape is: {value.Shape}");
        array.Resize(c, lengths.Length, "split");
        var parts = new Tensor[lengths.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = c.Allocate(value.DType, Shape.Create([lengths[i], .. value.Shape.Dimensions[1..]]));
        Joining.Split(value, parts, 1, c.Workers);
        for (int i = 0; i < parts.Length; i++)
            array.Write(c, i, parts[i]);
        c.Output(0, c.Input(3));
    }
}

internal sealed class TensorArraySplitV3Op() : TensorArraySplittingOp(
    "TensorArraySplitV3(handle: resource, value: T, lengths: int64, flow_in: float) -> (flow_out: float) where T: type; stateful");

internal sealed class TensorArraySplitV2Op() : TensorArraySplittingOp(
    "TensorArraySplitV2(handle: string, value: T, lengths: int64, flow_in: float) -> (flow_out: float) where T: type");

internal sealed class TensorArraySplitOp() : TensorArraySplittingOp(
    "TensorArraySplit(handle: ref(string), value: T, lengths: int64, flow_in: float) -> (flow_out: float) where T: type");
