using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whichever of its inputs is live, and which one that was.</summary>
    /// <remarks>Source: TensorFlow op "Merge"; of variables' handles "RefMerge".</remarks>
    internal static Operation Merge(this Graph graph, ReadOnlySpan<Operand> inputs, string? name = null)
    {
        bool references = true;
        foreach (Operand input in inputs)
            references &= input.Output is { IsReference: true };
        return graph.AddOperation(references ? "RefMerge" : "Merge", name, null, inputs);
    }
}

internal abstract class MergingOp(string signature) : ControlFlowOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ControlFlowGradients.Merge(g));

    public override void InferShapes(ShapeContext c)
    {
        Shape common = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
            common = Common(common, c.Input(i));
        c.Output(0, common);
        c.Output(1, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 0; i < c.InputCount; i++)
        {
            if (!c.HasInput(i))
                continue;
            Forward(c, i, 0);
            c.AllocateOutput(1, Shape.Scalar).MutableData<int>()[0] = i;
            return;
        }

        throw c.InvalidArgument("No input has a value.");
    }

    // What is known of a value that has either shape.
    private static Shape Common(Shape left, Shape right)
    {
        if (!left.HasRank || !right.HasRank || left.Rank != right.Rank)
            return Shape.Unknown;
        long[] sizes = new long[left.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = left[i] == right[i] ? left[i] : -1;
        return sizes;
    }
}

internal sealed class MergeOp() : MergingOp("Merge(inputs: N * T) -> (output: T, value_index: int32) where T: type, N: int >= 1");

internal sealed class RefMergeOp() : MergingOp("RefMerge(inputs: N * ref(T)) -> (output: ref(T), value_index: int32) where T: type, N: int >= 1");
