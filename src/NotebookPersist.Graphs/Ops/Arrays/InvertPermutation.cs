using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The order that undoes an order: <c>y[x[i]] = i</c>.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Each of 0 to n-1 once. Shape: [n], int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "InvertPermutation".</remarks>
    public static Output InvertPermutation(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<InvertPermutationOp>(name, x);
    }
}

internal sealed class InvertPermutationOp() : Op("InvertPermutation(x: T) -> (y: T) where T: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("an order is no continuous value");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, 1));

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument("invert_permutation expects a 1D vector.");
        long[] order = IntVectors.Read(c.Input(0));
        long[] inverse = new long[order.Length];
        Array.Fill(inverse, -1);
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] < 0 || order[i] >= order.Length)
                throw c.InvalidArgument($"{order[i]} is not between 0 and {order.Length}");
            if (inverse[order[i]] >= 0)
                throw c.InvalidArgument($"{order[i]} is duplicated in the input.");
            inverse[order[i]] = i;
        }

        IntVectors.Write(inverse, c.AllocateOutput(0, c.Input(0).Shape));
    }
}
