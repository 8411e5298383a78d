using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Graphs.Gradients.ControlFlow;

/// <summary>The gradient of one loop: a loop that counts the iterations back and takes what the forward loop saved from stacks.</summary>
/// <remarks>Source: TensorFlow's control_flow_state.py (GradLoopState); names of nodes as there.</remarks>
internal sealed class LoopGradient
{
    // What stands in the gradient's loop for values of the forward loop.
    private readonly Dictionary<Output, Output> _history = [];
    private readonly ControlFlowContext? _home;
    private Operation? _forwardSync;
    private Operation? _backwardSync;

    public LoopGradient(WhileContext forward, LoopGradient? outer)
    {
        (Forward, Outer, _home) = (forward, outer, forward.Graph.ControlFlow);
        ForwardExits = [.. forward.Exits];
        PendingExits = ForwardExits.Count;
        ControlFlowContext? around = outer?.Forward ?? forward.Outer;
        around?.Enter();
        (Output count, ForwardIndex) = LoopCounters.AddForward(forward, outer);
        around?.Exit();
        if (outer is null)
        {
            around?.Enter();
            Backward = Context(forward);
            BackwardIndex = LoopCounters.AddBackward(Backward, count, null);
            around?.Exit();
            return;
        }

        // Each run of the inner loop has its own number of iterations.
        around!.AddName(count);
        Output history = outer.Accumulate(count);
        outer.Backward.Enter();
        Backward = Context(forward);
        BackwardIndex = LoopCounters.AddBackward(Backward, outer.TakeBack(history, count), outer);
        outer.Backward.Exit();
    }

    public WhileContext Forward { get; }

    public WhileContext Backward { get; }

    /// <summary>The gradient of the loop around; null for the outermost.</summary>
    public LoopGradient? Outer { get; }

    /// <summary>The forward loop's number of the next iteration.</summary>
    public Output ForwardIndex { get; }

    public Output BackwardIndex { get; }

    public IReadOnlyList<Output> ForwardExits { get; }

    /// <summary>Exits whose gradient is still to come.</summary>
    public int PendingExits { get; set; }

    public List<Output> UnusedExits { get; } = [];

    public List<Output> DeferredExits { get; } = [];

    /// <summary>For each Switch of the forward loop the Merge that carries its gradient round.</summary>
    public Dictionary<Operation, Output> Merges { get; } = [];

    /// <summary>The conditional's predicate of each iteration, as the gradient has it; null where it was not asked for.</summary>
    public Output? Predicate(Output forward) => _history.GetValueOrDefault(forward);

    public void Remember(Output forward, Output backward) => _history[forward] = backward;

    /// <summary>Waits for what only some iterations save.</summary>
    public Operation BackwardSync
    {
        get
        {
            if (_backwardSync is not null)
                return _backwardSync;
            _backwardSync = Trigger("b_sync", Backward);
            Graph.AddControlInput(BackwardIndex.Operation, _backwardSync);
            return _backwardSync;
        }
    }

    private Graph Graph => Forward.Graph;

    private Operation ForwardSync
    {
        get
        {
            if (_forwardSync is not null)
                return _forwardSync;
            _forwardSync = Trigger("f_sync", Forward);
            Graph.AddControlInput(ForwardIndex.Operation, _forwardSync);
            return _forwardSync;
        }
    }

    /// <summary>Has the forward loop save a value in each iteration.</summary>
    /// <param name="value">A value of the forward loop.</param>
    /// <param name="deadBranch">Whether the value stands in the branch of its conditional that is not its own.</param>
    /// <returns>The stack.</returns>
    public Output Accumulate(Output value, bool deadBranch = false) => In(_home, () => AccumulateFromHome(value, deadBranch));

    private Output AccumulateFromHome(Output value, bool deadBranch)
    {
        using IDisposable free = Graph.ClearControlDependencies();
        Output stack;
        using (Graph.ColocateWith(value.Operation))
        {
            Output unlimited = Graph.Constant(-1, DType.Int32);
            stack = Graph.Add<StackV2Op>("f_acc", new AttributeList { { "elem_type", value.DType } }, unlimited);
        }

        Output entered = Forward.AddValue(stack);
        ControlFlowContext? place = ControlFlowContext.OutputContext(value.Operation);
        var attributes = new AttributeList { { "swap_memory", Forward.SwapMemory } };
        Operation push;
        if (place == Forward)
        {
            push = In(Forward, () => Graph.AddOperation<StackPushV2Op>(null, attributes, entered, value));
            Graph.AddControlInput(ForwardIndex.Operation, push);
        }
        else if (place is CondContext branch)
        {
            push = In(deadBranch ? branch.Outer : branch, () => Graph.AddOperation<StackPushV2Op>(null, attributes, entered, value));
            push.Context = branch;
            Graph.AddControlInput(ForwardSync, push);
        }
        else
        {
            throw new GraphException($"'{value.Name}' is needed by the gradient of loop '{Forward.Name}', but lies in no branch of it.", value.Operation.Name, value.Operation.Type);
        }

        // One iteration's values are saved before those of the next.
        Graph.AddControlInput(push, ForwardIndex.Operation.Inputs[0].Operation);
        return stack;
    }

    /// <summary>Takes a saved value back, in the gradient's loop.</summary>
    public Output TakeBack(Output stack, Output value, bool deadBranch = false)
    {
        ControlFlowContext? home = stack.Operation.Context;
        CondContext? branch = null;
        for (ControlFlowContext? context = value.Operation.Context; context is not null && context != home && branch is null; context = context.Outer)
            branch = context as CondContext;
        using IDisposable free = Graph.ClearControlDependencies();
        Output popped = In(Backward, () =>
        {
            Output history = stack;
            if (branch is not null)
            {
                // What only one branch saved is taken back only where that branch was taken.
                Output? predicate = null;
                for (LoopGradient? state = this; state is not null && predicate is null; state = state.Outer)
                    predicate = state.Predicate(branch.Predicate);
                history = ControlFlowContext.Switched(Graph, stack, predicate ?? branch.Predicate)[deadBranch ? 1 - branch.Branch : branch.Branch];
            }

            return Graph.Add<StackPopV2Op>(null, new AttributeList { { "elem_type", value.DType } }, history);
        });
        popped.SetShape(value.Shape);
        if (Backward.ParallelIterations > 1)
            Graph.AddControlInput(BackwardSync, popped.Operation);
        return popped;
    }

    /// <summary>What stands in the gradient's loop, which is being built, for a value of the forward loop.</summary>
    public Output RealValue(Output value)
    {
        if (_history.TryGetValue(value, out Output? known))
            return known;
        Output real = FindRealValue(value);
        _history[value] = real;
        return real;
    }

    private Output FindRealValue(Output value)
    {
        LoopGradient state = this;
        while (ControlFlowContext.LoopConstantEnter(value) is { } enter)
        {
            value = enter.Inputs[0];
            if (state.Outer is null)
                return Backward.AddValue(value); // The same in all iterations of all loops.
            state = state.Outer;
        }

        if (value.Operation.Type == "Const")
            return Graph.Constant(value.Operation.Attributes.Tensor("value"));
        Output history = state.Accumulate(value);
        Output real = state.TakeBack(history, value);
        return state == this ? real : Backward.AddValue(real);
    }

    /// <summary>Builds something outside of the gradient's loop, in which gradients are being built.</summary>
    public T Outside<T>(Func<T> build) => In(Backward.Outer, build);

    private T In<T>(ControlFlowContext? context, Func<T> build)
    {
        ControlFlowContext? here = Graph.ControlFlow;
        Graph.ControlFlow = context;
        try
        {
            return build();
        }
        finally
        {
            Graph.ControlFlow = here;
        }
    }

    private Operation Trigger(string name, WhileContext context)
    {
        using (Graph.ClearControlDependencies())
        {
            Operation trigger = In(null, () => Graph.ControlTrigger(name));
            trigger.Context = context;
            return trigger;
        }
    }

    private WhileContext Context(WhileContext forward) => new(Graph, forward.ParallelIterations, forward.BackProp, forward.SwapMemory, forward.Name, this) { MaximumIterations = forward.MaximumIterations };
}
