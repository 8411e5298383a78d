namespace NotebookPersist.Graphs.ControlFlow;

/// <summary>Tells from the nodes of an imported graph which loops, and which branches within loops, they lie in.</summary>
/// <remarks>A frame begins at its Enters and ends at its Exits; a branch begins at a Switch that no loop's condition decides, and ends at a Merge.</remarks>
internal sealed class ImportedLoops
{
    private readonly Graph _graph;
    private readonly Dictionary<(ControlFlowContext? Outer, string Frame), WhileContext> _loops = [];
    private readonly Dictionary<(ControlFlowContext? Outer, Output Predicate, int Branch), CondContext> _branches = [];
    private readonly Dictionary<Operation, ControlFlowContext?> _contexts = [];

    private ImportedLoops(Graph graph) => _graph = graph;

    /// <summary>Sets the context of all operations in loops that have none.</summary>
    public static void Recognize(Graph graph) => new ImportedLoops(graph).Run();

    private void Run()
    {
        // Inputs come before what they go to, but for the values that come round a loop.
        Operation[] all = [.. _graph.Operations];
        foreach (Operation operation in all)
            _contexts[operation] = operation.Context ?? Find(operation);
        foreach (Operation operation in all.Where(o => o.Context is null && _contexts[o]?.Loop is not null))
        {
            operation.Context = _contexts[operation];
            if (operation.Context is WhileContext loop)
                Note(loop, operation);
            operation.Context!.Made(operation); // It was set just before.
        }
    }

    private ControlFlowContext? Find(Operation operation)
    {
        ControlFlowContext? context = null;
        foreach (Output input in operation.Inputs)
            context = Deeper(context, OfValue(input));
        foreach (Operation control in operation.ControlInputs)
            context = Deeper(context, OfResult(control));
        switch (operation.Type)
        {
            case "Enter" or "RefEnter":
                (ControlFlowContext?, string) key = (context, operation.Attributes.String("frame_name"));
                if (!_loops.TryGetValue(key, out WhileContext? loop))
                    _loops.Add(key, loop = new WhileContext(_graph, key.Item2, (int)operation.Attributes.Int("parallel_iterations"), context));
                return loop;
            case "Merge" or "RefMerge" when context is CondContext && !operation.Inputs.Any(static i => i.Operation.Type is "Enter" or "RefEnter"):
                return context.Outer;
            default:
                return context;
        }
    }

    // What an operation's own context is to those that wait for it.
    private ControlFlowContext? OfResult(Operation operation)
    {
        ControlFlowContext? context = _contexts.GetValueOrDefault(operation) ?? operation.Context;
        return ControlFlowContext.IsLoopExit(operation) ? context?.Outer : context;
    }

    private ControlFlowContext? OfValue(Output value)
    {
        Operation operation = value.Operation;
        ControlFlowContext? context = OfResult(operation);
        if (!ControlFlowContext.IsSwitch(operation) || operation.Inputs[1].Operation.Type == "LoopCond" || operation.Context is CondContext)
            return context;
        (ControlFlowContext?, Output, int) key = (context, operation.Inputs[1], value.Index);
        if (!_branches.TryGetValue(key, out CondContext? branch))
            _branches.Add(key, branch = new CondContext(_graph, $"{operation.Name}/{value.Index}", operation.Inputs[1], value, value.Index, context));
        return branch;
    }

    private void Note(WhileContext loop, Operation operation)
    {
        switch (operation.Type)
        {
            case "LoopCond":
                loop.Pivot = operation[0];
                break;
            case "Merge" or "RefMerge":
                loop.PivotForPredicate ??= operation[0];
                break;
            case "Exit" or "RefExit":
                loop.Exits.Add(operation[0]);
                break;
            case "Enter" or "RefEnter" when !operation.Attributes.Bool("is_constant"):
                loop.Enters.Add(operation[0]);
                break;
            case "Identity" or "RefIdentity" when IsSwitchOf(operation.Inputs[0]):
                loop.PivotForBody ??= operation[0];
                break;
            case "Switch" or "RefSwitch" when operation.Inputs[1].Operation.Type != "LoopCond":
                // It belongs to the branch that takes its value.
                if (operation.Outputs.FirstOrDefault(o => o.Consumers.Any()) is { } taken && _branches.TryGetValue((loop, operation.Inputs[1], taken.Index), out CondContext? branch))
                    operation.Context = branch;
                break;
            default:
                break;
        }
    }

    private static bool IsSwitchOf(Output value) => value.Index == 1 && ControlFlowContext.IsSwitch(value.Operation) && value.Operation.Inputs[1].Operation.Type == "LoopCond";

    private static ControlFlowContext? Deeper(ControlFlowContext? a, ControlFlowContext? b) => DepthOf(b) > DepthOf(a) ? b : a;

    private static int DepthOf(ControlFlowContext? context)
    {
        int depth = 0;
        for (; context is not null; context = context.Outer)
            depth++;
        return depth;
    }
}
