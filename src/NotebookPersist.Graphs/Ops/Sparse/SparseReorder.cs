using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The entries of a sparse tensor in row-major order.</summary>
    /// <remarks>Source: TensorFlow op "SparseReorder".</remarks>
    public static (Output Indices, Output Values) SparseReorder(this Graph graph, Operand indices, Operand values, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation made = graph.AddOperation<SparseReorderOp>(name, null, indices, values, shape);
        return (made[0], made[1]);
    }
}

internal sealed class SparseReorderOp() : SparseOp("SparseReorder(input_indices: int64, input_values: T, input_shape: int64) -> (output_indices: int64, output_values: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output count = g.Graph.AddOperation("Shape", null, null, g.X(0))[0][0];
        Output ordered = g.Graph.SparseReorder(g.X(0), g.Graph.Range(0, count), g.X(2)).Values;
        return [null, g.Graph.Gather(g.Dy(1), g.Graph.InvertPermutation(ordered)), null];
    });

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.WithRank(0, 2));
        c.Output(1, c.WithRank(1, 1));
    }

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        parts.Take(parts.Order()).Output(c, 0, 1);
    }
}
