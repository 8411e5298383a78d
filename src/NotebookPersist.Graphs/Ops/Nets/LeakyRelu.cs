using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x where it is positive, alpha x elsewhere.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="alpha">Slope of negative elements.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "LeakyRelu".</remarks>
    public static Output LeakyRelu(this Graph graph, Operand features, float alpha = 0.2f, string? name = null) => graph.Add<LeakyReluOp>(name, new AttributeList { { "alpha", alpha } }, features);
}

internal sealed class LeakyReluOp() : FloatingOp("LeakyRelu(features: T) -> (activations: T) where alpha: float = 0.2, T: half | bfloat16 | float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<LeakyReluGradOp>(null, g.Copy("alpha"), g.Dy(0), g.X(0))]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c, T.CreateTruncating(c.Attributes.Float("alpha")));

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => true;

        public static T Apply(T x, T y, T parameter) => x > T.Zero ? x : x * parameter;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * parameter);
    }
}

internal sealed class LeakyReluGradOp() : FloatingOp("LeakyReluGrad(gradients: T, features: T) -> (backprops: T) where alpha: float = 0.2, T: half | bfloat16 | float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<LeakyReluGradOp>(null, g.Copy("alpha"), g.Dy(0), g.X(1)), g.ZerosOf(1)]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c, T.CreateTruncating(c.Attributes.Float("alpha")));

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => true;

        public static T Apply(T x, T y, T parameter) => y > T.Zero ? x : x * parameter;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<T>.Zero), x, x * parameter);
    }
}
