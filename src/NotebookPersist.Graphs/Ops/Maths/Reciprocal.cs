using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Infinity for 0.</returns>
    /// <remarks>Source: TensorFlow op "Reciprocal".</remarks>
    public static Output Reciprocal(this Graph graph, Operand x, string? name = null) => graph.Add<ReciprocalOp>(name, x);

    /// <summary>-dy * y * y, what the reciprocal sends back.</summary>
    /// <remarks>Source: TensorFlow op "ReciprocalGrad".</remarks>
    internal static Output ReciprocalGrad(this Graph graph, Output y, Output dy, string? name = null) => graph.Add<ReciprocalGradOp>(name, y, dy);
}

internal abstract class ReciprocityOp(string signature) : FloatUnaryOp(signature)
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.ReciprocalGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / x;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Reciprocal(x, y);
}

internal sealed class ReciprocalOp() : ReciprocityOp("Reciprocal(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128");

internal sealed class InvOp() : ReciprocityOp("Inv(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128");

internal abstract class ReciprocityGradOp(string signature) : FloatBinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        using (g.Graph.ControlDependencies(dy))
        {
            Output ca = g.Graph.Conjugate(g.X(0));
            Output da = g.Graph.Conjugate(dy) * -2.0 * g.X(1) * ca;
            return [da, g.Graph.ReciprocalGrad(ca, dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (y, dy) => -dy * Complex.Conjugate(y) * Complex.Conjugate(y);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = Slope(x[i], y[i]);
    }

    private static T Slope<T>(T y, T dy)
        where T : unmanaged, IFloatingPointIeee754<T> => -dy * y * y;
}

internal sealed class ReciprocalGradOp() : ReciprocityGradOp("ReciprocalGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128");

internal sealed class InvGradOp() : ReciprocityGradOp("InvGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128");
