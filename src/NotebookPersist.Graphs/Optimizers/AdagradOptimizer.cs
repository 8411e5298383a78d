namespace NotebookPersist;

/// <summary>Divides the step by the root of the sum of squared gradients.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.AdagradOptimizer</c>.</remarks>
public sealed class AdagradOptimizer : Optimizer
{
    private readonly ConstantInitializer _initial;
    private readonly Operand _learningRate;
    private Output? _learningRateValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="initialAccumulatorValue">What the sums start with; above 0.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialAccumulatorValue"/> is not positive.</exception>
    public AdagradOptimizer(
        Operand learningRate,
        double initialAccumulatorValue = 0.1,
        bool useLocking = false,
        string name = "Adagrad")
        : base(name, useLocking)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialAccumulatorValue);
        _learningRate = learningRate;
        _initial = new ConstantInitializer(initialAccumulatorValue);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["accumulator"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            Slot(variable, "accumulator", _initial);
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient) => Update(
        kind + "Adagrad",
        variable,
        null,
        [
            Target(variable),
            Target(RequiredSlot(variable, "accumulator")),
            As(_learningRateValue!, variable), // Prepare has made it.
            .. gradient,
        ]);
}
