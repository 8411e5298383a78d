using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Graphs.Rewriting;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Rewrites stored graphs for inference: smaller and faster, with the same answers up to rounding.</summary>
/// <remarks>
/// Source: TensorFlow's optimize_for_inference and the transforms fold_constants, fold_batch_norms, fold_old_batch_norms and merge_duplicate_nodes.
/// Unlike there, FusedBatchNormV2 and V3 are folded too, those in training mode are not, and consumers of a CheckNumerics keep their input.
/// Thread safety: pure functions.
/// </remarks>
public static class GraphOptimizer
{
    /// <summary>Rewrites a frozen graph.</summary>
    /// <param name="graphDef">The graph; left as it is.</param>
    /// <param name="inputs">Operations that will be fed; those that are no placeholders become some. Null for all placeholders.</param>
    /// <param name="outputs">Operations that will be fetched; null to have them inferred.</param>
    /// <param name="options">Which rewrites; by default all.</param>
    /// <exception cref="ArgumentException">An input or output is not in the graph, or no output can be inferred.</exception>
    /// <exception cref="GraphException">The graph is not well formed.</exception>
    public static OptimizedGraph Optimize(GraphDef graphDef, IReadOnlyList<string>? inputs = null, IReadOnlyList<string>? outputs = null, OptimizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        options ??= new OptimizeOptions();
        outputs = outputs is { Count: > 0 } ? outputs : Infer(graphDef);
        inputs = inputs is { Count: > 0 } ? inputs : null;
        IReadOnlyDictionary<string, int> before = OptimizedGraph.CountByType(graphDef.Node);
        var graph = new RewrittenGraph(graphDef, inputs ?? [], outputs);
        var steps = new List<OptimizationStep>();
        Step("cut to inputs and outputs", g => InputCutting.Apply(g, inputs ?? [], options.InputTypes));
        if (options.RemoveTrainingNodes)
            Step("training nodes removed", TrainingNodes.Remove);
        if (options.FoldConstants)
            Step("constants folded", ConstantFolding.Apply);
        if (options.FoldBatchNorms)
            Step("batch norms and scales folded", BatchNormFolding.Apply);
        if (options.MergeDuplicates)
            Step("duplicates merged", DuplicateNodes.Merge);

        GraphDef optimized = graph.ToGraphDef();
        var check = new Graph();
        check.ImportGraphDef(optimized, name: "");
        string[] fed = [.. optimized.Node.Where(static n => n.Op == "Placeholder").Select(static n => n.Name)];
        return new OptimizedGraph(optimized, inputs ?? fed, outputs, steps, before);

        void Step(string name, Func<RewrittenGraph, int> apply)
        {
            int count = graph.Nodes.Count;
            int changed = apply(graph);
            graph.Prune();
            steps.Add(new OptimizationStep(name, changed, count, graph.Nodes.Count));
        }
    }

    private static IReadOnlyList<string> Infer(GraphDef graphDef)
    {
        InferredOutputs inferred = OutputInference.Infer(graphDef);
        return inferred.Names.Count > 0 ? inferred.Names : throw new ArgumentException($"No output can be inferred: {inferred.Reason} Name the outputs to keep.");
    }
}
