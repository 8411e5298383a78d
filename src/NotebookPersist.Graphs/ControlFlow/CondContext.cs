using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.ControlFlow;

/// <summary>One branch of a conditional: values from outside come in through a Switch.</summary>
internal sealed class CondContext : ControlFlowContext
{
    public CondContext(Graph graph, Output predicate, Output pivot, int branch)
        : base(graph, "cond_text")
    {
        (Predicate, Pivot, Branch) = (predicate, pivot, branch);
        Values.Add(predicate);
        External[predicate] = predicate;
        Values.Add(pivot);
        pivot.Operation.Context = this;
    }

    /// <summary>A branch of an imported graph.</summary>
    public CondContext(Graph graph, string name, Output predicate, Output pivot, int branch, ControlFlowContext? outer)
        : base(graph, name, outer)
    {
        (Predicate, Pivot, Branch) = (predicate, pivot, branch);
        Values.UnionWith([predicate, pivot]);
        External[predicate] = predicate;
    }

    public Output Predicate { get; }

    /// <summary>The predicate as this branch has it.</summary>
    public Output Pivot { get; }

    /// <summary>1 for the branch of true, 0 for the other.</summary>
    public int Branch { get; }

    public override Output? ControlPivot => null;

    public override WhileContext? Loop => Outer?.Loop;

    public override Operation? Anchor => Pivot.Operation;

    public override Output AddValue(Output value)
    {
        if (!Values.Add(value))
            return External.GetValueOrDefault(value) ?? value;
        Output result = FromOuter(value);
        using (Graph.ClearControlDependencies())
            result = Switched(result);
        for (ControlFlowContext? context = this; context is not null; context = context.Outer)
            context.AddName(result);
        External[value] = result;
        return result;
    }

    public override Operation[] Adopt(Output[] inputs, Operation[] controls)
    {
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = AddValue(inputs[i]);
        controls = DivideControls(controls).Inside;
        return inputs.Length == 0 && !Array.Exists(controls, c => IsInside(OutputContext(c))) ? [.. controls, Pivot.Operation] : controls;
    }

    /// <summary>What a branch gives: a value of its own, or one from outside that goes through it.</summary>
    public Output Result(Output value)
    {
        if (!Values.Add(value))
            return External.GetValueOrDefault(value) ?? value;
        Output result = Switched(FromOuter(value));
        External[value] = result;
        return result;
    }

    public override IMessage ToMessage() => new CondContextDef
    {
        ContextName = Name,
        PredName = Predicate.Name,
        PivotName = Pivot.Name,
        Branch = Branch,
        ValuesDef = ValuesDef(),
    };

    private Output FromOuter(Output value)
    {
        if (Outer is null)
            return value;
        Output result = Outer.AddValue(value);
        Values.Add(result);
        External[result] = result;
        return result;
    }

    // The Switch itself belongs outside: it runs whichever branch is taken.
    private Output Switched(Output value)
    {
        ControlFlowContext? here = Graph.ControlFlow;
        Graph.ControlFlow = null;
        try
        {
            Operation operation = Switched(Graph, value, Predicate)[0].Operation;
            operation.Context = this;
            return operation[Branch];
        }
        finally
        {
            Graph.ControlFlow = here;
        }
    }

    private bool IsInside(ControlFlowContext? context)
    {
        while (context is not null && context != this)
            context = context.Outer;
        return context == this;
    }
}
