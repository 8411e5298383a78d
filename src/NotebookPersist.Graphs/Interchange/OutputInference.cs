using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Outputs proposed for a graph.</summary>
/// <param name="Names">Operations, in the order they are stored; empty where none can be proposed.</param>
/// <param name="Reason">Why these, in words.</param>
public sealed record InferredOutputs(IReadOnlyList<string> Names, string Reason);

/// <summary>Proposes which operations of a graph are its outputs.</summary>
public static class OutputInference
{
    private static readonly string[] UsualNames =
        ["predictions", "prediction", "predict", "probabilities", "softmax", "output", "outputs", "final_result", "y_pred", "logits"];

    /// <summary>Proposes outputs: usual names first, else what nobody in the model consumes.</summary>
    /// <remarks>Nodes that save, assign, train, initialise or summarise are no part of the model; what lies in a branch or a loop has no value of its own.</remarks>
    public static InferredOutputs Infer(GraphDef graphDef)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        var depths = new BranchDepths(graphDef);
        NodeDef[] model = [.. graphDef.Node.Where(IsModel)], outside = [.. model.Where(depths.IsOutside)];
        HashSet<string> fed = FedNodes(graphDef);
        NodeDef[] candidates = [.. outside.Where(n => fed.Contains(n.Name) && n.Op is not ("Placeholder" or "PlaceholderWithDefault"))];
        if (candidates.Length == 0)
            candidates = [.. outside.Where(IsComputed)];
        if (candidates.Length == 0)
            candidates = [.. model.Where(IsComputed)];
        foreach (string usual in UsualNames)
        {
            string[] named = [.. candidates.Where(n => string.Equals(Leaf(n.Name), usual, StringComparison.OrdinalIgnoreCase)).Select(static n => n.Name)];
            if (named.Length > 0)
                return new InferredOutputs(named, $"'{string.Join("', '", named)}' has the usual name of an output.");
        }

        var consumed = new HashSet<string>(model.SelectMany(static n => n.Input).Select(static i => NodeInput.Parse(i).Node), StringComparer.Ordinal);
        string[] ends = [.. candidates.Where(n => !consumed.Contains(n.Name)).Select(static n => n.Name)];
        return ends.Length > 0
            ? new InferredOutputs(ends, $"no other operation of the model uses {(ends.Length == 1 ? "it" : "them")}.")
            : new InferredOutputs([], "the graph has no operation that depends on an input.");
    }

    private static bool IsModel(NodeDef node) => node.Op is not ("NoOp" or "Assert" or "MergeSummary" or "Print")
        && !node.Op.StartsWith("Save", StringComparison.Ordinal)
        && !node.Op.StartsWith("Restore", StringComparison.Ordinal)
        && !node.Op.StartsWith("Assign", StringComparison.Ordinal)
        && !node.Op.StartsWith("Apply", StringComparison.Ordinal)
        && !node.Op.StartsWith("ResourceApply", StringComparison.Ordinal)
        && !node.Op.StartsWith("SparseApply", StringComparison.Ordinal)
        && !node.Op.StartsWith("Scatter", StringComparison.Ordinal)
        && !node.Op.EndsWith("Summary", StringComparison.Ordinal)
        && !node.Op.EndsWith("Grad", StringComparison.Ordinal)
        && !Array.Exists(node.Name.Split('/'), static p => p is "gradients" or "save" or "Initializer" || p.StartsWith("gradients_", StringComparison.Ordinal) || p.StartsWith("save_", StringComparison.Ordinal));

    private static bool IsComputed(NodeDef node) => node.Op is not ("Const" or "Placeholder" or "PlaceholderWithDefault" or "Variable" or "VariableV2" or "VarHandleOp");

    private static string Leaf(string name) => name[(name.LastIndexOf('/') + 1)..];

    // Everything that a placeholder reaches.
    private static HashSet<string> FedNodes(GraphDef graphDef)
    {
        ILookup<string, string> consumers = graphDef.Node
            .SelectMany(static n => n.Input.Where(static i => !i.StartsWith('^')).Select(i => (From: NodeInput.Parse(i).Node, To: n.Name)))
            .ToLookup(static e => e.From, static e => e.To, StringComparer.Ordinal);
        var reached = new HashSet<string>(graphDef.Node.Where(static n => n.Op is "Placeholder" or "PlaceholderWithDefault" && !n.Name.StartsWith("save", StringComparison.Ordinal)).Select(static n => n.Name), StringComparer.Ordinal);
        var stack = new Stack<string>(reached);
        while (stack.TryPop(out string? name))
        {
            foreach (string next in consumers[name])
            {
                if (reached.Add(next))
                    stack.Push(next);
            }
        }

        return reached;
    }
}
