using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Graphs.Gradients.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Graphs.Gradients;

/// <summary>Builds derivatives backwards through a graph, from values to what they are made of.</summary>
/// <remarks>Works along queues, so that the depth of a graph does not matter.</remarks>
internal sealed class GradientBuilder
{
    private readonly Graph _graph;
    private readonly IReadOnlyList<Output> _ys;
    private readonly IReadOnlyList<Output> _xs;
    private readonly bool _gate;
    private readonly AggregationMethod _aggregation;

    // Consumers between xs and ys that have not yet given their gradient.
    private readonly Dictionary<Operation, int> _pending = [];
    private readonly HashSet<Operation> _between = [];
    private readonly List<Operation> _betweenInOrder = [];
    private readonly HashSet<Operation> _stopped = [];
    private readonly Dictionary<Output, List<Output>> _arrived = [];
    private readonly Dictionary<Output, Output> _sums = [];
    private LoopState? _loops;

    public GradientBuilder(Graph graph, IReadOnlyList<Output> ys, IReadOnlyList<Output> xs, IReadOnlyList<Output> stopGradients, bool gate, AggregationMethod aggregation)
    {
        (_graph, _ys, _xs, _gate, _aggregation) = (graph, ys, xs, gate, aggregation);
        foreach (Output output in ys.Concat(xs).Concat(stopGradients))
        {
            if (output.Graph != graph)
                throw new GraphException($"Tensor {output} is not of the graph in which its gradient is asked for.", output.Operation.Name, output.Operation.Type);
        }

        FindBetween();
        FindLoops();
        CountPending();
        foreach (Operation operation in _xs.Select(static x => x.Operation))
        {
            if (!operation.Inputs.Any(i => _pending.GetValueOrDefault(i.Operation) > 0))
                _stopped.Add(operation);
        }

        _stopped.UnionWith(stopGradients.Select(static s => s.Operation));
    }

    public Output?[] Build(IReadOnlyList<Output?>? gradYs)
    {
        for (int i = 0; i < _ys.Count; i++)
            Add(_ys[i], Seed(i, gradYs?[i]));

        var queue = new Queue<Operation>();
        var begun = new HashSet<Operation>();
        foreach (Operation operation in _ys.Select(static y => y.Operation).Distinct())
        {
            if (_between.Contains(operation) && _pending.GetValueOrDefault(operation) == 0 && begun.Add(operation))
                queue.Enqueue(operation);
        }

        foreach (Output exit in _loops?.UnusedExits(_pending, begun) ?? [])
            EnqueueUnused(exit, queue);
        while (queue.TryDequeue(out Operation? operation))
        {
            Propagate(operation);
            foreach (Output input in operation.Inputs)
            {
                if (_pending.ContainsKey(input.Operation))
                    NoteDone(input, queue);
            }
        }

        _loops?.Finish();
        // An x that ys are given as, or whose operation was never reached, has its sum still to be made.
        return [.. _xs.Select(x => _between.Contains(x.Operation) ? Sum(x) : null)];
    }

    private static bool IsTrainable(DType type) => type is DType.Float16 or DType.Float32 or DType.Float64
        or DType.Complex64 or DType.Complex128 or DType.Resource or DType.Variant;

    private static bool CarriesGradient(Output output) => IsTrainable(output.DType) || output.DType == DType.BFloat16;

    // Forwards from xs, then backwards from ys: what both reach.
    private void FindBetween()
    {
        var reached = new HashSet<Operation>();
        var queue = new Queue<Operation>(_xs.Select(static x => x.Operation));
        while (queue.TryDequeue(out Operation? operation))
        {
            if (!reached.Add(operation))
                continue;
            foreach (Operation consumer in operation.Outputs.Where(CarriesGradient).SelectMany(static o => o.Consumers))
                queue.Enqueue(consumer);
        }

        foreach (Output y in _ys)
            queue.Enqueue(y.Operation);
        while (queue.TryDequeue(out Operation? operation))
        {
            if (!reached.Contains(operation) || !_between.Add(operation))
                continue;
            _betweenInOrder.Add(operation);
            foreach (Output input in operation.Inputs)
                queue.Enqueue(input.Operation);
        }

    }

    // Gradients of loops are loops of their own, which go back through all that the loop gives.
    private void FindLoops()
    {
        Operation[] exits = [.. _betweenInOrder.Where(ControlFlowContext.IsLoopExit)];
        if (Array.Exists(exits, static e => e.Context is null))
            ImportedLoops.Recognize(_graph);
        foreach (Operation exit in exits)
        {
            _loops ??= new LoopState(_graph);
            foreach (Output other in _loops.Add(exit))
                _between.Add(other.Operation);
        }
    }

    private void CountPending()
    {
        foreach (Operation input in _between.SelectMany(static o => o.Inputs).Select(static i => i.Operation))
        {
            if (_between.Contains(input))
                _pending[input] = _pending.GetValueOrDefault(input) + 1;
        }
    }

    private Output Seed(int index, Output? given)
    {
        Output y = _ys[index];
        string name = $"grad_ys_{index}";
        if (given is not null)
        {
            return y.DType.IsComplex() == given.DType.IsComplex()
                ? _graph.Identity(given, name)
                : throw new ArgumentException($"Gradient type {given.DType.Name()} was given for tensor {y} of type {y.DType.Name()}: both must be real, or both complex.");
        }

        if (y.DType.IsComplex())
            throw new ArgumentException($"Gradients of complex tensors must set grad_ys (y.dtype = {y.DType.Name()}): '{y.Name}'.");
        if (!y.DType.IsFloating() && !y.DType.IsInteger())
            throw new ArgumentException($"Tensor {y} with type {y.DType.Name()} must be numeric to obtain a default gradient.");
        Output shape = _graph.Shape(y);
        Output one = _graph.Constant(1, y.DType, name: name);
        return _graph.Fill(shape, one);
    }

    // One consumer less of an operation's results has still to give its gradient.
    private void NoteDone(Output result, Queue<Operation> queue)
    {
        Operation operation = result.Operation;
        int left = --_pending[operation];
        // A loop's Switch is visited when its Exit is done, and again when the body is.
        if (left != 0 && !(_loops is not null && left > 0 && ControlFlowContext.IsLoopSwitch(operation)))
            return;
        if (ControlFlowContext.IsLoopExit(operation) && _loops?.Of(operation, arriving: false) is { } loop)
            Defer(result, loop, queue);
        else
            queue.Enqueue(operation);
    }

    // A loop is gone back through once the gradients of all that it gives are there.
    private void Defer(Output exit, LoopGradient loop, Queue<Operation> queue)
    {
        loop.DeferredExits.Add(exit);
        if (--loop.PendingExits > 0)
            return;
        bool any = false;
        foreach (Output deferred in loop.DeferredExits)
        {
            if (_arrived.ContainsKey(deferred))
            {
                any = true;
                queue.Enqueue(deferred.Operation);
            }
            else
            {
                loop.UnusedExits.Add(deferred);
            }
        }

        foreach (Output unused in loop.UnusedExits)
        {
            if (any)
                EnqueueUnused(unused, queue);
            else
                queue.Enqueue(unused.Operation);
        }
    }

    private void EnqueueUnused(Output exit, Queue<Operation> queue)
    {
        if (IsTrainable(exit.DType))
            Add(exit, _loops!.ZerosForExit(exit)); // Exits are deferred for loops only.
        queue.Enqueue(exit.Operation);
    }

    private void Propagate(Operation operation)
    {
        Output?[] dy = Within(operation, arriving: true, () => operation.Outputs.Select(Sum).ToArray());
        if (Array.TrueForAll(dy, static d => d is null) || _stopped.Contains(operation) || RuleOf(operation) is not { } rule)
            return;
        Within(operation, arriving: false, () =>
        {
            Propagate(operation, rule, dy);
            return true;
        });
    }

    private T Within<T>(Operation operation, bool arriving, Func<T> build) =>
        _loops is null ? build() : _loops.Within(_loops.Of(operation, arriving), build);

    private void Propagate(Operation operation, GradientRule rule, Output?[] dy)
    {
        var arrived = Array.ConvertAll(dy, static d => d is not null);
        for (int i = 0; i < dy.Length; i++)
        {
            if (dy[i] is null && IsTrainable(operation.Outputs[i].DType) && ResourceVariables.IsTyped(operation.Outputs[i]))
                dy[i] = _loops is null ? LoopState.ZerosOutside(operation, i) : _loops.Zeros(operation, i);
        }

        using (_graph.NameScope(operation.Name + "_grad"))
        {
            Output?[] dx = rule.Build(new GradientContext(operation, dy, arrived));
            if (dx.Length != operation.Inputs.Count)
                throw new GraphException($"Num gradients {dx.Length} generated for op '{operation.Name}' ({operation.Type}) do not match num inputs {operation.Inputs.Count}.", operation.Name, operation.Type);
            if (_gate && dx.Count(static d => d is not null) > 1)
                dx = Gated(dx);
            for (int i = 0; i < dx.Length; i++)
            {
                if (dx[i] is { } gradient)
                    Deliver(operation, i, gradient);
            }
        }
    }

    private GradientRule? RuleOf(Operation operation)
    {
        Op? definition = operation.Definition;
        string type = operation.Type;
        if (operation.Attributes.Contains("_gradient_op_type"))
        {
            type = operation.Attributes.String("_gradient_op_type");
            _ = _graph.Registry.TryGet(type, out definition);
        }

        if (definition is null)
        {
            throw new GraphException(
                $"No gradient defined for operation '{operation.Name}' (op type: {type}). It lies on the way from '{_ys[0].Operation.Name}': {WayTo(operation)}. Stop the gradient before it, or train what does not pass through it.",
                operation.Name,
                operation.Type);
        }

        return definition.Gradient.IsDifferentiable ? definition.Gradient : null;
    }

    private void Deliver(Operation operation, int index, Output gradient)
    {
        Output input = operation.Inputs[index];
        if (input.DType != DType.Resource)
        {
            if (!gradient.Shape.IsCompatibleWith(input.Shape))
            {
                throw new GraphException(
                    $"Incompatible shapes between op input and calculated input gradient. Forward operation: {operation.Name}. Input index: {index}. Original input shape: {input.Shape.ToPythonString()}. Calculated input gradient shape: {gradient.Shape.ToPythonString()}.",
                    operation.Name,
                    operation.Type);
            }

            gradient.SetShape(input.Shape);
        }

        Add(input, gradient);
    }

    private Output?[] Gated(Output?[] gradients)
    {
        using (_graph.NameScope("tuple"))
        {
            Operation[] operations = [.. gradients.OfType<Output>().Select(static g => (g.Slices?.Values ?? g).Operation).Distinct().OrderBy(static o => o.Id)];
            Operation gate = _graph.Group(operations);
            return Array.ConvertAll(gradients, g => g is null ? null : After(gate, g));
        }
    }

    private Output After(Operation gate, Output gradient)
    {
        if (gradient.Slices is { } slices)
            return slices.With(After(gate, slices.Values)).ToDense();
        using (_graph.ColocateWith(gradient.Operation))
        using (_graph.ControlDependencies(gate))
            return _graph.Identity(gradient, "control_dependency");
    }

    private void Add(Output output, Output gradient)
    {
        if (!_arrived.TryGetValue(output, out List<Output>? gradients))
            _arrived.Add(output, gradients = []);
        gradients.Add(gradient);
    }

    private Output? Sum(Output output)
    {
        if (_sums.TryGetValue(output, out Output? sum))
            return sum;
        if (!_arrived.TryGetValue(output, out List<Output>? gradients))
            return null;
        if (gradients.Count == 1)
        {
            sum = gradients[0];
        }
        else
        {
            sum = gradients.Exists(static g => g.Slices is not null) ? IndexedSlices.Sum(_graph, gradients).ToDense() : SumOf(output, gradients);
        }

        _sums.Add(output, sum);
        return sum;
    }

    private Output SumOf(Output output, List<Output> gradients)
    {
        switch (_aggregation)
        {
            case AggregationMethod.ExperimentalTree:
                using (_graph.NameScope(output.Operation.Name + "_gradient_sum"))
                    return gradients.Aggregate((sum, next) => _graph.AddN([sum, next]));
            case AggregationMethod.ExperimentalAccumulateN when gradients.Count > 2 && gradients.TrueForAll(static g => g.Shape.IsFullyKnown):
                return _graph.AccumulateN([.. gradients.Select(static g => (Operand)g)]);
            default:
                using (_graph.ColocateWith(gradients[0].Operation))
                    return _graph.AddN([.. gradients.Select(static g => (Operand)g)]);
        }
    }

    // The shortest way from any of ys back to an operation.
    private string WayTo(Operation target)
    {
        var next = new Dictionary<Operation, Operation?> { [target] = null };
        var queue = new Queue<Operation>();
        queue.Enqueue(target);
        var ends = _ys.Select(static y => y.Operation).ToHashSet();
        while (queue.TryDequeue(out Operation? operation))
        {
            if (ends.Contains(operation))
            {
                var way = new List<string>();
                for (Operation? o = operation; o is not null; o = next[o])
                    way.Add($"'{o.Name}'");
                return string.Join(" <- ", way.Count <= 8 ? way : [.. way.Take(4), "...", .. way.TakeLast(3)]);
            }

            foreach (Operation consumer in operation.Outputs.SelectMany(static o => o.Consumers).Where(_between.Contains))
            {
                if (next.TryAdd(consumer, operation))
                    queue.Enqueue(consumer);
            }
        }

        return $"'{target.Name}'";
    }
}
