using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The lower incomplete gamma function of a up to x, over the complete one, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">DType: float, double.</param>
    /// <param name="x">DType: that of <paramref name="a"/>. Shape: broadcasts with that of <paramref name="a"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for x below 0 or a not above 0.</returns>
    /// <remarks>Source: TensorFlow op "Igamma".</remarks>
    public static Output Igamma(this Graph graph, Operand a, Operand x, string? name = null) => graph.Add<IgammaOp>(name, a, x);

    /// <summary>The upper incomplete gamma function of a from x, over the complete one, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">DType: float, double.</param>
    /// <param name="x">DType: that of <paramref name="a"/>. Shape: broadcasts with that of <paramref name="a"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. NaN for x below 0 or a not above 0.</returns>
    /// <remarks>Source: TensorFlow op "Igammac".</remarks>
    public static Output Igammac(this Graph graph, Operand a, Operand x, string? name = null) => graph.Add<IgammacOp>(name, a, x);
}

internal abstract class IncompleteGammaOp(string signature) : FloatBinaryOp(signature)
{
    protected static (Output A, Output X) Slopes(GradientContext g)
    {
        (Output a, Output x, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Plain(a, x);
        using (g.Graph.ControlDependencies(dy))
        {
            Output slopeA = g.Graph.Add<IgammaGradAOp>(null, a, x);
            Output slopeX = g.Graph.Exp(-x + ((a - 1) * g.Graph.Log(x)) - g.Graph.Lgamma(a));
            Output da = broadcast.ToX(slopeA * dy);
            return (da, broadcast.ToY(slopeX * dy));
        }
    }
}

internal sealed class IgammaOp() : IncompleteGammaOp("Igamma(a: T, x: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output a, Output x) = Slopes(g);
        return [a, x];
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.Igamma);
}

internal sealed class IgammacOp() : IncompleteGammaOp("Igammac(a: T, x: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output a, Output x) = Slopes(g);
        return [-a, -x];
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.Igammac);
}

internal sealed class IgammaGradAOp() : FloatBinaryOp("IgammaGradA(a: T, x: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.IgammaGradA);
}
