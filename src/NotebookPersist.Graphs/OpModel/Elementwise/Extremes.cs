namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>The gradient that "Maximum" and "Minimum" share: it flows to the operand that was chosen.</summary>
internal static class Extremes
{
    /// <summary>A rule for an operation that chooses x where the selector holds.</summary>
    public static GradientRule Rule(Func<Graph, Output, Output, Output> selector) => GradientRule.Via(g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        Output sx = g.Graph.Shape(x);
        Output sy = g.Graph.Shape(y);
        Output zeros = g.Graph.Zeros(g.Graph.Shape(dy), dy.DType);
        Output mask = selector(g.Graph, x, y);
        BroadcastGradient broadcast = BroadcastGradient.OfShapes(g.Graph, sx, sy);
        Output dx = broadcast.ToX(g.Graph.Where(mask, dy, zeros));
        return [dx, broadcast.ToY(g.Graph.Where(mask, zeros, dy))];
    });
}
