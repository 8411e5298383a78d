using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x / y, element by element, as Python 3 divides: integers become floats first.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers; 8- and 16-bit integers become float32, wider ones float64.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Name of the division node.</param>
    /// <returns>Shape: both broadcast together. By 0: an infinity, or NaN for 0 / 0.</returns>
    /// <exception cref="GraphException">The operands are of different types.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.divide</c>, op "RealDiv".</remarks>
    public static Output Divide(this Graph graph, Operand x, Operand y, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        DType type = x.Output?.DType ?? y.Output?.DType ?? (x.IsLiteral ? y.OwnType : x.OwnType);
        using NameScope scope = graph.NameScope(name ?? "truediv");
        if (!type.IsInteger())
            return graph.RealDivide(x, y, scope.Name);
        DType wide = type.Size() <= 2 ? DType.Float32 : DType.Float64;
        Output left = x.Output ?? graph.Constant(x, type, name: "x");
        Output right = y.Output ?? graph.Constant(y, type, name: "y");
        if (left.DType != right.DType)
            throw new GraphException($"x and y must have the same dtype, got {left.DType.Name()} != {right.DType.Name()}. Cast one of them.", scope.Name[..^1], "RealDiv");
        left = graph.Cast(left, wide);
        return graph.RealDivide(left, graph.Cast(right, wide), scope.Name);
    }

    /// <summary>x / y, element by element, without any cast.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: floats or complex numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. By 0: an infinity, or NaN for 0 / 0.</returns>
    /// <remarks>Source: TensorFlow op "RealDiv".</remarks>
    public static Output RealDivide(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<RealDivOp>(name, x, y);

    /// <summary>x / y, element by element; integers are cut off toward zero.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Left operand. DType: numbers.</param>
    /// <param name="y">Right operand. DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together.</returns>
    /// <remarks>Source: TensorFlow op "Div". An integer division by 0 fails the run.</remarks>
    public static Output Div(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<DivOp>(name, x, y);
}

internal abstract class DivisionOp(string signature) : NumberBinaryOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y) = (g.X(0), g.X(1));
        var broadcast = BroadcastGradient.Plain(x, y);
        (x, y) = (g.Graph.Conjugate(x), g.Graph.Conjugate(y));
        Output dx = broadcast.ToX(Quotient(g, g.Dy(0), y));
        Output slope = Quotient(g, Quotient(g, g.Graph.Negative(x), y), y);
        return [dx, broadcast.ToY(g.Dy(0) * slope)];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x / y;

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => IntegerDivision.Guarded(x, y, z, TensorPrimitives.Divide);

    private static Output Quotient(GradientContext g, Output x, Output y) => g.Operation.Type == "RealDiv" ? g.Graph.RealDivide(x, y) : g.Graph.Divide(x, y);
}

internal sealed class RealDivOp() : DivisionOp(
    "RealDiv(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128");

internal sealed class DivOp() : DivisionOp(
    "Div(x: T, y: T) -> (z: T) where T: bfloat16 | half | float | double | uint8 | int8 | uint16 | int16 | int32 | int64 | complex64 | complex128 + uint32 | uint64");
