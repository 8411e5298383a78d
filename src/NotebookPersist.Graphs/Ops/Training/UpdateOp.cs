using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>One training step of a variable and its slots, in place, from a gradient or from some of its rows.</summary>
/// <remarks>The leading inputs are the variable and its slots: references, or resource handles.</remarks>
internal abstract class UpdateOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("training steps are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        if (c.OutputCount == 0)
            return;
        Shape shape = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
        {
            // What a variable's handle is given for, as a scalar say, can be a plain value.
            if (Signature.Inputs[i].IsReference)
                shape = c.Merge(shape, c.Input(i));
        }

        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        var update = new VariableUpdate(c, Signature);
        switch (update.Variable.DType)
        {
            case DType.Float32:
                Update<float>(update);
                break;
            case DType.Float64:
                Update<double>(update);
                break;
            case DType.Float16 or DType.BFloat16:
                update.Widen();
                Update<float>(update);
                update.Narrow();
                break;
            default:
                throw c.Unsupported(update.Variable.DType);
        }

        update.Finish();
        if (Signature.Outputs.Count > 0)
            c.OutputReference(0, c.Reference(0));
    }

    /// <summary>Makes the rule from the node's scalars and applies it.</summary>
    protected abstract void Update<T>(VariableUpdate u)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
