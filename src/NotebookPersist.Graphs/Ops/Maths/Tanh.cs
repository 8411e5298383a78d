using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The hyperbolic tangent, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between -1 and 1.</returns>
    /// <remarks>Source: TensorFlow op "Tanh".</remarks>
    public static Output Tanh(this Graph graph, Operand x, string? name = null) => graph.Add<TanhOp>(name, x);

    /// <summary>dy * (1 - y * y), what tanh sends back.</summary>
    /// <remarks>Source: TensorFlow op "TanhGrad".</remarks>
    internal static Output TanhGrad(this Graph graph, Output y, Output dy, string? name = null) => graph.Add<TanhGradOp>(name, y, dy);
}

internal sealed class TanhOp() : FloatUnaryOp("Tanh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Graph.TanhGrad(g.Graph.Conjugate(g.Y(0)), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Tanh;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        if (typeof(T) == typeof(float))
            Activation.Run<T, Function<T>>(x, x, y, default);
        else
            TensorPrimitives.Tanh(x, y);
    }

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => T.Tanh(x);

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => SmoothFunctions.Tanh(x.As<T, float>()).As<float, T>();
    }
}

internal sealed class TanhGradOp() : FloatBinaryOp("TanhGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        using (g.Graph.ControlDependencies(dy))
        {
            Output a = g.Graph.Conjugate(g.X(0));
            Output b = g.Graph.Conjugate(g.X(1));
            Output da = dy * -2.0 * b * a;
            return [da, g.Graph.TanhGrad(a, dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (y, dy) => dy * (1 - (Complex.Conjugate(y) * Complex.Conjugate(y)));

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => Activation.Run<T, Slope<T>>(x, y, z, default);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => y * (T.One - (x * x));

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => y * (Vector<T>.One - (x * x));
    }
}
