namespace NotebookPersist;

/// <summary>Divides the step by the root of a decaying mean of squared gradients.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.RMSPropOptimizer</c>.</remarks>
public sealed class RMSPropOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private readonly Operand _decay;
    private readonly Operand _momentum;
    private readonly Operand _epsilon;
    private Output? _learningRateValue;
    private Output? _decayValue;
    private Output? _momentumValue;
    private Output? _epsilonValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="decay">Decay of the mean square; 0.9 by default.</param>
    /// <param name="momentum">What part of the last step is kept; 0 by default.</param>
    /// <param name="epsilon">Added under the root; 1e-10 by default.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="centered">Divides by the variance instead of the mean square.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    public RMSPropOptimizer(
        Operand learningRate,
        Operand? decay = null,
        Operand? momentum = null,
        Operand? epsilon = null,
        bool useLocking = false,
        bool centered = false,
        string name = "RMSProp")
        : base(name, useLocking)
    {
        _learningRate = learningRate;
        _decay = decay ?? 0.9;
        _momentum = momentum ?? 0.0;
        _epsilon = epsilon ?? 1e-10;
        IsCentered = centered;
    }

    /// <summary>True where the mean gradient is taken off.</summary>
    public bool IsCentered { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => [.. IsCentered ? (string[])["rms", "mg", "momentum"] : ["rms", "momentum"]];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            Slot(variable, "rms", new OnesInitializer());
            if (IsCentered)
                ZerosSlot(variable, "mg");
            ZerosSlot(variable, "momentum");
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
        _decayValue = graph.Convert(_decay, name: "decay");
        _momentumValue = graph.Convert(_momentum, name: "momentum");
        _epsilonValue = graph.Convert(_epsilon, name: "epsilon");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient)
    {
        Operand[] slots = IsCentered
            ? [Target(RequiredSlot(variable, "mg")), Target(RequiredSlot(variable, "rms"))]
            : [Target(RequiredSlot(variable, "rms"))];
        return Update(
            kind + (IsCentered ? "CenteredRMSProp" : "RMSProp"),
            variable,
            null,
            [
                Target(variable),
                .. slots,
                Target(RequiredSlot(variable, "momentum")),
                As(_learningRateValue!, variable), // Prepare has made all four.
                As(_decayValue!, variable),
                As(_momentumValue!, variable),
                As(_epsilonValue!, variable),
                .. gradient,
            ]);
    }
}
