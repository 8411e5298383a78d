using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Remainder of x / y with the sign of x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: real numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for floats and a failed run for integers where y is 0.</returns>
    /// <remarks>Source: TensorFlow op "TruncateMod".</remarks>
    public static Output TruncateMod(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<TruncateModOp>(name, x, y);

    /// <summary>Remainder of x / y with the sign of x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: real numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for floats and a failed run for integers where y is 0.</returns>
    /// <remarks>Source: TensorFlow op "Mod".</remarks>
    public static Output Mod(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<ModOp>(name, x, y);
}

internal abstract class TruncatingModOp(string signature) : NumberBinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => IntegerDivision.Guarded(x, y, z, static (x, y, z) =>
    {
        for (int i = 0; i < z.Length; i++)
        {
            // The least integer has no quotient by -1, but a remainder.
            z[i] = IntegerDivision.IsIntegral<T>() && y[i] + T.One == T.Zero ? T.Zero : x[i] % y[i];
        }
    });
}

internal sealed class TruncateModOp() : TruncatingModOp("TruncateMod(x: T, y: T) -> (z: T) where T: int32 | int64 | bfloat16 | half | float | double");

internal sealed class ModOp() : TruncatingModOp("Mod(x: T, y: T) -> (z: T) where T: int32 | int64 | half | half | bfloat16 | float | double");
