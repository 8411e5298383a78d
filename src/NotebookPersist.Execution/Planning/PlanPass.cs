using System.Diagnostics.CodeAnalysis;

namespace NotebookPersist.Execution.Planning;

/// <summary>One walk through what is to run that replaces operations by others with the same results.</summary>
/// <remarks>
/// Replacements are detached: they are in no graph, and carry the name of the operation whose result they give, so that errors name
/// what the user knows. Operations behind them are detached copies with other inputs. Thread safety: one use each.
/// </remarks>
internal abstract class PlanPass
{
    private readonly Dictionary<Output, Output> _values = [];
    private readonly Dictionary<Operation, Operation> _replaced = [];
    private readonly Dictionary<Output, int> _uses = [];
    private readonly HashSet<Operation> _awaited = [];
    private readonly List<Operation> _emitted = [];
    private HashSet<Output> _fed = [];

    /// <summary>Walks through all operations, inputs first.</summary>
    public PlanGraph Run(PlanGraph graph)
    {
        Count(graph);
        Prepare(graph);
        var loops = new List<(Operation Before, Operation Now)>();
        foreach (Operation before in graph.Operations)
        {
            bool closesLoop = ControlFlow.TakesBackEdge(before);
            Operation now = Behind(before, closesLoop);
            if (closesLoop)
                loops.Add((before, now));
            if (TryReplace(before, now))
                continue;
            _emitted.Add(now);
            if (now == before)
                continue;

            // Those without outputs too: others wait for them, or they are asked for.
            _replaced[before] = now;
            for (int i = 0; i < before.Outputs.Count; i++)
                Map(before[i], now[i]);
        }

        if (_values.Count == 0 && _replaced.Count == 0)
            return graph;
        foreach ((Operation before, Operation now) in loops)
        {
            for (int i = 0; i < before.Inputs.Count; i++)
                now.ReplaceInput(i, Now(before.Inputs[i]));
        }

        return new PlanGraph(_emitted, [.. graph.Fetches.Select(Now)], [.. graph.Targets.Select(Now)], graph.Fed).Pruned();
    }

    /// <summary>Looks at all of it before the walk.</summary>
    protected virtual void Prepare(PlanGraph graph)
    {
        // Most passes see what they need on the way.
    }

    /// <summary>Maps the operation's outputs to others where it can be done without; else gives false.</summary>
    /// <param name="before">The operation as it came into this pass.</param>
    /// <param name="now">The same with the inputs that it has by now.</param>
    protected abstract bool TryReplace(Operation before, Operation now);

    /// <summary>Adds an operation at this place.</summary>
    protected void Emit(Operation operation) => _emitted.Add(operation);

    /// <summary>From here on a value is read somewhere else.</summary>
    protected void Map(Output before, Output now)
    {
        if (_fed.Contains(before))
            return;
        _values[before] = now;
        _replaced[before.Operation] = now.Operation;
    }

    /// <summary>Where a value is by now.</summary>
    protected Output Now(Output before) => _values.GetValueOrDefault(before, before);

    /// <summary>True where a value is given for the run.</summary>
    protected bool IsFed(Output before) => _fed.Contains(before);

    /// <summary>True where others wait for the operation, or it was asked for by itself.</summary>
    protected bool IsAwaited(Operation before) => _awaited.Contains(before);

    /// <summary>True where exactly one operation reads the value once, and nobody else asks for it or waits for its operation.</summary>
    protected bool IsUsedOnce(Output before) => _uses.GetValueOrDefault(before) == 1 && !_fed.Contains(before) && !_awaited.Contains(before.Operation);

    /// <summary>True where nobody reads the value.</summary>
    protected bool IsUnused(Output before) => !_uses.ContainsKey(before);

    /// <summary>The elements of a value that is the same in every run; a damaged one is left to the run, whose error names the node.</summary>
    internal static bool TryConstant(Output value, [NotNullWhen(true)] out Tensor? constant)
    {
        Operation operation = value.Operation;
        try
        {
            constant = operation.ControlInputs.Count > 0 ? null : operation.Definition switch
            {
                FoldedConstant folded => folded.Value,
                ConstOp => operation.Attributes.Tensor("value"),
                _ => null,
            };
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            constant = null;
        }

        return constant is not null;
    }

    /// <summary>The elements of a value that is the same in every run and is not given for this one.</summary>
    protected bool TryKnown(Output value, [NotNullWhen(true)] out Tensor? constant)
    {
        constant = null;
        return !_fed.Contains(value) && TryConstant(value, out constant);
    }

    private Operation Now(Operation before) => _replaced.GetValueOrDefault(before, before);

    private void Count(PlanGraph graph)
    {
        _fed = graph.Fed;
        foreach (Output fetch in graph.Fetches)
            Use(fetch, 2); // Who asked for it counts as more than one reader: it must not vanish.
        foreach (Operation target in graph.Targets)
            _awaited.Add(target);
        foreach (Operation operation in graph.Operations)
        {
            foreach (Output input in operation.Inputs)
                Use(input, 1);
            foreach (Operation control in operation.ControlInputs)
                _awaited.Add(control);
        }

        void Use(Output output, int count) => _uses[output] = _uses.GetValueOrDefault(output) + count;
    }

    private Operation Behind(Operation before, bool copies)
    {
        bool changed = copies;
        foreach (Output input in before.Inputs)
            changed |= _values.ContainsKey(input);
        foreach (Operation control in before.ControlInputs)
            changed |= _replaced.ContainsKey(control);
        return changed ? before.Detached([.. before.Inputs.Select(Now)], [.. before.ControlInputs.Select(Now).Distinct()]) : before;
    }
}
