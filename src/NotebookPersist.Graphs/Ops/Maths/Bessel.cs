using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The modified Bessel function of order 0 times exp(-|x|), element by element.</summary>
    /// <remarks>Source: TensorFlow op "BesselI0e".</remarks>
    public static Output BesselI0e(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<BesselI0eOp>(name, x);
    }

    /// <summary>The modified Bessel function of order 1 times exp(-|x|), element by element.</summary>
    /// <remarks>Source: TensorFlow op "BesselI1e".</remarks>
    public static Output BesselI1e(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<BesselI1eOp>(name, x);
    }
}

internal sealed class BesselI0eOp() : FloatUnaryOp("BesselI0e(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Graph.MultiplyNoNan(g.Graph.BesselI1e(g.X(0)) - (g.Graph.Sign(g.X(0)) * g.Y(0)), g.Dy(0)));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, BesselFunctions.I0e);
}

internal sealed class BesselI1eOp() : FloatUnaryOp("BesselI1e(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        (Graph graph, Output x) = (g.Graph, g.X(0));
        // At 0 the derivative is one half, where the formula divides by 0.
        double epsilon = x.DType switch { DType.Float64 => double.BitIncrement(1) - 1, DType.Float32 => float.BitIncrement(1) - 1, _ => 1.0 / 1024 };
        Output zeros = graph.ZerosLike(x);
        Output isNotTiny = graph.Greater(graph.Abs(x), epsilon);
        Output safe = graph.Where(isNotTiny, x, zeros + epsilon);
        Output slope = graph.BesselI0e(safe) - (g.Y(0) * (graph.Sign(safe) + graph.Reciprocal(safe)));
        return graph.MultiplyNoNan(graph.Where(isNotTiny, slope, zeros + 0.5), g.Dy(0));
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, BesselFunctions.I1e);
}
