using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The square root, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. NaN for negative numbers.</returns>
    /// <remarks>Source: TensorFlow op "Sqrt".</remarks>
    public static Output Sqrt(this Graph graph, Operand x, string? name = null) => graph.Add<SqrtOp>(name, x);

    /// <summary>dy / (2 * y), what sqrt sends back.</summary>
    /// <remarks>Source: TensorFlow op "SqrtGrad".</remarks>
    internal static Output SqrtGrad(this Graph graph, Output y, Output dy, string? name = null) => graph.Add<SqrtGradOp>(name, y, dy);
}

internal sealed class SqrtOp() : FloatUnaryOp("Sqrt(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.SqrtGrad(g.Y(0), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Sqrt;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sqrt(x, y);
}

internal sealed class SqrtGradOp() : FloatBinaryOp("SqrtGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        using (g.Graph.ControlDependencies(dy))
        {
            Output ga = dy / g.X(0);
            Output da = -g.Graph.Conjugate(ga) * g.Y(0);
            return [da, 0.5 * ga];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (y, dy) => dy * 0.5 / Complex.Conjugate(y);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = Slope(x[i], y[i]);
    }

    private static T Slope<T>(T y, T dy)
        where T : unmanaged, IFloatingPointIeee754<T> => dy * T.CreateTruncating(0.5) / y;
}
