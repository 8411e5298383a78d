using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>min(max(x, 0), 6), element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Any shape. DType: real numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="features"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Relu6".</remarks>
    public static Output Relu6(this Graph graph, Operand features, string? name = null) => graph.Add<Relu6Op>(name, features);
}

internal sealed class Relu6Op() : NumberOp(
    "Relu6(features: T) -> (activations: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64"), IBlockwiseOp
{
    int IBlockwiseOp.OperandCount => 1;

    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<Relu6GradOp>(null, g.Dy(0), g.Y(0))]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Activation.Run<float, Function<float>>(x, x, z, default);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Function<T>>(c);

    private readonly struct Function<T> : IActivation<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsVectorized => true;

        public static T Apply(T x, T y, T parameter) => x < T.Zero ? T.Zero : x > T.CreateTruncating(6) ? T.CreateTruncating(6) : x;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter)
        {
            var six = Vector.Create(T.CreateTruncating(6));
            Vector<T> positive = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
            return Vector.ConditionalSelect(Vector.GreaterThan(x, six), six, positive);
        }
    }
}

internal sealed class Relu6GradOp() : NumberOp(
    "Relu6Grad(gradients: T, features: T) -> (backprops: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64"), IBlockwiseOp
{
    int IBlockwiseOp.OperandCount => 2;

    bool IBlockwiseOp.NeedsSameShapes => true;

    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<Relu6GradOp>(null, g.Dy(0), g.X(1)), g.ZerosOf(1)]);

    public override void InferShapes(ShapeContext c) => ActivationOps.InferSame(c);

    void IBlockwiseOp.ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => Activation.Run<float, Slope<float>>(x, y, z, default);

    protected override void Compute<T>(KernelContext c) => ActivationOps.Run<T, Slope<T>>(c);

    private readonly struct Slope<T> : IActivation<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsVectorized => true;

        public static T Apply(T x, T y, T parameter) => y > T.Zero && y < T.CreateTruncating(6) ? x : T.Zero;

        public static Vector<T> Apply(Vector<T> x, Vector<T> y, Vector<T> parameter)
        {
            Vector<T> between = Vector.BitwiseAnd(Vector.GreaterThan(y, Vector<T>.Zero), Vector.LessThan(y, Vector.Create(T.CreateTruncating(6))));
            return Vector.ConditionalSelect(between, x, Vector<T>.Zero);
        }
    }
}
