using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The natural logarithm, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. Minus infinity for 0, NaN for negative numbers.</returns>
    /// <remarks>Source: TensorFlow op "Log".</remarks>
    public static Output Log(this Graph graph, Operand x, string? name = null) => graph.Add<LogOp>(name, x);
}

internal sealed class LogOp() : FloatUnaryOp("Log(x: T) -> (y: T) where T: bfloat16 | half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g => g.Dy(0) * g.Graph.Reciprocal(g.Graph.Conjugate(g.X(0))));

    protected override Func<Complex, Complex>? ComplexRule => Complex.Log;

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        TensorPrimitives.Log(x, y);
        if (typeof(T) == typeof(float))
            LevelSubnormals(MemoryMarshal.Cast<T, float>(y));
    }

    // TensorFlow does not tell subnormal numbers apart: it gives the logarithm of half the smallest one for each of them.
    private static void LevelSubnormals(Span<float> logarithms)
    {
        const float OfSmallestNormal = -87.33655f;
        const float OfSubnormals = -103.972076f;
        foreach (ref float logarithm in logarithms)
        {
            if (logarithm < OfSmallestNormal && !float.IsInfinity(logarithm))
                logarithm = OfSubnormals;
        }
    }
}
