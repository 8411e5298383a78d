using Google.Protobuf;
using NotebookPersist.Graphs.Interchange;

namespace NotebookPersist.Graphs.ControlFlow;

/// <summary>A branch of a conditional, or a loop, while it is built: brings in what comes from outside.</summary>
/// <remarks>Source: TensorFlow's control_flow_ops.py; names of nodes as there.</remarks>
internal abstract class ControlFlowContext : IStoredItem
{
    private readonly Stack<ControlFlowContext?> _entered = new();

    protected ControlFlowContext(Graph graph, string name)
    {
        Graph = graph;
        Name = graph.UniqueName(name);
        Outer = graph.ControlFlow;
    }

    // One that is recognised in an imported graph; its name is in use there.
    protected ControlFlowContext(Graph graph, string name, ControlFlowContext? outer) => (Graph, Name, Outer) = (graph, name, outer);

    public Graph Graph { get; }

    public string Name { get; }

    /// <summary>The context around this one; null for the outermost.</summary>
    public ControlFlowContext? Outer { get; }

    /// <summary>What a loop's or branch's own constants wait for; null where nothing yet.</summary>
    public abstract Output? ControlPivot { get; }

    /// <summary>The innermost loop that this context is, or lies in.</summary>
    public abstract WhileContext? Loop { get; }

    /// <summary>An operation without which the context means nothing.</summary>
    public abstract Operation? Anchor { get; }

    protected HashSet<Output> Values { get; } = [];

    /// <summary>What stands inside for values from outside.</summary>
    protected Dictionary<Output, Output> External { get; } = [];

    public void Enter()
    {
        _entered.Push(Graph.ControlFlow);
        Graph.ControlFlow = this;
    }

    public void Exit() => Graph.ControlFlow = _entered.Pop();

    /// <summary>Notes a value as belonging here.</summary>
    public void AddName(Output value) => Values.Add(value);

    public void ExitResult(IEnumerable<Output> results)
    {
        if (Outer is null)
            return;
        foreach (Output result in results)
            Outer.AddName(result);
    }

    /// <summary>What stands in this context for a value, brought in where it comes from outside.</summary>
    public abstract Output AddValue(Output value);

    /// <summary>Brings in the inputs of an operation in the making, and tells what else it waits for.</summary>
    public abstract Operation[] Adopt(Output[] inputs, Operation[] controls);

    /// <summary>Notes an operation that was just made.</summary>
    public virtual void Made(Operation operation)
    {
        for (ControlFlowContext? context = this; context is not null; context = context.Outer)
            context.Values.UnionWith(operation.Outputs);
    }

    public abstract IMessage ToMessage();

    /// <summary>The context that an operation's results are in.</summary>
    public static ControlFlowContext? OutputContext(Operation operation) => IsLoopExit(operation) ? operation.Context?.Outer : operation.Context;

    public static bool IsLoopExit(Operation operation) => operation.Type is "Exit" or "RefExit";

    public static bool IsSwitch(Operation operation) => operation.Type is "Switch" or "RefSwitch";

    /// <summary>True for a Switch of a loop, not of a conditional inside of it.</summary>
    public static bool IsLoopSwitch(Operation operation) => IsSwitch(operation) && operation.Context is WhileContext;

    public static bool IsLoopConstantEnter(Operation operation) => operation.Type is "Enter" or "RefEnter" && operation.Attributes.Bool("is_constant");

    /// <summary>The Enter through which a loop-invariant value comes; null where it does not.</summary>
    public static Operation? LoopConstantEnter(Output value)
    {
        Operation operation = value.Operation;
        while (operation.Type is "Switch" or "RefSwitch" or "Identity" or "RefIdentity")
            operation = operation.Inputs[0].Operation;
        return IsLoopConstantEnter(operation) ? operation : null;
    }

    public static Output[] Switched(Graph graph, Output data, Output predicate, string? name = null)
    {
        using (graph.ColocateWith(data.Operation))
            return [.. graph.Switch(data, predicate, name).Outputs];
    }

    /// <summary>Where an operation is made that was asked for here: what only tells a forward value's shape is made beside the value, so that the shape is saved and not the value.</summary>
    public static ControlFlowContext? PlaceOf(Graph graph, string type, List<Output> inputs)
    {
        ControlFlowContext? here = graph.ControlFlow;
        if (type is not ("Shape" or "Size" or "Rank") || here?.Loop?.Gradient is not { } gradient)
            return here;
        ControlFlowContext? there = OutputContext(inputs[0].Operation);
        return there?.Loop == gradient.Forward ? there : here;
    }

    // In a loop, what is outside of it has run long before.
    protected (Operation[] Inside, Operation[] Outside) DivideControls(Operation[] controls)
    {
        WhileContext? loop = Loop;
        return loop is null
            ? (controls, [])
            : ([.. controls.Where(c => OutputContext(c)?.Loop == loop)], [.. controls.Where(c => OutputContext(c)?.Loop != loop)]);
    }

    protected Protos.ValuesDef ValuesDef()
    {
        var stored = new Protos.ValuesDef();
        stored.Values.AddRange(Values.Select(static v => v.Name).Order(StringComparer.Ordinal));
        foreach ((Output outside, Output inside) in External.OrderBy(static e => e.Key.Name, StringComparer.Ordinal))
            stored.ExternalValues.Add(outside.Name, inside.Name);
        return stored;
    }
}
