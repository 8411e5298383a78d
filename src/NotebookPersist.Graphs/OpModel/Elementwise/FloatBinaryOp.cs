using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A binary operation over floats.</summary>
internal abstract class FloatBinaryOp(string signature) : BinaryOp(signature)
{
    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Float32:
                Run<float>(c, Apply);
                break;
            case DType.Float64:
                Run<double>(c, Apply);
                break;
            case DType.Float16:
                Run<Half>(c, Apply);
                break;
            case DType.BFloat16:
                Run(c, ElementwiseLoops.Widened(Apply));
                break;
            default:
                RunComplex(c);
                break;
        }
    }

    /// <summary>Computes z[i] from x[i] and y[i]; <paramref name="z"/> can be one of them.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
