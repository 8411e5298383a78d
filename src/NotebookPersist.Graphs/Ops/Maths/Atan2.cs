using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The angle of the point (x, y) from the x axis, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="y">DType: floats.</param>
    /// <param name="x">DType: that of <paramref name="y"/>. Shape: broadcasts with that of <paramref name="y"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Unit: radians, from -pi to pi.</returns>
    /// <remarks>Source: TensorFlow op "Atan2".</remarks>
    public static Output Atan2(this Graph graph, Operand y, Operand x, string? name = null) => graph.Add<Atan2Op>(name, y, x);
}

internal sealed class Atan2Op() : FloatBinaryOp(
    "Atan2(y: T, x: T) -> (z: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output y, Output x, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        using (g.Graph.ControlDependencies(dy))
        {
            Output inverse = dy / (g.Graph.Square(x) + g.Graph.Square(y));
            Output toY = x * inverse;
            return [toY, -y * inverse];
        }
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = T.Atan2(x[i], y[i]);
    }
}
