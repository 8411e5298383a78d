using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>exp(x) - 1 where x is negative, x elsewhere.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Elu".</remarks>
    public static Output Elu(this Graph graph, Operand features, string? name = null) => graph.Add<EluOp>(name, features);
}

internal sealed class EluOp() : FloatingOp("Elu(features: T) -> (activations: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<EluGradOp>(null, g.Dy(0), g.Y(0))]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c);

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => x < T.Zero ? T.Exp(x) - T.One : x;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => SmoothFunctions.Elu(x.As<T, float>(), below: 1, above: 1).As<float, T>();
    }
}

internal sealed class EluGradOp() : FloatingOp("EluGrad(gradients: T, outputs: T) -> (backprops: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output y = g.X(1);
        Output zeros = g.Graph.ZerosLike(y);
        return [g.Graph.Add<EluGradOp>(null, g.Dy(0), y), g.Graph.AddOperation("Select", null, null, y < 0, g.Dy(0) * g.X(0), zeros)[0]];
    });

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => y < T.Zero ? (y + T.One) * x : x;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => Vector.ConditionalSelect(Vector.LessThan(y, Vector<T>.Zero), (y + Vector<T>.One) * x, x);
    }
}
