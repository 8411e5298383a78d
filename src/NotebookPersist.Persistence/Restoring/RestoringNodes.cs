using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>The nodes that restore: those of the graph, or those of the function that savers of TensorFlow 2 call.</summary>
internal sealed class RestoringNodes
{
    private readonly Dictionary<Output, Output> _passed = [];

    private RestoringNodes(IReadOnlyList<Operation> roots, Output prefix) => (Roots, Prefix) = (roots, prefix);

    /// <summary>Nodes that all others are needed by.</summary>
    public IReadOnlyList<Operation> Roots { get; }

    /// <summary>Where the file name comes in.</summary>
    public Output Prefix { get; }

    /// <summary>The function; null where the nodes are the graph's own.</summary>
    public string? Function { get; private init; }

    /// <summary>Finds the nodes of a saver.</summary>
    /// <exception cref="GraphException">There is no such node, or its function cannot be made.</exception>
    public static RestoringNodes Of(Graph graph, SaverDef definition)
    {
        Operation root = graph.GetOperationByName(definition.RestoreOpName.Split(':')[0]);
        Output prefix = graph.GetTensorByName(definition.FilenameTensorName);
        if (root.Type is not ("PartitionedCall" or "StatefulPartitionedCall"))
            return new RestoringNodes([root], prefix);
        FunctionBody body;
        try
        {
            body = FunctionBody.Of(graph, root.Attributes.Function("f"));
        }
        catch (KernelException fault)
        {
            throw new GraphException($"Node '{root.Name}' ({root.Type}), which restores the variables, cannot be run: {fault.Message}", root.Name, root.Type);
        }

        if (body.Arguments.Count != root.Inputs.Count || !root.Inputs.Contains(prefix))
            throw new GraphException($"Node '{root.Name}' ({root.Type}), which restores the variables, has {root.Inputs.Count} inputs; function '{body.Name}' takes a file name and {body.Arguments.Count - 1} others.", root.Name, root.Type);
        Operation[] roots = [.. body.Effects.Concat(body.Results.Select(static r => r.Operation)).Distinct()];
        var nodes = new RestoringNodes(roots, body.Arguments[root.Inputs.ToList().IndexOf(prefix)]) { Function = body.Name };
        for (int i = 0; i < body.Arguments.Count; i++)
            nodes._passed.Add(body.Arguments[i], root.Inputs[i]);
        return nodes;
    }

    /// <summary>The node that holds a variable, in the graph.</summary>
    public Operation VariableOf(Output handle) => (_passed.GetValueOrDefault(handle) ?? handle).Operation;
}
