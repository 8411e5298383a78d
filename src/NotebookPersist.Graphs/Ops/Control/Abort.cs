using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class AbortOp() : ControlFlowOp("Abort() -> () where error_msg: string = '', exit_without_error: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    // TensorFlow ends the process. A graph must not end a notebook: the run fails instead.
    public override void Compute(KernelContext c)
    {
        if (!c.Attributes.Bool("exit_without_error"))
            throw new KernelException(RunErrorCode.Aborted, $"Abort_op intentional failure; {c.Attributes.String("error_msg")}");
    }
}
