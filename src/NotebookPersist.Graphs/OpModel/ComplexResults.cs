using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Sets outputs from complex128, in which complex numbers are computed.</summary>
internal static class ComplexResults
{
    /// <summary>Sets output 0, rounded where it is complex64.</summary>
    public static void Set(KernelContext c, Tensor result)
    {
        if (c.Operation.Outputs[0].DType == DType.Complex128)
            c.Output(0, result);
        else
            WideElements.Narrow(result, c.AllocateOutput(0, result.Shape));
    }
}
