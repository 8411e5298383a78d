namespace NotebookPersist.Execution.Planning;

/// <summary>The passes that every plan goes through, unless its session is told to leave graphs as they are.</summary>
internal static class PlanOptimizer
{
    /// <summary>The same results with less to do.</summary>
    public static PlanGraph Run(PlanGraph graph)
    {
        // Normalisation first: once a bias is fused with an activation, none can be folded in between.
        PlanPass[] passes = [new IdentityElision(), new ConstantFolding(), new CommonSubexpressions(), new BatchNormFolding(), new Fusion()];
        foreach (PlanPass pass in passes)
            graph = pass.Run(graph);
        return graph;
    }
}
