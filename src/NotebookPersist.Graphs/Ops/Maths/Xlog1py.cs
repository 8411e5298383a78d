using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

internal sealed class Xlog1pyOp() : FloatBinaryOp("Xlog1py(x: T, y: T) -> (z: T) where T: half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Plain(x, y);
        using (g.Graph.ControlDependencies(dy))
        {
            Output isNotZero = g.Graph.Cast(g.Graph.NotEqual(x, 0), x.DType);
            Output dx = broadcast.ToX(g.Graph.Add<Xlog1pyOp>(null, isNotZero, y) * dy);
            return [dx, broadcast.ToY(g.Graph.Xdivy(x, y + 1) * dy)];
        }
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => static (x, y) => x == Complex.Zero ? Complex.Zero : x * Complex.Log(1 + y);

    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] == T.Zero ? T.Zero : x[i] * T.LogP1(y[i]);
    }
}
