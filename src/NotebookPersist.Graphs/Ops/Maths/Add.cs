using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x + y, element by element; strings are joined.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers or string.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "Add", which <c>tf.add</c> makes.</remarks>
    public static Output Add(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<AddOp>(name, x, y);

    /// <summary>x + y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "AddV2", which the operator <c>+</c> makes.</remarks>
    public static Output AddV2(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<AddV2Op>(name, x, y);
}

internal abstract class AdditionOp(string signature) : NumberBinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        if (BroadcastGradient.IsTrivial(g.X(0), g.X(1), g.Dy(0)))
            return [g.Dy(0), g.Dy(0)];
        var broadcast = BroadcastGradient.Smart(g.X(0), g.X(1), g.Dy(0));
        return [broadcast.ToX(g.Dy(0)), broadcast.ToY(g.Dy(0))];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x + y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Add(x, y, z);
}

internal sealed class AddOp() : AdditionOp(
    "Add(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | int16 | int32 | int64 | complex64 | complex128 | string + uint16 | uint32 | uint64")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(0).DType == DType.String)
            ObjectBroadcast.Strings(c, static (x, y) => [.. x, .. y]);
        else
            base.Compute(c);
    }
}

internal sealed class AddV2Op() : AdditionOp(
    "AddV2(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | int16 | int32 | int64 | complex64 | complex128 + uint16 | uint32 | uint64; aggregate, commutative");
