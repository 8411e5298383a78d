namespace NotebookPersist.Execution.Planning;

/// <summary>The passes that every plan goes through, unless its session is told to leave graphs as they are.</summary>
internal static class PlanOptimizer
{
    /// <summary>The same results with less to do.</summary>
    public static PlanGraph Run(PlanGraph graph)
    {
        // A bias may come before the normalisation, the activation comes after it: both are taken along.
        PlanPass[] passes = [new UnreadResults(), new IdentityElision(), new ConstantFolding(), new CommonSubexpressions(), new Fusion(), new BatchNormFolding(), new Fusion(), new PoolFusion(), new ElementwiseFusion()];
        foreach (PlanPass pass in passes)
            graph = pass.Run(graph);
        return graph;
    }
}
