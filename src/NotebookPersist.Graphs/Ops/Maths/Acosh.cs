using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The inverse hyperbolic cosine, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. NaN below 1.</returns>
    /// <remarks>Source: TensorFlow op "Acosh".</remarks>
    public static Output Acosh(this Graph graph, Operand x, string? name = null) => graph.Add<AcoshOp>(name, x);
}

internal sealed class AcoshOp() : FloatUnaryOp("Acosh(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) / g.Graph.Sinh(g.Graph.Conjugate(g.Y(0))));

    protected override Func<Complex, Complex>? ComplexRule => static x => Complex.Log(x + (Complex.Sqrt(x + 1) * Complex.Sqrt(x - 1)));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Acosh(x, y);
}
