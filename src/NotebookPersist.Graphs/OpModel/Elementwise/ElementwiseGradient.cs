namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Gradient rules of operations with one differentiable input.</summary>
internal static class ElementwiseGradient
{
    /// <summary>The gradient of the only input.</summary>
    public static GradientRule Of(Func<GradientContext, Output> build) => GradientRule.Via(g => [build(g)]);

    /// <summary>The gradient of the only input, whose nodes wait for the gradient that arrives, so that they do not run long before they are needed.</summary>
    public static GradientRule AfterDy(Func<GradientContext, Output> build) => GradientRule.Via(g =>
    {
        using (g.Graph.ControlDependencies(g.Dy(0)))
            return [build(g)];
    });
}
