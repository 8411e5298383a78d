using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>So many equally spaced numbers from a start to a stop, both included.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="start">First number; a scalar.</param>
    /// <param name="stop">Last number; a scalar of the same type.</param>
    /// <param name="num">How many; at least 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "LinSpace".</remarks>
    public static Output LinSpace(this Graph graph, Operand start, Operand stop, Operand num, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<LinSpaceOp>(name, start, stop, num);
    }
}

internal sealed class LinSpaceOp() : Op("LinSpace(start: T, stop: T, num: Tidx) -> (output: T) where T: bfloat16 | float | double, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < 3; i++)
            c.WithRank(i, 0);
        long? count = c.InputInts(2)?[0];
        if (count <= 0)
            throw c.Fault($"Requires num > 0: {count}.");
        c.Output(0, new long[] { count ?? -1 });
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 0; i < 3; i++)
        {
            if (c.Input(i).Rank != 0)
                throw c.InvalidArgument($"{c.Operation.Signature.Inputs[i].Name} must be a scalar, not shape {c.Input(i).Shape}");
        }

        long count = IntVectors.Read(c.Input(2))[0];
        if (count <= 0)
            throw c.InvalidArgument($"Requires num > 0: {count}");
        Tensor output = c.AllocateOutput(0, new long[] { count });
        switch (output.DType)
        {
            case DType.Float32:
                Sequences.Linear(c.Input<float>(0)[0], c.Input<float>(1)[0], output.MutableData<float>());
                break;
            case DType.Float64:
                Sequences.Linear(c.Input<double>(0)[0], c.Input<double>(1)[0], output.MutableData<double>());
                break;
            default:
                float[] wide = new float[count];
                Sequences.Linear<float>(c.Input<BFloat16>(0)[0], c.Input<BFloat16>(1)[0], wide);
                for (int i = 0; i < wide.Length; i++)
                    output.MutableData<BFloat16>()[i] = (BFloat16)wide[i];
                break;
        }
    }
}
