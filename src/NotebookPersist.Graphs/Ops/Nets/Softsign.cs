using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x / (abs(x) + 1), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Softsign".</remarks>
    public static Output Softsign(this Graph graph, Operand features, string? name = null) => graph.Add<SoftsignOp>(name, features);
}

internal sealed class SoftsignOp() : FloatingOp("Softsign(features: T) -> (activations: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<SoftsignGradOp>(null, g.Dy(0), g.X(0))]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c);

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => x / (T.One + T.Abs(x));

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => x / (Vector<T>.One + Vector.Abs(x));
    }
}

internal sealed class SoftsignGradOp() : FloatingOp("SoftsignGrad(gradients: T, features: T) -> (backprops: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of softsign");

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => x / ((T.One + T.Abs(y)) * (T.One + T.Abs(y)));

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => x / ((Vector<T>.One + Vector.Abs(y)) * (Vector<T>.One + Vector.Abs(y)));
    }
}
