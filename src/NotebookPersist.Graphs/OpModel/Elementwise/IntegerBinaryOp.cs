using System.Numerics;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A binary operation over integers.</summary>
internal abstract class IntegerBinaryOp(string signature) : BinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("integers are not differentiated");

    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Int32:
                Run<int>(c, Apply);
                break;
            case DType.Int64:
                Run<long>(c, Apply);
                break;
            case DType.Int8:
                Run<sbyte>(c, Apply);
                break;
            case DType.Int16:
                Run<short>(c, Apply);
                break;
            case DType.UInt8:
                Run<byte>(c, Apply);
                break;
            case DType.UInt16:
                Run<ushort>(c, Apply);
                break;
            case DType.UInt32:
                Run<uint>(c, Apply);
                break;
            case DType.UInt64:
                Run<ulong>(c, Apply);
                break;
            default:
                throw c.Unsupported(c.Input(0).DType);
        }
    }

    /// <summary>Computes z[i] from x[i] and y[i]; <paramref name="z"/> can be one of them.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IBinaryInteger<T>;
}
