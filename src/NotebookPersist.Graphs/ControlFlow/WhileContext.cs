using Google.Protobuf;
using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.ControlFlow;

/// <summary>A loop: values from outside come in through an Enter and stay for every iteration.</summary>
internal sealed class WhileContext : ControlFlowContext
{
    public WhileContext(Graph graph, int parallelIterations, bool backProp, bool swapMemory, string name = "while_context", LoopGradient? gradient = null)
        : base(graph, name)
    {
        (ParallelIterations, BackProp, SwapMemory, Gradient) = (parallelIterations, backProp, swapMemory, gradient);
    }

    /// <summary>A loop of an imported graph.</summary>
    public WhileContext(Graph graph, string frame, int parallelIterations, ControlFlowContext? outer)
        : base(graph, frame, outer)
    {
        (ParallelIterations, BackProp) = (parallelIterations, true);
    }

    public int ParallelIterations { get; }

    /// <summary>Whether gradients go through the loop.</summary>
    public bool BackProp { get; }

    public bool SwapMemory { get; }

    /// <summary>What this loop computes the gradient of; null for a loop that is none.</summary>
    public LoopGradient? Gradient { get; }

    /// <summary>The value that decides whether there is another iteration.</summary>
    public Output? Pivot { get; set; }

    public Output? PivotForPredicate { get; set; }

    public Output? PivotForBody { get; set; }

    public List<Output> Enters { get; } = [];

    public List<Output> Exits { get; } = [];

    public Output? MaximumIterations { get; init; }

    public override Output? ControlPivot => PivotForBody ?? PivotForPredicate;

    public override WhileContext? Loop => this;

    public override Operation? Anchor => (Pivot ?? ControlPivot)?.Operation;

    /// <summary>Makes the value of an iteration the one of the next.</summary>
    public static void Close(Output merge, Output next)
    {
        Operation operation = merge.Operation;
        operation.Graph.ReplaceInput(operation, 1, operation.Graph.NextIteration(next));
    }

    /// <summary>Enters a value that changes, or not, from one iteration to the next.</summary>
    public Output EnterValue(Output value, bool isConstant, string? name = null)
    {
        Output entered;
        ControlFlowContext? here = Graph.ControlFlow;
        Graph.ControlFlow = null;
        try
        {
            // The loop's own control dependencies are asked for inside of it.
            Operation[] outer = [.. Graph.ControlInputsFor([value]).Where(c => OutputContext(c)?.Loop == Outer?.Loop)];
            using (Graph.ClearControlDependencies())
            using (outer.Length == 0 ? null : Graph.ControlDependencies(outer))
                entered = Graph.Enter(value, Name, isConstant, ParallelIterations, name);
        }
        finally
        {
            Graph.ControlFlow = here;
        }

        entered.Operation.Context = this;
        Values.Add(entered);
        return entered;
    }

    public override Output AddValue(Output value)
    {
        if (value.Operation.Context == this && !IsLoopExit(value.Operation))
            return External.GetValueOrDefault(value) ?? value;
        if (!Values.Add(value))
            return External.GetValueOrDefault(value) ?? value;
        if (Graph.ControlFlow?.Loop?.Gradient is { } gradient && OutputContext(value.Operation)?.Loop == gradient.Forward)
        {
            Output real = gradient.RealValue(value);
            External[value] = real;
            return real;
        }

        Output result = Outer is null ? value : Outer.AddValue(value);
        Output enter = EnterValue(result, isConstant: true);
        External[value] = enter;
        return enter;
    }

    public override Operation[] Adopt(Output[] inputs, Operation[] controls)
    {
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = AddValue(inputs[i]);
        (Operation[] inside, Operation[] outside) = DivideControls(controls);
        // Loop invariants alone must not let an operation run in an iteration that there is not.
        bool isFree = inside.Length == 0 && Array.TrueForAll(inputs, static i => IsLoopConstantEnter(i.Operation));
        if (isFree && ControlPivot is { } pivot)
            inside = [.. inside, pivot.Operation];
        foreach (Operation control in outside.Where(static o => o.Outputs.Count > 0))
        {
            using (Graph.ClearControlDependencies())
                inside = [.. inside, Graph.Identity(control[0]).Operation];
        }

        return inside;
    }

    public override IMessage ToMessage()
    {
        var stored = new WhileContextDef
        {
            ContextName = Name,
            ParallelIterations = ParallelIterations,
            BackProp = BackProp,
            SwapMemory = SwapMemory,
            PivotName = Pivot?.Name ?? "",
            PivotForPredName = PivotForPredicate?.Name ?? "",
            PivotForBodyName = PivotForBody?.Name ?? "",
            MaximumIterationsName = MaximumIterations?.Name ?? "",
            ValuesDef = ValuesDef(),
        };
        stored.LoopExitNames.AddRange(Exits.Select(static e => e.Name));
        stored.LoopEnterNames.AddRange(Enters.Select(static e => e.Name));
        return stored;
    }
}
