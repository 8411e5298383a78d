using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A binary operation over floats.</summary>
internal abstract class FloatBinaryOp(string signature) : BinaryOp(signature), IBlockwiseOp
{
    // Made once: small graphs spend more time on making it than on their elements.
    private BinaryBody<float, float, float>? _single;

    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Float32:
                Run(c, _single ??= Apply);
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

    int IBlockwiseOp.OperandCount => 2;

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Apply(x, y, z);

    /// <summary>Computes z[i] from x[i] and y[i]; <paramref name="z"/> can be one of them.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
