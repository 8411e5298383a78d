namespace NotebookPersist;

/// <summary>Steps against the gradient, then shrinks towards zero as L1 and L2 regularisation ask.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.ProximalGradientDescentOptimizer</c>; it keeps no slots.</remarks>
public sealed class ProximalGradientDescentOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private readonly Operand _l1;
    private readonly Operand _l2;
    private Output? _learningRateValue;
    private Output? _l1Value;
    private Output? _l2Value;

    /// <summary>Sets the step size and the regularisation.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="l1">Strength of L1 regularisation.</param>
    /// <param name="l2">Strength of L2 regularisation.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes.</param>
    public ProximalGradientDescentOptimizer(Operand learningRate, double l1 = 0, double l2 = 0, bool useLocking = false, string name = "ProximalGradientDescent")
        : base(name, useLocking)
    {
        (_learningRate, _l1, _l2) = (learningRate, l1, l2);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => [];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        // It remembers nothing.
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
        kind + "ProximalGradientDescent",
        variable,
        null,
        [Target(variable), As(_learningRateValue!, variable), As(_l1Value!, variable), As(_l2Value!, variable), .. gradient]); // Prepare has made all three.
}
