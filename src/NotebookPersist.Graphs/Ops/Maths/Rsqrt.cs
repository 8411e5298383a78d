using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / sqrt(x), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Infinity for 0, NaN for negative numbers.</returns>
    /// <remarks>Source: TensorFlow op "Rsqrt".</remarks>
    public static Output Rsqrt(this Graph graph, Operand x, string? name = null) => graph.Add<RsqrtOp>(name, x);

    /// <summary>dy * -y * y * y / 2, what rsqrt sends back.</summary>
    /// <remarks>Source: TensorFlow op "RsqrtGrad".</remarks>
    internal static Output RsqrtGrad(this Graph graph, Output y, Output dy, string? name = null) => graph.Add<RsqrtGradOp>(name, y, dy);
}

internal sealed class RsqrtOp() : FloatUnaryOp("Rsqrt(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.RsqrtGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / Complex.Sqrt(x);

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.ReciprocalSqrt(x, y);
}

internal sealed class RsqrtGradOp() : FloatBinaryOp("RsqrtGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        using (g.Graph.ControlDependencies(dy))
        {
            Output ca = g.Graph.Conjugate(g.X(0));
            Output da = -1.5 * g.Graph.Conjugate(dy) * g.X(1) * g.Graph.Square(ca);
            return [da, g.Graph.RsqrtGrad(ca, dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (y, dy) => dy * -0.5 * Complex.Pow(Complex.Conjugate(y), 3);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = Slope(x[i], y[i]);
    }

    private static T Slope<T>(T y, T dy)
        where T : unmanaged, IFloatingPointIeee754<T> => dy * y * y * (T.CreateTruncating(-0.5) * y);
}
