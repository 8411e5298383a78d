using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>True where either is, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: bool.</param>
    /// <param name="y">Right operand. DType: bool. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool. Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "LogicalOr".</remarks>
    public static Output LogicalOr(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<LogicalOrOp>(name, x, y);
}

internal sealed class LogicalOrOp() : BinaryOp("LogicalOr(x: bool, y: bool) -> (z: bool); commutative")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("truth values are not differentiated");

    public override void Compute(KernelContext c) => Run<bool>(c, static (x, y, z) =>
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] | y[i];
    });
}
