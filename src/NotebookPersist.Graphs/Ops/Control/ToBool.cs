using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What a condition means that is no bool: a scalar that is not 0 or not empty, or a tensor that has elements.</summary>
internal sealed class ToBoolOp() : UndifferentiatedOp("ToBool(input: T) -> (output: bool) where T: type", "a condition is chosen, not computed")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = IsTrue(c.Input(0));

    private static bool IsTrue(Tensor tensor) => tensor.Rank > 0 ? tensor.Count > 0
        : tensor.DType == DType.String ? tensor.Strings[0].Length > 0
        : tensor.DType is DType.Variant or DType.Resource || tensor.Bytes.ContainsAnyExcept((byte)0) && !IsNegativeZero(tensor);

    private static bool IsNegativeZero(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => tensor.Data<float>()[0] == 0,
        DType.Float64 => tensor.Data<double>()[0] == 0,
        DType.Float16 => tensor.Data<Half>()[0] == (Half)0,
        _ => false,
    };
}
