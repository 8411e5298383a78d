using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The next whole number above or at x, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Ceil".</remarks>
    public static Output Ceil(this Graph graph, Operand x, string? name = null) => graph.Add<CeilOp>(name, x);
}

internal sealed class CeilOp() : FloatUnaryOp("Ceil(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is constant but for steps");

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        // TensorFlow computes with subnormal numbers taken as zero; only here does that change the result much.
        for (int i = 0; i < x.Length; i++)
            y[i] = T.IsSubnormal(x[i]) ? T.Zero : T.Ceiling(x[i]);
    }
}
