using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>(x - y) * (x - y), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "SquaredDifference".</remarks>
    public static Output SquaredDifference(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<SquaredDifferenceOp>(name, x, y);
}

internal sealed class SquaredDifferenceOp() : NumberBinaryOp(
    "SquaredDifference(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128; commutative")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        Output dx;
        using (g.Graph.ControlDependencies(dy))
            dx = g.Graph.Multiply(2.0, dy) * (x - y);
        if (BroadcastGradient.IsTrivial(x, y, dy))
            return [dx, -dx];
        var broadcast = BroadcastGradient.Smart(x, y, dy);
        Output toX = broadcast.ToX(dx);
        return [toX, -broadcast.ToY(dx)];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => Complex.Conjugate(x - y) * (x - y);

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            T difference = x[i] - y[i];
            z[i] = difference * difference;
        }
    }
}
