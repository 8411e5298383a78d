namespace NotebookPersist;

/// <summary>Builds the nodes that change variables so that a loss falls.</summary>
/// <remarks>
/// One optimizer may train variables of several graphs; its slots are made once for each variable.
/// Thread safety: as the graphs that it builds in. Source: TensorFlow 1.15's <c>tf.train.Optimizer</c>, with its names of nodes and slots.
/// </remarks>
public abstract class Optimizer
{
    private readonly Dictionary<(Variable Variable, string Slot), Variable> _slots = [];
    private readonly Dictionary<(Graph Graph, string Name), Variable> _shared = [];

    /// <summary>Sets what slots and scopes are called by.</summary>
    /// <param name="name">Name of the scope of the update nodes, and of the slots under each variable.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    protected Optimizer(string name, bool useLocking)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, UseLocking) = (name, useLocking);
    }

    /// <summary>Name of the scope of the update nodes, and of the slots under each variable.</summary>
    public string Name { get; }

    /// <summary>The attribute that the update nodes carry for TensorFlow.</summary>
    public bool UseLocking { get; }

    /// <summary>Names of the kinds of slots that this optimizer keeps, in the order they are made.</summary>
    public abstract IReadOnlyList<string> SlotNames { get; }

    /// <summary>Variables of the optimizer itself in a graph, such as the powers of Adam, and all slots there.</summary>
    public IReadOnlyList<Variable> VariablesIn(Graph graph) =>
        [.. _shared.Where(s => s.Key.Graph == graph).Select(static s => s.Value).Concat(_slots.Values.Where(v => v.Graph == graph)).OrderBy(static v => v.Operation.Id)];

    /// <summary>The slot of a variable; null where it has none.</summary>
    public Variable? GetSlot(Variable variable, string slot) => _slots.TryGetValue((variable, slot), out Variable? found) && IsAlive(found) ? found : null;

    /// <summary>A node that runs one training step.</summary>
    /// <param name="loss">What is to fall; its elements count as a sum.</param>
    /// <param name="globalStep">Counts the steps; null for none.</param>
    /// <param name="varList">What to train; by default all trainable variables of the graph.</param>
    /// <param name="name">Name of the node; by default the optimizer's.</param>
    /// <exception cref="ArgumentException">There is nothing to train.</exception>
    /// <exception cref="GraphException">The loss depends on none of the variables, or an operation on the way has no gradient.</exception>
    public Operation Minimize(Output loss, Variable? globalStep = null, IReadOnlyList<Variable>? varList = null, string? name = null)
    {
        IReadOnlyList<GradientAndVariable> gradients = ComputeGradients(loss, varList);
        return gradients.Any(static g => g.Gradient is not null)
            ? ApplyGradients(gradients, globalStep, name)
            : throw new GraphException(
                $"No gradients provided for any variable, check your graph for ops that do not support gradients, between variables [{string.Join(", ", gradients.Select(static g => g.Variable))}] and loss {loss}.{Obstacles(loss)}",
                loss.Operation.Name,
                loss.Operation.Type);
    }

    /// <summary>Builds the gradients of a loss: the first half of <see cref="Minimize"/>.</summary>
    /// <param name="loss">What is to fall.</param>
    /// <param name="varList">What to train; by default all trainable variables of the graph.</param>
    /// <param name="gradLoss">What the loss's elements are weighted with; ones by default.</param>
    /// <param name="aggregationMethod">How several contributions to one gradient are summed.</param>
    /// <exception cref="ArgumentException">There is nothing to train, or the loss is no float.</exception>
    public virtual IReadOnlyList<GradientAndVariable> ComputeGradients(Output loss, IReadOnlyList<Variable>? varList = null, Output? gradLoss = null, AggregationMethod aggregationMethod = AggregationMethod.Default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (!loss.DType.IsFloating())
            throw new ArgumentException($"Invalid type {loss.DType.Name()} for {loss.Name}, expected: float16, bfloat16, float32, float64.", nameof(loss));
        IReadOnlyList<Variable> trained = varList is null
            ? loss.Graph.TrainableVariables()
            : [.. varList.SelectMany(static v => v is PartitionedVariable partitioned ? partitioned.Parts : [v])];
        if (trained.Count == 0)
            throw new ArgumentException("No variables to optimize.", nameof(varList));
        Output?[] gradients = loss.Graph.Gradients(
            [loss],
            [.. trained.Select(static v => v.Reference)],
            gradLoss is null ? null : [gradLoss],
            gateGradients: true,
            aggregationMethod: aggregationMethod);
        return [.. gradients.Zip(trained, static (g, v) => new GradientAndVariable(g, v))];
    }

    /// <summary>As of gradients in pairs with their variables, such as those of <c>Zip</c>.</summary>
    /// <inheritdoc cref="ApplyGradients(IEnumerable{GradientAndVariable}, Variable, string)"/>
    public Operation ApplyGradients(IEnumerable<(Output? Gradient, Variable Variable)> gradients, Variable? globalStep = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return ApplyGradients(gradients.Select(static g => new GradientAndVariable(g.Gradient, g.Variable)), globalStep, name);
    }

    /// <summary>Builds the node that changes the variables: the second half of <see cref="Minimize"/>.</summary>
    /// <param name="gradients">Gradients as they are, or clipped, with their variables.</param>
    /// <param name="globalStep">Counts the steps; null for none.</param>
    /// <param name="name">Name of the node; by default the optimizer's.</param>
    /// <exception cref="ArgumentException">No variable has a gradient.</exception>
    public virtual Operation ApplyGradients(IEnumerable<GradientAndVariable> gradients, Variable? globalStep = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        GradientAndVariable[] given = [.. gradients];
        if (given.Length == 0)
            throw new ArgumentException("No variables provided.", nameof(gradients));
        GradientAndVariable[] present = [.. given.Where(static g => g.Gradient is not null)];
        if (present.Length == 0)
            throw new ArgumentException($"No gradients provided for any variable: [{string.Join(", ", given.Select(static g => $"'{g.Variable}'"))}].", nameof(gradients));

        Graph graph = present[0].Variable.Graph;
        CreateSlots(graph, [.. present.Select(static p => p.Variable)]);
        Operation step;
        using (NameScope scope = graph.NameScope(name ?? Name))
        {
            Prepare(graph);
            var updates = new List<Operation>();
            foreach ((Output? gradient, Variable variable) in present)
            {
                using (graph.NameScope("update_" + variable.OperationName))
                using (graph.ColocateWith(variable.Operation))
                    updates.Add(gradient!.Slices is { } slices ? ApplySlices(variable, slices) : Apply(variable, gradient)); // Only those with a gradient are present.
            }

            if (globalStep is null)
            {
                step = Finish(graph, updates, scope.Name);
            }
            else
            {
                using (graph.ControlDependencies(Finish(graph, updates, "update")))
                using (graph.ColocateWith(globalStep.Operation))
                    step = CountStep(globalStep, scope.Name);
            }
        }

        if (!graph.GetCollection(GraphKeys.TrainOp).Contains(step))
            graph.AddToCollection(GraphKeys.TrainOp, step);
        return step;
    }

    /// <summary>Makes the slots of the variables, where they do not exist yet.</summary>
    private protected abstract void CreateSlots(Graph graph, IReadOnlyList<Variable> variables);

    /// <summary>Makes the constants that all updates take, in the scope of the optimizer.</summary>
    private protected abstract void Prepare(Graph graph);

    /// <summary>Makes the node that changes one variable.</summary>
    private protected abstract Operation Apply(Variable variable, Output gradient);

    /// <summary>Makes the node that changes the rows of one variable that have a gradient; rows of one place are summed before.</summary>
    private protected virtual Operation ApplySlices(Variable variable, IndexedSlices gradient) => ApplyDistinct(variable, gradient.Distinct());

    /// <summary>The same for rows of which each comes once.</summary>
    private protected abstract Operation ApplyDistinct(Variable variable, IndexedSlices gradient);

    /// <summary>Makes the node that stands for all updates.</summary>
    private protected virtual Operation Finish(Graph graph, IReadOnlyList<Operation> updates, string name) => graph.Group([.. updates], name);

    /// <summary>Makes a slot of zeros.</summary>
    private protected void ZerosSlot(Variable variable, string slot, string? name = null) => Slot(variable, slot, new ZerosInitializer(), name);

    /// <summary>Makes a slot of the variable's shape, which lives with it.</summary>
    private protected void Slot(Variable variable, string slot, IInitializer initializer, string? name = null)
    {
        if (GetSlot(variable, slot) is not null)
            return;
        Graph graph = variable.Graph;
        using (graph.UniqueVariableScope($"{variable.OperationName}/{name ?? Name}"))
        using (graph.ColocateWith(variable.Operation))
            _slots[(variable, slot)] = graph.GetVariable("", variable.Shape, variable.DType, initializer, trainable: false, useResource: variable.IsResource);
    }

    /// <summary>The slot of a variable, which <see cref="CreateSlots"/> made.</summary>
    private protected Variable RequiredSlot(Variable variable, string slot) =>
        GetSlot(variable, slot) ?? throw new InvalidOperationException($"Optimizer '{Name}' has no slot '{slot}' for '{variable.Name}'.");

    /// <summary>A scalar variable of the optimizer itself in a graph, which lives with one of the trained variables.</summary>
    private protected Variable Shared(string name, Operand initialValue, Variable with)
    {
        (Graph, string) key = (with.Graph, name);
        if (_shared.TryGetValue(key, out Variable? existing) && IsAlive(existing))
            return existing;
        using (with.Graph.ColocateWith(with.Operation))
            return _shared[key] = with.Graph.Variable(initialValue, name, trainable: false, useResource: with.IsResource);
    }

    /// <summary>The shared variable of a name.</summary>
    private protected Variable RequiredShared(Graph graph, string name) => _shared[(graph, name)];

    /// <summary>A hyperparameter in the type of a variable.</summary>
    private protected static Output As(Output value, Variable variable) => value.DType == variable.DType ? value : value.Graph.Cast(value, variable.DType);

    /// <summary>The handle of a variable as an input of its update.</summary>
    private protected static Operand Target(Variable variable) => variable.Reference;

    /// <summary>Makes an update node: of the operation for references, or the one for resources.</summary>
    private protected Operation Update(string operation, Variable variable, bool? useNesterov, params ReadOnlySpan<Operand> inputs)
    {
        var attributes = new Graphs.OpModel.AttributeList { { "use_locking", UseLocking } };
        if (useNesterov is { } nesterov)
            attributes.Add("use_nesterov", nesterov);
        return variable.Graph.AddOperation(variable.IsResource ? "Resource" + operation : operation, variable.IsResource ? "Resource" + operation : operation, attributes, inputs);
    }

    // After a notebook cell was run again, variables of its last run are gone.
    private static bool IsAlive(Variable variable) => variable.Graph.TryGetOperation(variable.OperationName, out Operation? operation) && operation == variable.Operation;

    private static Operation CountStep(Variable globalStep, string name)
    {
        Graph graph = globalStep.Graph;
        if (globalStep.IsResource)
            return graph.AddOperation("AssignAddVariableOp", name, null, globalStep.Reference, graph.Constant(1, globalStep.DType, name: "value"));
        return graph.AddOperation("AssignAdd", name, null, globalStep.Reference, 1);
    }

    // The nearest operations behind the loss through which no gradient flows, with their reasons.
    private static string Obstacles(Output loss)
    {
        var seen = new HashSet<Operation>();
        var queue = new Queue<Operation>([loss.Operation]);
        var found = new List<string>();
        while (queue.TryDequeue(out Operation? operation) && found.Count < 3)
        {
            if (!seen.Add(operation))
                continue;
            if (operation.Inputs.Count > 0 && operation.Definition is { Gradient: { IsDifferentiable: false, Reason: { } reason } })
            {
                found.Add($"'{operation.Name}' ({operation.Type}): {reason}");
                continue;
            }

            foreach (Output input in operation.Inputs)
                queue.Enqueue(input.Operation);
        }

        return found.Count == 0 ? "" : $" No gradient flows through {string.Join("; ", found)}.";
    }
}
