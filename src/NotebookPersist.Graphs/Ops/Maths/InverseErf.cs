using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

internal sealed class ErfinvOp() : FloatUnaryOp("Erfinv(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * g.Graph.Constant(Math.Sqrt(Math.PI) / 2, g.X(0).DType) * g.Graph.Exp(g.Graph.Square(g.Y(0))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.InverseErf);
}

internal sealed class NdtriOp() : FloatUnaryOp("Ndtri(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * g.Graph.Constant(Math.Sqrt(2 * Math.PI), g.X(0).DType) * g.Graph.Exp(g.Graph.Square(g.Y(0)) / 2));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, SpecialFunctions.NormalQuantile);
}
