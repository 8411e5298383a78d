using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The elements of x that are not in y, and where they are in x.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [n].</param>
    /// <param name="y">Shape: [m]. DType: that of <paramref name="x"/>.</param>
    /// <param name="indexType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.setdiff1d</c>, op "ListDiff".</remarks>
    public static (Output Values, Output Indices) SetDifference(this Graph graph, Operand x, Operand y, DType indexType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<ListDiffOp>(name, new AttributeList { { "out_idx", indexType } }, x, y);
        return (node[0], node[1]);
    }
}

internal sealed class ListDiffOp() : Op("ListDiff(x: T, y: T) -> (out: T, idx: out_idx) where T: type, out_idx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [-1]);
        c.Output(1, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor x, Tensor y) = (c.Input(0), c.Input(1));
        if (x.Rank != 1 || y.Rank != 1)
            throw c.InvalidArgument("x and y should be 1D vectors.");
        var excluded = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < y.Count; i++)
            excluded.Add(Rows.Key(y, 0, i));
        var left = new List<int>();
        for (int i = 0; i < x.Count; i++)
        {
            if (!excluded.Contains(Rows.Key(x, 0, i)))
                left.Add(i);
        }

        c.Output(0, Rows.Take(x, 0, left));
        IntVectors.Write([.. left.Select(static i => (long)i)], c.AllocateOutput(1, [left.Count]));
    }
}
