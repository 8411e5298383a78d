using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The magnitude: x without its sign, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "Abs".</remarks>
    public static Output Abs(this Graph graph, Operand x, string? name = null) => x.Output is { DType: DType.Complex64 or DType.Complex128 } complex
        ? graph.ComplexAbs(complex, name ?? "Abs")
        : graph.Add<AbsOp>(name, x);
}

internal sealed class AbsOp() : NumberUnaryOp("Abs(x: T) -> (y: T) where T: bfloat16 | half | float | double | int32 | int64 + int8 | int16")
{
    public override GradientRule Gradient => ElementwiseGradient.Of(static g => g.Dy(0) * g.Graph.Sign(g.X(0)));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        if (IntegerDivision.IsIntegral<T>())
        {
            // The least integer has no positive counterpart; it stays, as in TensorFlow.
            for (int i = 0; i < x.Length; i++)
                y[i] = T.IsNegative(x[i]) ? T.Zero - x[i] : x[i];
        }
        else
        {
            TensorPrimitives.Abs(x, y);
        }
    }
}
