using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Runs activations of one input or, as gradients, of two of the same shape.</summary>
internal static class ActivationOps
{
    public static void Run<T, TActivation>(KernelContext c, T parameter = default)
        where T : unmanaged, INumber<T>
        where TActivation : struct, IActivation<T>
    {
        Tensor x = c.Input(0);
        Tensor y = c.InputCount > 1 ? c.Input(1) : x;
        if (x.Shape != y.Shape)
            throw c.InvalidArgument($"Inputs to operation {c.Operation.Name} of type {c.Operation.Type} must have the same size and shape.  Input 0: {x.Shape} != input 1: {y.Shape}");
        Tensor result = c.ForwardOrAllocateOutput(0, 0, x.Shape);
        Activation.Run<T, TActivation>(x.Data<T>(), y.Data<T>(), result.MutableData<T>(), parameter, c.Workers);
    }

    public static void InferSame(ShapeContext c) => c.Output(0, c.InputCount > 1 ? c.Merge(c.Input(0), c.Input(1)) : c.Input(0));
}
