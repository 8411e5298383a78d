using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The next representable value after one in the direction of another, element by element.</summary>
    /// <remarks>Source: TensorFlow op "NextAfter".</remarks>
    public static Output NextAfter(this Graph graph, Operand x1, Operand x2, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<NextAfterOp>(name, x1, x2);
    }
}

internal sealed class NextAfterOp() : FloatBinaryOp("NextAfter(x1: T, x2: T) -> (output: T) where T: double | float = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var broadcast = BroadcastGradient.Plain(g.X(0), g.X(1));
        return [broadcast.ToX(g.Dy(0)), broadcast.ToY(g.Graph.ZerosLike(g.Dy(0), optimize: false))];
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = T.IsNaN(x[i]) || T.IsNaN(y[i]) ? T.NaN
                : x[i] == y[i] ? y[i]
                : x[i] < y[i] ? T.BitIncrement(x[i])
                : T.BitDecrement(x[i]);
        }
    }
}
