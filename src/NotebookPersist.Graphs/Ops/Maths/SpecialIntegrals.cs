using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

internal sealed class DawsnOp() : FloatUnaryOp("Dawsn(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (1 - (2 * g.X(0) * g.Y(0))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, IntegralFunctions.Dawson);
}

internal sealed class ExpintOp() : FloatUnaryOp("Expint(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (g.Graph.Exp(g.X(0)) / g.X(0)));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, IntegralFunctions.Exponential);
}

internal sealed class FresnelCosOp() : FloatUnaryOp("FresnelCos(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (g.Graph.Cos(g.Graph.Square(g.X(0)) * (Math.PI / 2))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, static v => IntegralFunctions.Fresnel(v).Cosine);
}

internal sealed class FresnelSinOp() : FloatUnaryOp("FresnelSin(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (g.Graph.Sin(g.Graph.Square(g.X(0)) * (Math.PI / 2))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, static v => IntegralFunctions.Fresnel(v).Sine);
}

internal sealed class SpenceOp() : FloatUnaryOp("Spence(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
    {
        (Graph graph, Output x) = (g.Graph, g.X(0));
        // At 1 the formula divides by 0.
        Output isOne = graph.Equal(x, 1);
        Output safe = graph.Where(isOne, graph.OnesLike(x) * 2, x);
        return g.Dy(0) * graph.Where(isOne, -graph.OnesLike(x), graph.Log(safe) / (1 - safe));
    });

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, IntegralFunctions.Spence);
}
