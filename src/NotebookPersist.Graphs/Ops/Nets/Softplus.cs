using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>log(exp(x) + 1), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Softplus".</remarks>
    public static Output Softplus(this Graph graph, Operand features, string? name = null) => graph.Add<SoftplusOp>(name, features);
}

internal sealed class SoftplusOp() : FloatingOp("Softplus(features: T) -> (activations: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0) * g.Graph.AddOperation("Sigmoid", null, null, g.X(0))[0]]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c);

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => Compute(x);

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => SmoothFunctions.Softplus(x.As<T, float>()).As<float, T>();

        private static T Compute(T x)
        {
            // Past these limits one term is lost beside the other in this type.
            T limit = -(T.Log(T.BitIncrement(T.One) - T.One) + T.CreateTruncating(2));
            if (x > limit)
                return x;
            T power = T.Exp(x);
            if (x < -limit)
                return power;
            // log(1 + p) from the rounded 1 + p, corrected by what rounding took.
            T sum = T.One + power;
            return T.Log(sum) * (power / (sum - T.One));
        }
    }
}

internal sealed class SoftplusGradOp() : FloatingOp("SoftplusGrad(gradients: T, features: T) -> (backprops: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        using (g.Graph.ControlDependencies(g.Dy(0)))
        {
            Output x = g.X(1);
            Output first = g.Graph.Add<SoftplusGradOp>(null, g.Dy(0), x);
            Output product = g.Dy(0) * g.X(0);
            Output down = g.Graph.AddOperation("Exp", null, null, -x)[0];
            Output denominator = (down + 2.0) + g.Graph.AddOperation("Exp", null, null, x)[0];
            return [first, product / denominator];
        }
    });

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => x / (T.One + T.Exp(-y));

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => x * SmoothFunctions.Sigmoid(y.As<T, float>()).As<float, T>();
    }
}
