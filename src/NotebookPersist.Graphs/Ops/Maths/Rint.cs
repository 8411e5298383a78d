using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The nearest whole number; of two equally near ones the even one, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Rint".</remarks>
    public static Output Rint(this Graph graph, Operand x, string? name = null) => graph.Add<RintOp>(name, x);
}

internal sealed class RintOp() : FloatUnaryOp("Rint(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is constant but for steps");

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Round(x, y);
}
