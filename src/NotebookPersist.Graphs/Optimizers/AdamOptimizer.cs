namespace NotebookPersist;

/// <summary>Steps by decaying means of the gradient and of its square.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.AdamOptimizer</c>.</remarks>
public sealed class AdamOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private readonly Operand _beta1;
    private readonly Operand _beta2;
    private readonly Operand _epsilon;
    private Output? _learningRateValue;
    private Output? _beta1Value;
    private Output? _beta2Value;
    private Output? _epsilonValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes. 0.001 by default.</param>
    /// <param name="beta1">Decay of the mean gradient; 0.9 by default.</param>
    /// <param name="beta2">Decay of the mean square; 0.999 by default.</param>
    /// <param name="epsilon">Added to the divisor; 1e-8 by default.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    public AdamOptimizer(
        Operand? learningRate = null,
        Operand? beta1 = null,
        Operand? beta2 = null,
        Operand? epsilon = null,
        bool useLocking = false,
        string name = "Adam")
        : base(name, useLocking)
    {
        _learningRate = learningRate ?? 0.001;
        _beta1 = beta1 ?? 0.9;
        _beta2 = beta2 ?? 0.999;
        _epsilon = epsilon ?? 1e-8;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["m", "v"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        // The powers live with one variable, the same whatever order they come in.
        Variable first = variables.MinBy(static v => v.Name, StringComparer.Ordinal)!; // There is at least one.
        Shared("beta1_power", _beta1, first);
        Shared("beta2_power", _beta2, first);
        foreach (Variable variable in variables)
        {
            ZerosSlot(variable, "m");
            ZerosSlot(variable, "v");
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        _beta1Value = graph.Convert(_beta1, name: "beta1");
        _beta2Value = graph.Convert(_beta2, name: "beta2");
        _epsilonValue = graph.Convert(_epsilon, name: "epsilon");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Update(
        "ApplyAdam",
        variable,
        null,
        Target(variable),
        Target(RequiredSlot(variable, "m")),
        Target(RequiredSlot(variable, "v")),
        As(RequiredShared(variable.Graph, "beta1_power").Value, variable),
        As(RequiredShared(variable.Graph, "beta2_power").Value, variable),
        As(_learningRateValue!, variable),
        As(_beta1Value!, variable),
        As(_beta2Value!, variable),
        As(_epsilonValue!, variable),
        gradient);

    // There is no kernel for rows: the means decay everywhere, and rows are added to them; so every row of the variable moves.
    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient)
    {
        Graph graph = variable.Graph;
        Output beta1Power = As(RequiredShared(graph, "beta1_power").Value, variable);
        Output beta2Power = As(RequiredShared(graph, "beta2_power").Value, variable);
        Output learningRate = As(_learningRateValue!, variable); // Prepare has made all four.
        Output beta1 = As(_beta1Value!, variable);
        Output beta2 = As(_beta2Value!, variable);
        Output epsilon = As(_epsilonValue!, variable);
        Output rate = learningRate * graph.Sqrt(1.0 - beta2Power) / (1.0 - beta1Power);
        Output mean = Decayed(RequiredSlot(variable, "m"), beta1, gradient.With(gradient.Values * (1.0 - beta1)));
        Output square = Decayed(RequiredSlot(variable, "v"), beta2, gradient.With(gradient.Values * gradient.Values * (1.0 - beta2)));
        Output root = graph.Sqrt(square);
        Operation update = variable.AssignSub(rate * mean / (root + epsilon), UseLocking).Operation;
        return graph.Group([update, mean.Operation, square.Operation]);
    }

    private Output Decayed(Variable slot, Output decay, IndexedSlices added)
    {
        Graph graph = slot.Graph;
        Output decayed = slot.IsResource ? slot.Assign(slot * decay) : graph.Assign(slot.Reference, slot * decay, useLocking: UseLocking);
        using (graph.ControlDependencies(decayed.Operation))
            return slot.ScatterAdd(added, UseLocking);
    }

    private protected override Operation Finish(Graph graph, IReadOnlyList<Operation> updates, string name)
    {
        Variable power1 = RequiredShared(graph, "beta1_power");
        Variable power2 = RequiredShared(graph, "beta2_power");
        var all = new List<Operation>(updates);
        using (graph.ControlDependencies([.. updates]))
        using (graph.ColocateWith(power1.Operation))
        {
            all.Add(Raise(graph, power1, _beta1Value!)); // Prepare has made it.
            all.Add(Raise(graph, power2, _beta2Value!));
        }

        return graph.Group([.. all], name);
    }

    private Operation Raise(Graph graph, Variable power, Output factor)
    {
        Output raised = graph.Multiply(power, factor, "mul");
        return power.IsResource ? graph.AssignVariableOp(power.Reference, raised) : graph.Assign(power.Reference, raised, useLocking: UseLocking).Operation;
    }
}
