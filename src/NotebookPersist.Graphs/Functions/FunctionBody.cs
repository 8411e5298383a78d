using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Functions;

/// <summary>A function of a graph's library as a graph of its own.</summary>
/// <remarks>Thread safety: immutable. Source: TensorFlow's function.cc; what has effects runs though no result needs it.</remarks>
public sealed class FunctionBody
{
    // Nodes that TensorFlow calls stateful, but whose running alone changes nothing that outlasts them.
    private static readonly HashSet<string> OnlyMade = ["Assert", "TensorArrayV3", "TensorArrayGradV3", "StackV2", "HashTable", "HashTableV2"];

    // Nor need these run where no result asks for them.
    private static readonly HashSet<string> OnlyRead = ["VarHandleOp", "ReadVariableOp", "VariableV2", "Variable", "VariableShape", "VarIsInitializedOp", "ResourceGather", "Placeholder"];

    private FunctionBody(string name, Graph graph, Output[] arguments, Output[] results, Operation[] effects)
    {
        (Name, Graph, Arguments, Results, Effects) = (name, graph, arguments, results, effects);
    }

    /// <summary>Its name in the library.</summary>
    public string Name { get; }

    /// <summary>The body.</summary>
    public Graph Graph { get; }

    /// <summary>Placeholders, one an argument.</summary>
    public IReadOnlyList<Output> Arguments { get; }

    /// <summary>One value a result.</summary>
    public IReadOnlyList<Output> Results { get; }

    /// <summary>What has to run besides the results.</summary>
    public IReadOnlyList<Operation> Effects { get; }

    /// <summary>Makes the graph of a function.</summary>
    /// <exception cref="KernelException">The library has no such function, or it is damaged.</exception>
    public static FunctionBody Of(Graph caller, NameAttrList function)
    {
        FunctionDef definition = caller.Library.Function.FirstOrDefault(f => f.Signature?.Name == function.Name)
            ?? throw new KernelException(RunErrorCode.NotFound, $"Function {function.Name} is not defined.{NearNames.Hint(function.Name, caller.Library.Function.Select(static f => f.Signature?.Name ?? ""))}");
        try
        {
            return Make(caller, definition, function);
        }
        catch (Exception fault) when (fault is GraphException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Function '{function.Name}' cannot be made: {fault.Message}");
        }
    }

    /// <summary>The first of some operations that another run would change something with, or give something else by: also one in the functions that they call.</summary>
    internal static Operation? FirstChanging(IEnumerable<Operation> operations) => WithCalled(operations)
        .FirstOrDefault(static o => o.Signature.IsStateful && !OnlyRead.Contains(o.Type) && !OnlyMade.Contains(o.Type) && !FunctionsOf(o).Any());

    /// <summary>Whether another run of an operation would change something, or give something else.</summary>
    internal static bool IsChanging(Operation operation) => FirstChanging([operation]) is not null;

    /// <summary>Some operations, and those of all functions that they call.</summary>
    /// <exception cref="KernelException">A function that is called is not there, or not well formed.</exception>
    internal static IEnumerable<Operation> WithCalled(IEnumerable<Operation> operations)
    {
        // Calls may lead through more functions than a stack can hold.
        var known = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<IEnumerable<Operation>>([operations]);
        while (waiting.TryDequeue(out IEnumerable<Operation>? next))
        {
            foreach (Operation operation in next)
            {
                yield return operation;
                foreach (NameAttrList function in FunctionsOf(operation).Where(f => known.Add(f.Name)))
                    waiting.Enqueue(Of(operation.Graph, function).Graph.Operations);
            }
        }
    }

    // Values of attributes that name functions; a node whose type is a function's name calls that.
    private static IEnumerable<NameAttrList> FunctionsOf(Operation operation)
    {
        foreach ((_, AttrValue value) in operation.Attributes)
        {
            if (value.ValueCase == AttrValue.ValueOneofCase.Func)
                yield return value.Func;
            else if (value.ValueCase == AttrValue.ValueOneofCase.List)
            {
                foreach (NameAttrList function in value.List.Func)
                    yield return function;
            }
        }

        if (operation.Definition is FunctionCallOp)
            yield return new NameAttrList { Name = operation.Type };
    }

    private static FunctionBody Make(Graph caller, FunctionDef definition, NameAttrList function)
    {
        var writer = new FunctionGraphWriter(caller, definition, function.Attr);
        GraphDef graphDef = writer.Write();
        var graph = new Graph(caller.Registry) { Library = caller.Library };
        graph.ImportGraphDef(graphDef, "");
        Output[] results = [.. writer.Results.Select(graph.GetTensorByName)];
        Output[] arguments = [.. writer.Arguments.Select(a => graph.GetTensorByName(a + ":0"))];
        var effects = new HashSet<Operation>(definition.ControlRet.Values.Select(graph.GetOperationByName));
        effects.UnionWith(graph.Operations.Where(static o => o.Signature.IsStateful && o.Definition is not null && !OnlyRead.Contains(o.Type)));
        return new FunctionBody(function.Name, graph, arguments, results, [.. effects.OrderBy(static o => o.Id)]);
    }
}
