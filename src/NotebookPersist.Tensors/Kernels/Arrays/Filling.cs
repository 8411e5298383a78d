namespace NotebookPersist.Kernels;

/// <summary>Sets all elements of a tensor to one value.</summary>
public static class Filling
{
    /// <summary>Sets every element to the single one of <paramref name="value"/>.</summary>
    public static void Fill(Tensor target, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(target);
        RawElements.Run(target.DType, new Loop(target, value));
    }

    /// <summary>The number 1, or true, as a scalar of an element type.</summary>
    /// <exception cref="NotSupportedException">The type has no such value.</exception>
    public static Tensor One(DType dtype) => dtype switch
    {
        DType.Bool => true,
        DType.Float32 => 1f,
        DType.Float64 => 1.0,
        DType.Float16 => Tensor.Scalar(Half.One),
        DType.BFloat16 => Tensor.Scalar((BFloat16)1f),
        DType.Complex64 => Tensor.Scalar(new Complex64(1, 0)),
        DType.Complex128 => Tensor.Scalar(System.Numerics.Complex.One),
        DType.Int8 => Tensor.Scalar((sbyte)1),
        DType.UInt8 => Tensor.Scalar((byte)1),
        DType.Int16 => Tensor.Scalar((short)1),
        DType.UInt16 => Tensor.Scalar((ushort)1),
        DType.Int32 => 1,
        DType.UInt32 => Tensor.Scalar(1u),
        DType.Int64 => 1L,
        DType.UInt64 => Tensor.Scalar(1UL),
        _ => throw new NotSupportedException($"Elements of type '{dtype.Name()}' have no value 1."),
    };

    private readonly record struct Loop(Tensor Target, Tensor Value) : IElementLoop
    {
        public void Run<T>() => Target.Raw<T>().Fill(Value.Raw<T>()[0]);
    }
}
