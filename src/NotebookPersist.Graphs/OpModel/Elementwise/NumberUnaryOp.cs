using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A unary operation over integers and floats alike.</summary>
internal abstract class NumberUnaryOp(string signature) : UnaryOp(signature), INumberAction, IBlockwiseOp
{
    // Made once: small graphs spend more time on making it than on their elements.
    private UnaryBody<float, float>? _single;

    public override void Compute(KernelContext c)
    {
        DType type = c.Input(0).DType;
        if (type == DType.Float32)
            Run(c, _single ??= Apply);
        else if (type == DType.BFloat16)
            Run(c, ElementwiseLoops.Widened(Apply));
        else if (type.IsComplex())
            RunComplex(c);
        else
            this.RunFor(type, c);
    }

    void INumberAction.Run<T>(KernelContext c) => Run<T>(c, Apply);

    int IBlockwiseOp.OperandCount => 1;

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Apply(x, z);

    /// <summary>Computes y[i] from x[i]; <paramref name="y"/> can be <paramref name="x"/>.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, INumber<T>;
}
