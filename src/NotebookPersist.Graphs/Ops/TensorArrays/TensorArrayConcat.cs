using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal abstract class TensorArrayConcatOpBase(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => TensorArrayGradients.Concat(g));

    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        Shape rest = c.Attributes.Shape("element_shape_except0");
        c.Output(0, rest.HasRank ? Shape.Create([-1, .. rest.Dimensions]) : Shape.Unknown);
        c.Output(1, Shape.OfRank(1));
    }

    public override void Compute(KernelContext c)
    {
        TensorArrayState array = c.Thing<TensorArrayState>(0);
        array.CheckOpen(c);
        Shape rest = c.Attributes.Shape("element_shape_except0");
        if (array.Count == 0)
        {
            if (!rest.IsFullyKnown)
                throw new KernelException(RunErrorCode.Unimplemented, $"TensorArray has size zero, but element_shape_except0 {rest} is not fully defined. Currently only static shapes are supported when concatenating zero-size TensorArrays.");
            c.AllocateOutput(0, Shape.Create([0, .. rest.Dimensions]));
            c.AllocateOutput(1, new long[] { 0 });
            return;
        }

        var parts = new Tensor[array.Count];
        long total = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = array.Read(c, i);
            if (parts[i].Rank == 0)
                throw c.InvalidArgument($"Concat saw a scalar shape at index {i} but requires at least vectors.  Did you mean to call pack?");
            if (!parts[i].Shape.Dimensions[1..].SequenceEqual(parts[0].Shape.Dimensions[1..]) || (rest.HasRank && !rest.IsCompatibleWith(Shape.Create(parts[i].Shape.Dimensions[1..]))))
                throw c.InvalidArgument($"TensorArray has inconsistent shapes.  Index 0 has (excepting dimension 0) shape: {parts[0].Shape} but index {i} has shape: {parts[i].Shape}");
            total += parts[i].Shape[0];
        }

        Joining.Join(parts, c.AllocateOutput(0, Shape.Create([total, .. parts[0].Shape.Dimensions[1..]])), 1, c.Workers);
        Span<long> lengths = c.AllocateOutput(1, new long[] { parts.Length }).MutableData<long>();
        for (int i = 0; i < parts.Length; i++)
        {
            lengths[i] = parts[i].Shape[0];
            array.Forget(i);
        }
    }
}

internal sealed class TensorArrayConcatV3Op() : TensorArrayConcatOpBase(
    "TensorArrayConcatV3(handle: resource, flow_in: float) -> (value: dtype, lengths: int64) where dtype: type, element_shape_except0: shape = ?; stateful");

internal sealed class TensorArrayConcatV2Op() : TensorArrayConcatOpBase(
    "TensorArrayConcatV2(handle: string, flow_in: float) -> (value: dtype, lengths: int64) where dtype: type, element_shape_except0: shape = ?");

internal sealed class TensorArrayConcatOp() : TensorArrayConcatOpBase(
    "TensorArrayConcat(handle: ref(string), flow_in: float) -> (value: dtype, lengths: int64) where dtype: type, element_shape_except0: shape = ?");
