using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x / y rounded down, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Dividend. DType: real numbers.</param>
    /// <param name="y">Divisor. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "FloorDiv". An integer division by 0 fails the run.</remarks>
    public static Output FloorDivide(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<FloorDivOp>(name ?? "floordiv", x, y);
}

internal sealed class FloorDivOp() : NumberBinaryOp(
    "FloorDiv(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128 + uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is constant but for steps");

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => IntegerDivision.Guarded(x, y, z, static (x, y, z) =>
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = Floor(x[i], y[i]);
    });

    private static T Floor<T>(T x, T y)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return T.CreateTruncating(MathF.Floor(float.CreateTruncating(x) / float.CreateTruncating(y)));
        if (typeof(T) == typeof(double) || typeof(T) == typeof(Half))
            return T.CreateTruncating(Math.Floor(double.CreateTruncating(x) / double.CreateTruncating(y)));
        if (y == -T.One && T.IsNegative(y))
            return unchecked(T.Zero - x);
        T quotient = x / y;
        return T.IsNegative(x) != T.IsNegative(y) && quotient * y != x ? quotient - T.One : quotient;
    }
}
