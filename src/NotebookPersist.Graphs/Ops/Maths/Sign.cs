using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>-1, 0 or 1 as x is negative, zero or positive, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>. NaN stays NaN.</returns>
    /// <remarks>Source: TensorFlow op "Sign".</remarks>
    public static Output Sign(this Graph graph, Operand x, string? name = null) => graph.Add<SignOp>(name, x);
}

internal sealed class SignOp() : NumberUnaryOp("Sign(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int8 | int16")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Graph.Zeros(g.Graph.Shape(g.X(0)), g.X(0).DType));

    protected override Func<Complex, Complex>? ComplexRule => static x => x == Complex.Zero ? Complex.Zero : x / Complex.Abs(x);

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            T value = x[i];
            // TensorFlow computes with subnormal numbers taken as zero.
            y[i] = value == T.Zero || T.IsSubnormal(value) ? T.Zero
                : value > T.Zero ? T.One
                : value < T.Zero ? -T.One
                : value;
        }
    }
}
