namespace NotebookPersist;

/// <summary>Adagrad by dual averaging: the variable follows from the sums of all gradients and of their squares.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.AdagradDAOptimizer</c>.</remarks>
public sealed class AdagradDAOptimizer : Optimizer
{
    private readonly ConstantInitializer _initial;
    private readonly Operand _learningRate;
    private readonly Variable _globalStep;
    private readonly double _l1;
    private readonly double _l2;
    private Output? _learningRateValue;
    private Output? _step;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="globalStep">Counts the steps; the same that is given to <see cref="Optimizer.Minimize"/>. DType: int64.</param>
    /// <param name="initialGradientSquaredAccumulatorValue">What the sums of squares start with; above 0.</param>
    /// <param name="l1">Strength of L1 regularisation.</param>
    /// <param name="l2">Strength of L2 regularisation.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialGradientSquaredAccumulatorValue"/> is not positive.</exception>
    public AdagradDAOptimizer(
        Operand learningRate,
        Variable globalStep,
        double initialGradientSquaredAccumulatorValue = 0.1,
        double l1 = 0,
        double l2 = 0,
        bool useLocking = false,
        string name = "AdagradDA")
        : base(name, useLocking)
    {
        ArgumentNullException.ThrowIfNull(globalStep);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialGradientSquaredAccumulatorValue);
        _initial = new ConstantInitializer(initialGradientSquaredAccumulatorValue);
        (_learningRate, _globalStep, _l1, _l2) = (learningRate, globalStep, l1, l2);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["gradient_accumulator", "gradient_squared_accumulator"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            ZerosSlot(variable, "gradient_accumulator");
            Slot(variable, "gradient_squared_accumulator", _initial);
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        using (graph.ColocateWith(_learningRateValue.Operation))
            _step = graph.Identity(_globalStep) + Tensor.Scalar(1L);
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient)
    {
        Graph graph = variable.Graph;
        Output step = graph.Identity(_step!); // Prepare has made it.
        return Update(
            kind + "AdagradDA",
            variable,
            null,
            [
                Target(variable),
                Target(RequiredSlot(variable, "gradient_accumulator")),
                Target(RequiredSlot(variable, "gradient_squared_accumulator")),
                .. gradient,
                As(_learningRateValue!, variable), // Prepare has made it.
                graph.Constant(_l1, variable.DType),
                graph.Constant(_l2, variable.DType),
                step,
            ]);
    }
}
