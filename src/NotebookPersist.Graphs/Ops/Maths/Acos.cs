using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The angle of a cosine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Unit: radians. NaN outside [-1, 1].</returns>
    /// <remarks>Source: TensorFlow op "Acos".</remarks>
    public static Output Acos(this Graph graph, Operand x, string? name = null) => graph.Add<AcosOp>(name, x);
}

internal sealed class AcosOp() : FloatUnaryOp("Acos(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        Output square = g.Graph.Square(g.Graph.Conjugate(g.X(0)));
        Output one = g.Graph.Constant(1, g.Dy(0).DType);
        Output inverse = g.Graph.Reciprocal(g.Graph.Sqrt(g.Graph.Subtract(one, square)));
        return -g.Dy(0) * inverse;
    });

    protected override Func<Complex, Complex>? ComplexRule => Complex.Acos;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Acos(x, y);
}
