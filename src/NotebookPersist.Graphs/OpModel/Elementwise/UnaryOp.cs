using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation that computes each element of its output from the same element of its input.</summary>
internal abstract class UnaryOp(string signature) : Op(signature)
{
    /// <summary>Computes one complex number; null where the operation has no complex kernel.</summary>
    protected virtual Func<Complex, Complex>? ComplexRule => null;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    protected static void Run<T>(KernelContext c, UnaryBody<T, T> body)
        where T : unmanaged
    {
        Tensor x = c.Input(0);
        ElementwiseLoops.Unary(x, c.ForwardOrAllocateOutput(0, 0, x.Shape), body, c.Workers);
    }

    protected void RunComplex(KernelContext c)
    {
        Func<Complex, Complex> rule = ComplexRule ?? throw c.Unsupported(c.Input(0).DType);
        if (c.Input(0).DType == DType.Complex64)
        {
            Run<Complex64>(c, (x, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                    y[i] = (Complex64)rule(x[i]);
            });
        }
        else
        {
            Run<Complex>(c, (x, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                    y[i] = rule(x[i]);
            });
        }
    }
}
