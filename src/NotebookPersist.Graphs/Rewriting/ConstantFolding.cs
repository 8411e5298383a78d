using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>Computes ahead what depends on constants, or on shapes that are known.</summary>
internal static class ConstantFolding
{
    // A value may be larger than what it is computed from, but not so much that the file grows for it.
    private const int FreeByteCount = 1 << 16;
    private const int MostElements = 4 << 20;

    public static int Apply(RewrittenGraph graph)
    {
        var imported = new Graph();
        imported.ImportGraphDef(graph.ToGraphDef(), name: "");
        Dictionary<Output, Tensor> values = Compute(imported, graph);
        var replaced = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        var data = new Dictionary<NodeInput, NodeInput>();
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var added = new List<NodeDef>();
        foreach (Operation operation in imported.Operations.Where(o => IsFolded(o, values)))
        {
            gone.Add(operation.Name);
            if (operation.Outputs.Count == 1)
            {
                if (graph.IsKept(operation.Name) || IsNeeded(operation[0], values))
                    replaced.Add(operation.Name, RewrittenGraph.Constant(operation.Name, values[operation[0]]));
                continue;
            }

            foreach (Output output in operation.Outputs.Where(o => IsNeeded(o, values)))
            {
                string name = graph.FreeName($"{operation.Name}/output_{output.Index}");
                added.Add(RewrittenGraph.Constant(name, values[output]));
                data.Add(new NodeInput(operation.Name, output.Index), new NodeInput(name, 0));
            }
        }

        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (replaced.TryGetValue(graph.Nodes[i].Name, out NodeDef? constant))
                graph.Nodes[i] = constant;
        }

        graph.Redirect(data, gone);
        graph.Nodes.InsertRange(0, added);
        return gone.Count;
    }

    private static Dictionary<Output, Tensor> Compute(Graph imported, RewrittenGraph graph)
    {
        var values = new Dictionary<Output, Tensor>();
        // A constant belongs to no branch or loop, where the shape of a value that is not computed must not be told.
        bool branches = imported.Operations.Any(static o => o.Type is "Switch" or "RefSwitch" or "Enter" or "RefEnter");
        foreach (Operation operation in imported.Operations)
        {
            if (operation.Definition is not { IsPure: true } op || operation.ControlInputs.Count > 0)
                continue;
            if (operation.Type == "Const")
                values[operation[0]] = operation.Attributes.Tensor("value");
            else if (operation.Inputs.Count > 0 && !(operation.Outputs.Count > 1 && graph.IsKept(operation.Name)))
                Fold(operation, op, values, !branches);
        }

        return values;
    }

    private static void Fold(Operation operation, Op op, Dictionary<Output, Tensor> values, bool byShape)
    {
        if (byShape && operation.Outputs.Count == 1 && op.FoldFromShapes(operation) is { } told)
        {
            values[operation[0]] = told;
            return;
        }

        if (!operation.Inputs.All(values.ContainsKey))
            return;
        Tensor[] inputs = [.. operation.Inputs.Select(i => values[i])];
        var context = new FoldingContext(operation, inputs, MostElements);
        try
        {
            op.Compute(context);
        }
        catch (KernelException)
        {
            // The run will say what is wrong, with the node's name.
            return;
        }

        Tensor?[] outputs = [.. operation.Outputs.Select(o => context[o.Index])];
        if (outputs.All(static o => o is not null && (o.DType == DType.String || o.DType.HasFixedSize()))
            && outputs.Sum(static o => o!.ByteCount) <= FreeByteCount + inputs.Sum(static i => i.ByteCount))
        {
            foreach (Output output in operation.Outputs)
                values[output] = outputs[output.Index]!; // All were checked to be there.
        }
    }

    private static bool IsFolded(Operation operation, Dictionary<Output, Tensor> values) =>
        operation.Type != "Const" && operation.Outputs.Count > 0 && operation.Outputs.All(values.ContainsKey);

    // What only folded operations read is folded into them.
    private static bool IsNeeded(Output output, Dictionary<Output, Tensor> values) => output.Consumers.Any(c => !IsFolded(c, values));
}
