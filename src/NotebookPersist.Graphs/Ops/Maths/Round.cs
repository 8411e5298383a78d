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
    /// <remarks>Source: TensorFlow op "Round".</remarks>
    public static Output Round(this Graph graph, Operand x, string? name = null) => graph.Add<RoundOp>(name, x);
}

internal sealed class RoundOp() : FloatUnaryOp("Round(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int8 | int16")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is constant but for steps");

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).DType.IsInteger())
            c.Output(0, c.Input(0));
        else
            base.Compute(c);
    }

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Round(x, y);
}
