namespace NotebookPersist;

/// <summary>Follows the regularised leader.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.FtrlOptimizer</c>.</remarks>
public sealed class FtrlOptimizer : Optimizer
{
    private readonly double _initial;
    private readonly bool _shrinks;
    private readonly string? _accumulatorName;
    private readonly string? _linearName;
    private readonly Operand _learningRate;
    private readonly Operand _l1;
    private readonly Operand _l2;
    private readonly Operand _l2Shrinkage;
    private readonly Operand _learningRatePower;
    private Output? _learningRateValue;
    private Output? _l1Value;
    private Output? _l2Value;
    private Output? _l2ShrinkageValue;
    private Output? _learningRatePowerValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="learningRatePower">How the rate falls; not positive.</param>
    /// <param name="initialAccumulatorValue">What the sums of squares start with; not negative.</param>
    /// <param name="l1">Strength of L1 regularisation; not negative.</param>
    /// <param name="l2">Strength of L2 regularisation; not negative.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    /// <param name="accumulatorName">Name of the slots of squares; by default the optimizer's.</param>
    /// <param name="linearName">Name of the linear slots; by default the optimizer's.</param>
    /// <param name="l2Shrinkage">Strength of L2 shrinkage; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public FtrlOptimizer(
        Operand learningRate,
        double learningRatePower = -0.5,
        double initialAccumulatorValue = 0.1,
        double l1 = 0,
        double l2 = 0,
        bool useLocking = false,
        string name = "Ftrl",
        string? accumulatorName = null,
        string? linearName = null,
        double l2Shrinkage = 0)
        : base(name, useLocking)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialAccumulatorValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(learningRatePower, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(l1);
        ArgumentOutOfRangeException.ThrowIfNegative(l2);
        ArgumentOutOfRangeException.ThrowIfNegative(l2Shrinkage);
        _learningRate = learningRate;
        _l1 = l1;
        _l2 = l2;
        _l2Shrinkage = l2Shrinkage;
        _learningRatePower = learningRatePower;
        _initial = initialAccumulatorValue;
        _shrinks = l2Shrinkage > 0;
        (_accumulatorName, _linearName) = (accumulatorName, linearName);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["accum", "linear"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            Slot(variable, "accum", new ConstantInitializer(_initial), _accumulatorName);
            ZerosSlot(variable, "linear", _linearName);
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        _l1Value = graph.Convert(_l1, name: "l1_regularization_strength");
        _l2Value = graph.Convert(_l2, name: "l2_regularization_strength");
        _l2ShrinkageValue = graph.Convert(_l2Shrinkage, name: "l2_shrinkage_regularization_strength");
        _learningRatePowerValue = graph.Convert(_learningRatePower, name: "learning_rate_power");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient)
    {
        Operand[] shrinkage = _shrinks ? [As(_l2ShrinkageValue!, variable)] : []; // Prepare has made all five.
        return Update(
            kind + (_shrinks ? "FtrlV2" : "Ftrl"),
            variable,
            null,
            [
                Target(variable),
                Target(RequiredSlot(variable, "accum")),
                Target(RequiredSlot(variable, "linear")),
                .. gradient,
                As(_learningRateValue!, variable),
                As(_l1Value!, variable),
                As(_l2Value!, variable),
                .. shrinkage,
                As(_learningRatePowerValue!, variable),
            ]);
    }
}
