namespace NotebookPersist;

/// <summary>Scales the step by the ratio of the roots of mean squared updates and gradients.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.AdadeltaOptimizer</c>.</remarks>
public sealed class AdadeltaOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private readonly Operand _rho;
    private readonly Operand _epsilon;
    private Output? _learningRateValue;
    private Output? _rhoValue;
    private Output? _epsilonValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes. 0.001 by default.</param>
    /// <param name="rho">Decay of the means; 0.95 by default.</param>
    /// <param name="epsilon">Added under the roots; 1e-8 by default.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    public AdadeltaOptimizer(
        Operand? learningRate = null,
        Operand? rho = null,
        Operand? epsilon = null,
        bool useLocking = false,
        string name = "Adadelta")
        : base(name, useLocking)
    {
        _learningRate = learningRate ?? 0.001;
        _rho = rho ?? 0.95;
        _epsilon = epsilon ?? 1e-8;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["accum", "accum_update"];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            ZerosSlot(variable, "accum");
            ZerosSlot(variable, "accum_update");
        }
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "lr");
        _rhoValue = graph.Convert(_rho, name: "rho");
        _epsilonValue = graph.Convert(_epsilon, name: "epsilon");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Apply(variable, "Apply", gradient);

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => Apply(variable, "SparseApply", gradient.Values, gradient.Indices);

    private Operation Apply(Variable variable, string kind, params ReadOnlySpan<Operand> gradient) => Update(
        kind + "Adadelta",
        variable,
        null,
        [
            Target(variable),
            Target(RequiredSlot(variable, "accum")),
            Target(RequiredSlot(variable, "accum_update")),
            As(_learningRateValue!, variable), // Prepare has made all three.
            As(_rhoValue!, variable),
            As(_epsilonValue!, variable),
            .. gradient,
        ]);
}
