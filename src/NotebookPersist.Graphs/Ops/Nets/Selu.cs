using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>scale * alpha * (exp(x) - 1) where x is negative, scale * x elsewhere, with the constants that keep mean and variance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Selu".</remarks>
    public static Output Selu(this Graph graph, Operand features, string? name = null) => graph.Add<SeluOp>(name, features);
}

internal static class SeluConstants
{
    public const double Scale = 1.0507009873554804934193349852946;
    public const double ScaleAlpha = 1.7580993408473768599402175208123;
}

internal sealed class SeluOp() : FloatingOp("Selu(features: T) -> (activations: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<SeluGradOp>(null, g.Dy(0), g.Y(0))]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c);

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => typeof(T) == typeof(float);

        public static T Apply(T x, T y, T parameter) => x < T.Zero ? T.CreateTruncating(SeluConstants.ScaleAlpha) * (T.Exp(x) - T.One) : T.CreateTruncating(SeluConstants.Scale) * x;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) => SmoothFunctions.Elu(x.As<T, float>(), (float)SeluConstants.ScaleAlpha, (float)SeluConstants.Scale).As<float, T>();
    }
}

internal sealed class SeluGradOp() : FloatingOp("SeluGrad(gradients: T, outputs: T) -> (backprops: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output y = g.X(1);
        Output zeros = g.Graph.ZerosLike(y);
        return [g.Graph.Add<SeluGradOp>(null, g.Dy(0), y), g.Graph.AddOperation("Select", null, null, y < 0, g.Dy(0) * g.X(0), zeros)[0]];
    });

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool IsVectorized => Vector<T>.IsSupported;

        public static T Apply(T x, T y, T parameter) => y < T.Zero ? x * (y + T.CreateTruncating(SeluConstants.ScaleAlpha)) : x * T.CreateTruncating(SeluConstants.Scale);

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter) =>
            x * Vector.ConditionalSelect(Vector.LessThan(y, Vector<T>.Zero), y + new Vector<T>(T.CreateTruncating(SeluConstants.ScaleAlpha)), new Vector<T>(T.CreateTruncating(SeluConstants.Scale)));
    }
}
