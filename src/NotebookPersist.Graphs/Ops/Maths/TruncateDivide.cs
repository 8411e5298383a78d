using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x / y cut off toward zero, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: real numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for floats and a failed run for integers where y is 0.</returns>
    /// <remarks>Source: TensorFlow op "TruncateDiv".</remarks>
    public static Output TruncateDivide(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<TruncateDivOp>(name, x, y);
}

internal sealed class TruncateDivOp() : NumberBinaryOp(
    "TruncateDiv(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128 + uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is constant but for steps");

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => IntegerDivision.Guarded(x, y, z, static (x, y, z) =>
    {
        for (int i = 0; i < z.Length; i++)
        {
            if (!IntegerDivision.IsIntegral<T>())
                z[i] = T.CreateTruncating(Math.Truncate(double.CreateTruncating(x[i] / y[i])));
            else
                z[i] = T.IsNegative(y[i]) && y[i] == -T.One ? T.Zero - x[i] : x[i] / y[i];
        }
    });
}
