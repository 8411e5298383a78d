namespace NotebookPersist.Graphs.OpModel;

/// <summary>All that is known of an operation type: signature, shapes, computation and gradient.</summary>
/// <remarks>One class a type; the registry finds it by its signature. Thread safety: stateless; state lives in the session.</remarks>
public abstract class Op
{
    /// <summary>Reads the signature, once.</summary>
    protected Op(string signature) => Signature = OpSignature.Parse(signature);

    /// <summary>Takes a signature that a graph describes.</summary>
    internal Op(OpSignature signature) => Signature = signature;

    /// <summary>Inputs, outputs and attributes in TensorFlow's vocabulary.</summary>
    public OpSignature Signature { get; }

    /// <summary>How to differentiate, or why that is impossible.</summary>
    public abstract GradientRule Gradient { get; }

    /// <summary>
    /// Whether runs of nodes with equal inputs give equal outputs and nothing else, so that the result can be computed ahead.
    /// </summary>
    public virtual bool IsPure => !Signature.IsStateful && !Signature.HasReferenceInputs;

    /// <summary>Whether outputs may be dead, or the node runs more than once a run: then plans need branches and loops.</summary>
    public virtual bool IsControlFlow => false;

    /// <summary>Tells the outputs' shapes from the inputs'; the only shape rule for building, importing and verifying.</summary>
    public abstract void InferShapes(ShapeContext c);

    /// <summary>Computes the outputs.</summary>
    public abstract void Compute(KernelContext c);

    /// <summary>The value of output 0 where it follows from shapes alone, though the inputs are not constant; else null.</summary>
    public virtual Tensor? FoldFromShapes(Operation operation) => null;

    /// <summary>What is known of the shape that output 0, a vector of sizes, describes; else null.</summary>
    public virtual Shape? ValueAsShape(Operation operation) => null;
}
