using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>True where false and false where true, element by element.</summary>
    /// <returns>DType: bool. Shape of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "LogicalNot".</remarks>
    public static Output LogicalNot(this Graph graph, Operand x, string? name = null) => graph.Add<LogicalNotOp>(name, x);
}

internal sealed class LogicalNotOp() : UnaryOp("LogicalNot(x: bool) -> (y: bool)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("truth values are not differentiated");

    public override void Compute(KernelContext c) => Run<bool>(c, static (x, y) =>
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = !x[i];
    });
}
