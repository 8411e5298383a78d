using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation that tells true or false of two numbers that meet by broadcasting.</summary>
internal abstract class ComparisonOp(string signature) : BinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its output is true or false");

    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Float32:
                RunInto<float, bool>(c, Apply);
                break;
            case DType.Float64:
                RunInto<double, bool>(c, Apply);
                break;
            case DType.Float16:
                RunInto<Half, bool>(c, Apply);
                break;
            case DType.BFloat16:
                RunInto(c, ElementwiseLoops.Widened((BinaryBody<float, float, bool>)Apply));
                break;
            case DType.Int32 or DType.QInt32:
                RunInto<int, bool>(c, Apply);
                break;
            case DType.Int64:
                RunInto<long, bool>(c, Apply);
                break;
            case DType.Int8 or DType.QInt8:
                RunInto<sbyte, bool>(c, Apply);
                break;
            case DType.Int16:
                RunInto<short, bool>(c, Apply);
                break;
            case DType.UInt8 or DType.QUInt8:
                RunInto<byte, bool>(c, Apply);
                break;
            case DType.UInt16:
                RunInto<ushort, bool>(c, Apply);
                break;
            case DType.UInt32:
                RunInto<uint, bool>(c, Apply);
                break;
            case DType.UInt64:
                RunInto<ulong, bool>(c, Apply);
                break;
            default:
                ComputeOther(c);
                break;
        }
    }

    /// <summary>Computes z[i] from x[i] and y[i].</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
        where T : unmanaged, INumber<T>;

    /// <summary>Compares elements that have no order: bools, complex numbers, strings.</summary>
    protected virtual void ComputeOther(KernelContext c) => throw c.Unsupported(c.Input(0).DType);
}
