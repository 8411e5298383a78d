using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>A binary operation over integers and floats alike.</summary>
internal abstract class NumberBinaryOp(string signature) : BinaryOp(signature), INumberAction, IBlockwiseOp
{
    // Made once: small graphs spend more time on making it than on their elements.
    private BinaryBody<float, float, float>? _single;

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

    int IBlockwiseOp.OperandCount => 2;

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Apply(x, y, z);

    /// <summary>Computes z[i] from x[i] and y[i]; <paramref name="z"/> can be one of them.</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, INumber<T>;
}
