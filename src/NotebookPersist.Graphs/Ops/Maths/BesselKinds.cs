using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>Bessel functions differentiate into each other.</summary>
internal static class CylinderGradient
{
    /// <summary>Another function of the same argument.</summary>
    public static Output Of(GradientContext g, string type) => g.Graph.AddOperation(type, null, null, g.X(0))[0];

    /// <summary>The slope of a function of order 1 from that of order 0; at 0 it is one half, where the formula divides by 0.</summary>
    public static Output HalfAtZero(GradientContext g, Output zeroth)
    {
        (Graph graph, Output x) = (g.Graph, g.X(0));
        Output isZero = graph.Equal(x, 0);
        Output safe = graph.Where(isZero, graph.OnesLike(x), x);
        return graph.Where(isZero, graph.ZerosLike(x) + 0.5, zeroth - (g.Y(0) / safe));
    }
}

internal sealed class BesselI0Op() : FloatUnaryOp("BesselI0(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (CylinderGradient.Of(g, "BesselI1")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, static v => BesselFunctions.I0e(v) * Math.Exp(Math.Abs(v)));
}

internal sealed class BesselI1Op() : FloatUnaryOp("BesselI1(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (CylinderGradient.HalfAtZero(g, CylinderGradient.Of(g, "BesselI0"))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, static v => BesselFunctions.I1e(v) * Math.Exp(Math.Abs(v)));
}

internal sealed class BesselJ0Op() : FloatUnaryOp("BesselJ0(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (-CylinderGradient.Of(g, "BesselJ1")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.J0);
}

internal sealed class BesselJ1Op() : FloatUnaryOp("BesselJ1(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (CylinderGradient.HalfAtZero(g, CylinderGradient.Of(g, "BesselJ0"))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.J1);
}

internal sealed class BesselY0Op() : FloatUnaryOp("BesselY0(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (-CylinderGradient.Of(g, "BesselY1")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.Y0);
}

internal sealed class BesselY1Op() : FloatUnaryOp("BesselY1(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (CylinderGradient.Of(g, "BesselY0") - (g.Y(0) / g.X(0))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.Y1);
}

internal sealed class BesselK0Op() : FloatUnaryOp("BesselK0(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (-CylinderGradient.Of(g, "BesselK1")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.K0);
}

internal sealed class BesselK0eOp() : FloatUnaryOp("BesselK0e(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (g.Y(0) - CylinderGradient.Of(g, "BesselK1e")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.K0e);
}

internal sealed class BesselK1Op() : FloatUnaryOp("BesselK1(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * (-(CylinderGradient.Of(g, "BesselK0") + (g.Y(0) / g.X(0)))));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.K1);
}

internal sealed class BesselK1eOp() : FloatUnaryOp("BesselK1e(x: T) -> (y: T) where T: bfloat16 | half | float | double")
{
    public override GradientRule Gradient => ElementwiseGradient.AfterDy(static g =>
        g.Dy(0) * ((g.Y(0) * (1 - g.Graph.Reciprocal(g.X(0)))) - CylinderGradient.Of(g, "BesselK0e")));

    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => SpecialFunctions.Map(x, y, CylinderFunctions.K1e);
}
