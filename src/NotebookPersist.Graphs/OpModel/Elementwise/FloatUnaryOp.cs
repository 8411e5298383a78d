using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A unary operation over floats.</summary>
internal abstract class FloatUnaryOp(string signature) : UnaryOp(signature), IBlockwiseOp
{
    // Made once: small graphs spend more time on making it than on their elements.
    private UnaryBody<float, float>? _single;

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

    int IBlockwiseOp.OperandCount => 1;

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Apply(x, z);

    /// <summary>Computes y[i] from x[i]; <paramref name="y"/> can be <paramref name="x"/>.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
