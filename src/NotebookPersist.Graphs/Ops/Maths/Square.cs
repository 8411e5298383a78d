using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x * x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Integers wrap around.</returns>
    /// <remarks>Source: TensorFlow op "Square".</remarks>
    public static Output Square(this Graph graph, Operand x, string? name = null) => graph.Add<SquareOp>(name, x);
}

internal sealed class SquareOp() : NumberUnaryOp("Square(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int8 | int16 | uint8 | uint16 | uint32 | uint64")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output x = g.Graph.Conjugate(g.X(0));
        Output two = GraphOps.Number(g.Graph, 2, x.DType);
        return g.Graph.Multiply(g.Dy(0), g.Graph.Multiply(x, two));
    });

    protected override Func<Complex, Complex>? ComplexRule => static x => x * x;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(x, x, y);
}
