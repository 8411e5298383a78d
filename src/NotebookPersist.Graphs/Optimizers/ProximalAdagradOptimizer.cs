namespace NotebookPersist;

/// <summary>Takes Adagrad's step, then shrinks towards zero as L1 and L2 regularisation ask.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.ProximalAdagradOptimizer</c>.</remarks>
public sealed class ProximalAdagradOptimizer : Optimizer
{
    private readonly ConstantInitializer _initial;
    private readonly Operand _learningRate;
    private readonly Operand _l1;
    private readonly Operand _l2;
    private Output? _learningRateValue;
    private Output? _l1Value;
    private Output? _l2Value;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="initialAccumulatorValue">What the sums start with; above 0.</param>
    /// <param name="l1">Strength of L1 regularisation.</param>
    /// <param name="l2">Strength of L2 regularisation.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialAccumulatorValue"/> is not positive.</exception>
    public ProximalAdagradOptimizer(
        Operand learningRate, double initialAccumulatorValue = 0.1, double l1 = 0, double l2 = 0, bool useLocking = false, string name = "ProximalAdagrad")
        : base(name, useLocking)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialAccumulatorValue);
        _initial = new ConstantInitializer(initialAccumulatorValue);
        (_learningRate, _l1, _l2) = (learningRate, l1, l2);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["accumulator"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
            Slot(variable, "accumulator", _initial);
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        _l1Value = graph.Convert(_l1, name: "l1_regularization_strength");
        _l2Value = graph.Convert(_l2, name: "l2_regularization_strength");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient) => Update(
        kind + "ProximalAdagrad",
        variable,
        null,
        [
            Target(variable),
            Target(RequiredSlot(variable, "accumulator")),
            As(_learningRateValue!, variable), // Prepare has made all three.
            As(_l1Value!, variable),
            As(_l2Value!, variable),
            .. gradient,
        ]);
}
