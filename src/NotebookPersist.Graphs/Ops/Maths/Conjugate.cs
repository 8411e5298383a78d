using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The complex conjugate, element by element.</summary>
    /// <returns>Shape and dtype of <paramref name="x"/>; a real <paramref name="x"/> itself.</returns>
    /// <remarks>Source: TensorFlow op "Conj".</remarks>
    public static Output Conjugate(this Graph graph, Output x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType.IsComplex() ? graph.Add<ConjOp>(name, x) : x;
    }
}

internal sealed class ConjOp() : UnaryOp("Conj(input: T) -> (output: T) where T: complex64 | complex128 | variant = complex64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Conjugate(g.Dy(0))]);

    protected override Func<Complex, Complex>? ComplexRule => Complex.Conjugate;

    public override void Compute(KernelContext c) => RunComplex(c);
}
