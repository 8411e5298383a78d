using System.Numerics;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation that computes each element of its output from two elements that meet by broadcasting.</summary>
internal abstract class BinaryOp(string signature) : Op(signature)
{
    /// <summary>Computes one complex number; null where the operation has no complex kernel.</summary>
    protected virtual Func<Complex, Complex, Complex>? ComplexRule => null;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Broadcast(c.Input(0), c.Input(1)));

    /// <summary>Runs a body whose result has the operands' type.</summary>
    protected static void Run<T>(KernelContext c, BinaryBody<T, T, T> body)
        where T : unmanaged
    {
        Tensor x = c.Input(0);
        Tensor y = c.Input(1);
        if (ElementwiseLoops.SmallShape(x, y) is { } small)
        {
            ElementwiseLoops.Small(x, y, ReferenceEquals(small, x.Shape) ? c.ForwardOrAllocateOutput(0, 0, small) : c.ForwardOrAllocateOutput(1, 0, small), body);
            return;
        }

        BroadcastPlan plan = PlanFor(c, x, y);
        Tensor z = x.Shape == plan.Shape ? c.ForwardOrAllocateOutput(0, 0, plan.Shape)
            : y.Shape == plan.Shape ? c.ForwardOrAllocateOutput(1, 0, plan.Shape)
            : c.AllocateOutput(0, plan.Shape);
        ElementwiseLoops.Binary(x, y, z, plan, body, c.Workers);
    }

    /// <summary>Runs a body whose result has a type of its own.</summary>
    protected static void RunInto<T, TOut>(KernelContext c, BinaryBody<T, T, TOut> body)
        where T : unmanaged
        where TOut : unmanaged
    {
        Tensor x = c.Input(0);
        Tensor y = c.Input(1);
        if (ElementwiseLoops.SmallShape(x, y) is { } small)
        {
            ElementwiseLoops.Small(x, y, c.AllocateOutput(0, small), body);
            return;
        }

        BroadcastPlan plan = PlanFor(c, x, y);
        ElementwiseLoops.Binary(x, y, c.AllocateOutput(0, plan.Shape), plan, body, c.Workers);
    }

    protected void RunComplex(KernelContext c)
    {
        Func<Complex, Complex, Complex> rule = ComplexRule ?? throw c.Unsupported(c.Input(0).DType);
        if (c.Input(0).DType == DType.Complex64)
        {
            Run<Complex64>(c, (x, y, z) =>
            {
                for (int i = 0; i < x.Length; i++)
                    z[i] = (Complex64)rule(x[i], y[i]);
            });
        }
        else
        {
            Run<Complex>(c, (x, y, z) =>
            {
                for (int i = 0; i < x.Length; i++)
                    z[i] = rule(x[i], y[i]);
            });
        }
    }

    private static BroadcastPlan PlanFor(KernelContext c, Tensor x, Tensor y) =>
        BroadcastPlan.TryCreate(x.Shape, y.Shape) ?? throw c.InvalidArgument($"Incompatible shapes: {x.Shape} vs. {y.Shape}");
}
