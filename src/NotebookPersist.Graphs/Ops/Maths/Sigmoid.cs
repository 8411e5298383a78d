using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>1 / (1 + e to the power of -x), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Between 0 and 1.</returns>
    /// <remarks>Source: TensorFlow op "Sigmoid".</remarks>
    public static Output Sigmoid(this Graph graph, Operand x, string? name = null) => graph.Add<SigmoidOp>(name, x);

    /// <summary>dy * y * (1 - y), what sigmoid sends back.</summary>
    /// <remarks>Source: TensorFlow op "SigmoidGrad".</remarks>
    internal static Output SigmoidGrad(this Graph graph, Output y, Output dy, string? name = null) => graph.Add<SigmoidGradOp>(name, y, dy);
}

internal sealed class SigmoidOp() : FloatUnaryOp("Sigmoid(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Graph.SigmoidGrad(g.Graph.Conjugate(g.Y(0)), g.Dy(0)));

    protected override Func<Complex, Complex>? ComplexRule => static x => 1 / (1 + Complex.Exp(-x));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        // The library refuses to do nothing.
        if (typeof(T) == typeof(float))
            Activation.Run<T, Function<T>>(x, x, y, default);
        else if (!x.IsEmpty)
            TensorPrimitives.Sigmoid(x, y);
    }

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => T.One / (T.One + T.Exp(-x));

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => SmoothFunctions.Sigmoid(x.As<T, float>()).As<float, T>();
    }
}

internal sealed class SigmoidGradOp() : FloatBinaryOp("SigmoidGrad(y: T, dy: T) -> (z: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dy = g.Dy(0);
        using (g.Graph.ControlDependencies(dy))
        {
            Output a = g.Graph.Conjugate(g.X(0));
            Output gb = dy * g.Graph.Conjugate(g.X(1));
            Output da = gb - (2.0 * gb * a);
            return [da, g.Graph.SigmoidGrad(a, dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (y, dy) => dy * Complex.Conjugate(y) * (1 - Complex.Conjugate(y));

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => Activation.Run<T, Slope<T>>(x, y, z, default);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => y * x * (T.One - x);

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => y * x * (Vector<T>.One - x);
    }
}
