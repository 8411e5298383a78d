namespace NotebookPersist;

/// <summary>Steps along a decaying sum of gradients.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.MomentumOptimizer</c>.</remarks>
public sealed class MomentumOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private readonly Operand _momentum;
    private Output? _learningRateValue;
    private Output? _momentumValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="momentum">What part of the sum is kept.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    /// <param name="useNesterov">Looks one step ahead (Nesterov).</param>
    public MomentumOptimizer(
        Operand learningRate,
        Operand momentum,
        bool useLocking = false,
        string name = "Momentum",
        bool useNesterov = false)
        : base(name, useLocking)
    {
        _learningRate = learningRate;
        _momentum = momentum;
        UseNesterov = useNesterov;
    }

    /// <summary>True where the step looks one ahead.</summary>
    public bool UseNesterov { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["momentum"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            ZerosSlot(variable, "momentum");
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        _momentumValue = graph.Convert(_momentum, name: "momentum");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient) => Update(
        kind + "Momentum",
        variable,
        UseNesterov,
        [
            Target(variable),
            Target(RequiredSlot(variable, "momentum")),
            As(_learningRateValue!, variable), // Prepare has made both.
            .. gradient,
            As(_momentumValue!, variable),
        ]);
}
