using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>An operation that decides which others run: its result depends on where in a run it stands, so it is never computed ahead.</summary>
internal abstract class ControlFlowOp(string signature) : Op(signature)
{
    public sealed override bool IsPure => false;

    public sealed override bool IsControlFlow => true;

    /// <summary>Hands an input on as it is: a variable's handle where the operation takes handles, else the value.</summary>
    protected void Forward(KernelContext c, int input, int output)
    {
        if (Signature.Outputs[0].IsReference)
            c.OutputReference(output, c.Reference(input));
        else
            c.Output(output, c.Input(input));
    }
}
