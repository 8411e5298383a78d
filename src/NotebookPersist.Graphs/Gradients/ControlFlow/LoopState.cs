using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist.Graphs.Gradients.ControlFlow;

/// <summary>The loops that one call of gradients goes through.</summary>
/// <remarks>Source: TensorFlow's control_flow_state.py (ControlFlowState).</remarks>
internal sealed class LoopState(Graph graph)
{
    private readonly Dictionary<WhileContext, LoopGradient> _loops = [];

    /// <summary>Begins the gradient of the loop that an Exit leaves.</summary>
    /// <returns>All exits of the loop, if it is new.</returns>
    public IReadOnlyList<Output> Add(Operation exit)
    {
        if (exit.Context is not WhileContext forward || forward.Pivot is null || _loops.ContainsKey(forward))
            return [];
        LoopGradient? outer = forward.Outer?.Loop is { } around ? _loops.GetValueOrDefault(around) : null;
        var loop = new LoopGradient(forward, outer);
        _loops.Add(forward, loop);
        return loop.ForwardExits;
    }

    /// <summary>The loop whose gradient an operation's gradient is part of: as it arrives, or as it goes on.</summary>
    public LoopGradient? Of(Operation operation, bool arriving)
    {
        ControlFlowContext? context = arriving ? ControlFlowContext.OutputContext(operation) : operation.Context;
        return context?.Loop is { } loop ? _loops.GetValueOrDefault(loop) : null;
    }

    /// <summary>Runs something inside of the gradient's loop.</summary>
    public T Within<T>(LoopGradient? loop, Func<T> build)
    {
        if (loop is null)
            return build();
        loop.Backward.Enter();
        try
        {
            return build();
        }
        finally
        {
            loop.Backward.Exit();
        }
    }

    /// <summary>Exits that nothing asked for needs, of loops none of whose exits is waited for.</summary>
    public List<Output> UnusedExits(Dictionary<Operation, int> pending, IReadOnlySet<Operation> begun)
    {
        var exits = new List<Output>();
        foreach (LoopGradient loop in _loops.Values)
        {
            foreach (Output exit in loop.ForwardExits.Where(e => pending.GetValueOrDefault(e.Operation) == 0))
            {
                loop.PendingExits--;
                if (!begun.Contains(exit.Operation))
                    loop.UnusedExits.Add(exit);
                if (loop.PendingExits == 0)
                    exits.AddRange(loop.UnusedExits);
            }
        }

        return exits;
    }

    /// <summary>The gradient of an exit that nothing needs.</summary>
    public Output ZerosForExit(Output value)
    {
        var forward = (WhileContext)value.Operation.Context!; // Only exits of known loops lead here.
        LoopGradient? outer = forward.Outer?.Loop is { } around ? _loops.GetValueOrDefault(around) : null;
        if (value.Shape.IsFullyKnown)
            return Within(outer, () => graph.Zeros(value.Shape, value.DType));
        if (outer is null)
            return graph.ZerosLike(value, optimize: false);
        forward.Outer!.Enter();
        Output shape = graph.Add<ShapeOp>(null, value);
        forward.Outer.Exit();
        Output history = outer.Accumulate(shape);
        return Within(outer, () => graph.Zeros(outer.TakeBack(history, shape), value.DType));
    }

    /// <summary>The gradient of an output that what is asked for does not depend on; null where there is to be none.</summary>
    public Output? Zeros(Operation operation, int index)
    {
        if (ControlFlowContext.IsLoopSwitch(operation))
            return null;
        if (Of(operation, arriving: false) is not { } loop)
            return ZerosOutside(operation, index);
        Output value = operation[index];
        CondContext? branch = ControlFlowContext.IsSwitch(operation) ? operation.Context as CondContext : null;
        if (value.DType == DType.Resource)
            return graph.Zeros(graph.Add<VariableShapeOp>(null, value), ResourceVariables.HandleType(value));
        if (value.Shape.IsFullyKnown)
        {
            Output zeros = graph.Constant(Tensor.Zeros(value.DType, value.Shape));
            if (branch is null)
                return zeros;
            Output predicate = loop.Predicate(branch.Predicate) ?? branch.Predicate;
            return ControlFlowContext.Switched(graph, zeros, predicate)[1 - branch.Branch];
        }

        Output shape = branch is null ? ShapeIn(operation.Context, value) : ShapeOfOther(operation, branch);
        Output history = loop.Accumulate(shape, deadBranch: branch is not null);
        return graph.Zeros(loop.TakeBack(history, shape, deadBranch: branch is not null), value.DType);
    }

    /// <summary>The same where no loop is gone through.</summary>
    public static Output ZerosOutside(Operation operation, int index)
    {
        Graph graph = operation.Graph;
        Output value = operation[index];
        bool isResource = value.DType == DType.Resource;
        if (!ControlFlowContext.IsSwitch(operation) || operation.Context is not CondContext branch)
            return isResource ? graph.Zeros(graph.Add<VariableShapeOp>(null, value), ResourceVariables.HandleType(value)) : graph.ZerosLike(value, optimize: false);

        // Zeros are made only where the other branch was taken.
        Output other = graph.Switch(operation.Inputs[0], branch.Predicate)[1 - branch.Branch];
        Output pivot = isResource ? branch.Predicate : graph.Identity(other);
        Output shape = isResource ? graph.Add<VariableShapeOp>(null, other) : graph.Add<ShapeOp>(null, other);
        using (graph.ControlDependencies(isResource ? shape.Operation : pivot.Operation))
            return graph.Zeros(shape, isResource ? ResourceVariables.HandleType(value) : value.DType);
    }

    /// <summary>Closes the gradient's loops for variables whose next value does not depend on their last.</summary>
    public void Finish()
    {
        foreach (LoopGradient loop in _loops.Values)
        {
            foreach (Output merge in loop.Merges.Values.Where(static m => m.Operation.Inputs[0] == m.Operation.Inputs[1]))
            {
                Output first = merge.Operation.Inputs[0];
                Output zeros = first.Shape.IsFullyKnown
                    ? Within(loop, () => graph.NextIteration(graph.Constant(Tensor.Zeros(first.DType, first.Shape))))
                    : NextZeros(loop, first);
                graph.ReplaceInput(merge.Operation, 1, zeros);
            }
        }
    }

    private Output NextZeros(LoopGradient loop, Output first)
    {
        Output entered = first.Operation.Inputs[0];
        Output zeros = loop.Outside(() => graph.Zeros(graph.Add<ShapeOp>(null, entered), first.DType));
        return Within(loop, () => graph.NextIteration(zeros));
    }

    private Output ShapeIn(ControlFlowContext? context, Output value)
    {
        ControlFlowContext? here = graph.ControlFlow;
        graph.ControlFlow = context;
        try
        {
            return graph.Add<ShapeOp>(null, value);
        }
        finally
        {
            graph.ControlFlow = here;
        }
    }

    // The shape of what a Switch sends the way that is not this branch's.
    private Output ShapeOfOther(Operation operation, CondContext branch)
    {
        ControlFlowContext? here = graph.ControlFlow;
        graph.ControlFlow = branch.Outer;
        try
        {
            Output other = ControlFlowContext.Switched(graph, operation.Inputs[0], branch.Predicate)[1 - branch.Branch];
            Output shape = graph.Add<ShapeOp>(null, other);
            other.Operation.Context = branch;
            shape.Operation.Context = branch;
            return shape;
        }
        finally
        {
            graph.ControlFlow = here;
        }
    }
}
