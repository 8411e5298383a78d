using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Functions;

/// <summary>Writes parts of a graph as functions: what results need, with some values as arguments.</summary>
/// <remarks>Source of the form: TensorFlow's graph_to_functiondef.cc.</remarks>
internal static class FunctionDefs
{
    /// <summary>Writes a function.</summary>
    /// <param name="name">Its name in the library.</param>
    /// <param name="arguments">Values that are given: outputs of placeholders, each the only one of its node.</param>
    /// <param name="results">Values of the same graph.</param>
    /// <param name="waits">Which operations others wait for are taken along too; by default all.</param>
    public static FunctionDef Write(string name, IReadOnlyList<Output> arguments, IReadOnlyList<Output> results, Predicate<Operation>? waits = null)
    {
        var definition = new FunctionDef { Signature = new OpDef { Name = name } };
        // Each operation is asked about once, however many wait for it.
        var asked = new Dictionary<Operation, bool>();
        bool IsTaken(Operation waited)
        {
            if (!asked.TryGetValue(waited, out bool taken))
                asked.Add(waited, taken = waits?.Invoke(waited) != false);
            return taken;
        }

        var names = new Dictionary<Output, string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            names.Add(arguments[i], $"arg__{i}");
            definition.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = $"arg__{i}", Type = (DataType)arguments[i].DType });
        }

        var given = arguments.Select(static a => a.Operation).ToHashSet();
        foreach (Operation operation in Needed(results, given, IsTaken))
        {
            NodeDef node = GraphDefExporter.ToNodeDef(operation);
            node.Input.Clear();
            node.Input.AddRange(operation.Inputs.Select(NameOf));
            node.Input.AddRange(operation.ControlInputs.Where(c => !given.Contains(c) && IsTaken(c)).Select(static c => "^" + c.Name));
            node.Attr.Remove("_class");
            definition.NodeDef.Add(node);
            definition.Signature.IsStateful |= operation.Signature.IsStateful;
        }

        for (int i = 0; i < results.Count; i++)
        {
            definition.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = $"result__{i}", Type = (DataType)results[i].DType });
            definition.Ret.Add($"result__{i}", NameOf(results[i]));
        }

        return definition;

        string NameOf(Output value) => names.TryGetValue(value, out string? known) ? known : names[value] = InFunction(value);
    }

    /// <summary>Adds a function to a graph's library, under a name of its own.</summary>
    /// <returns>What calls name it by.</returns>
    public static NameAttrList AddTo(Graph graph, string name, IReadOnlyList<Output> arguments, IReadOnlyList<Output> results, Predicate<Operation>? waits = null)
    {
        HashSet<string> known = [.. graph.Library.Function.Select(static f => f.Signature?.Name ?? "")];
        string free = name;
        for (int number = 1; known.Contains(free); number++)
            free = $"{name}_{number}";
        graph.Library.Function.Add(Write(free, arguments, results, waits));
        return new NameAttrList { Name = free };
    }

    /// <summary>What results need, in the order it was made.</summary>
    private static IEnumerable<Operation> Needed(IReadOnlyList<Output> results, HashSet<Operation> given, Predicate<Operation> waits)
    {
        var needed = new HashSet<Operation>();
        var queue = new Queue<Operation>(results.Select(static r => r.Operation));
        while (queue.TryDequeue(out Operation? operation))
        {
            if (given.Contains(operation) || !needed.Add(operation))
                continue;
            foreach (Operation next in operation.Inputs.Select(static i => i.Operation).Concat(operation.ControlInputs.Where(c => waits(c))))
                queue.Enqueue(next);
        }

        return needed.OrderBy(static o => o.Id);
    }

    // In functions an output is told by the name of the argument in the signature, and by its place in that.
    private static string InFunction(Output value)
    {
        Operation operation = value.Operation;
        int at = 0;
        foreach (ArgSignature output in operation.Signature.Outputs)
        {
            int count = output.TypeListAttr is { } list ? operation.Attributes.Types(list).Count : output.NumberAttr is { } number ? (int)operation.Attributes.Int(number) : 1;
            if (value.Index < at + count)
                return $"{operation.Name}:{output.Name}:{value.Index - at}";
            at += count;
        }

        throw new GraphException($"Node '{operation.Name}' ({operation.Type}) has no output {value.Index}.", operation.Name, operation.Type);
    }
}
