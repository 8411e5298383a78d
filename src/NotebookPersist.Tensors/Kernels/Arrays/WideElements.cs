using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Tensors of the types without arithmetic of their own, bfloat16 and complex64, seen as the next wider type that has it.</summary>
public static class WideElements
{
    /// <summary>The type to compute in; the type itself where it has arithmetic.</summary>
    public static DType TypeOf(DType dtype) => dtype switch
    {
        DType.BFloat16 => DType.Float32,
        DType.Complex64 => DType.Complex128,
        DType.QInt8 => DType.Int8,
        DType.QUInt8 => DType.UInt8,
        DType.QInt16 => DType.Int16,
        DType.QUInt16 => DType.UInt16,
        DType.QInt32 => DType.Int32,
        _ => dtype,
    };

    /// <summary>The same numbers in the type to compute in; quantized ones share their bytes, others are copied where the type changes.</summary>
    public static Tensor Widened(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        DType wider = TypeOf(tensor.DType);
        if (wider == tensor.DType)
            return tensor;
        if (tensor.DType.IsQuantized())
            return tensor.Reinterpreted(wider);
        Tensor wide = Tensor.Uninitialized(wider, tensor.Shape);
        for (int i = 0; i < wide.Count; i++)
        {
            if (wider == DType.Float32)
                wide.MutableData<float>()[i] = tensor.Data<BFloat16>()[i];
            else
                wide.MutableData<Complex>()[i] = tensor.Data<Complex64>()[i];
        }

        return wide;
    }

    /// <summary>Rounds wide numbers into a tensor of bfloat16 or complex64.</summary>
    public static void Narrow(Tensor wide, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(wide);
        ArgumentNullException.ThrowIfNull(target);
        for (int i = 0; i < wide.Count; i++)
        {
            if (target.DType == DType.BFloat16)
                target.MutableData<BFloat16>()[i] = (BFloat16)wide.Data<float>()[i];
            else
                target.MutableData<Complex64>()[i] = (Complex64)wide.Data<Complex>()[i];
        }
    }
}
