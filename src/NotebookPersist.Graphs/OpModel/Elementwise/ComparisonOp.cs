using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation that tells true or false of two numbers that meet by broadcasting.</summary>
internal abstract class ComparisonOp(string signature) : BinaryOp(signature), INumberAction
{
    // Made once: small graphs spend more time on making it than on their elements.
    private BinaryBody<float, float, bool>? _single;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("its output is true or false");

    public override void Compute(KernelContext c)
    {
        DType type = c.Input(0).DType;
        if (type == DType.Float32)
            RunInto(c, _single ??= Apply);
        else if (type == DType.BFloat16)
            RunInto(c, ElementwiseLoops.Widened((BinaryBody<float, float, bool>)Apply));
        else if (NumberActions.IsSupported(type))
            this.RunFor(type, c);
        else
            ComputeOther(c);
    }

    void INumberAction.Run<T>(KernelContext c) => RunInto<T, bool>(c, Apply);

    /// <summary>Computes z[i] from x[i] and y[i].</summary>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
        where T : unmanaged, INumber<T>;

    /// <summary>Compares elements that have no order: bools, complex numbers, strings.</summary>
    protected virtual void ComputeOther(KernelContext c) => throw c.Unsupported(c.Input(0).DType);
}
