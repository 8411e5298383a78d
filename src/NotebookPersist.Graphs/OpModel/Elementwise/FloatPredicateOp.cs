using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation that tells true or false of each float.</summary>
internal abstract class FloatPredicateOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its output is true or false");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

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
                Run(c, ElementwiseLoops.Widened((UnaryBody<float, bool>)Apply));
                break;
            default:
                throw c.Unsupported(c.Input(0).DType);
        }
    }

    protected abstract bool Tell<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T>;

    private static void Run<T>(KernelContext c, UnaryBody<T, bool> body)
        where T : unmanaged
    {
        Tensor x = c.Input(0);
        ElementwiseLoops.Unary(x, c.AllocateOutput(0, x.Shape), body, c.Workers);
    }

    private void Apply<T>(ReadOnlySpan<T> x, Span<bool> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = Tell(x[i]);
    }
}
