namespace NotebookPersist;

/// <summary>Steps against the gradient.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.GradientDescentOptimizer</c>.</remarks>
public sealed class GradientDescentOptimizer : Optimizer
{
    private readonly Operand _learningRate;
    private Output? _learningRateValue;

    /// <summary>Sets the step size and how it is shaped.</summary>
    /// <param name="learningRate">Step size: a number, or a value that a schedule computes.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Name of the scope of the update nodes and of the slots.</param>
    public GradientDescentOptimizer(
        Operand learningRate,
        bool useLocking = false,
        string name = "GradientDescent")
        : base(name, useLocking)
    {
        _learningRate = learningRate;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => [];

    private protected override void CreateSlots(Graph graph, IReadOnlyList<Variable> variables)
    {
        // Plain gradient descent remembers nothing.
    }

    private protected override void Prepare(Graph graph)
    {
        _learningRateValue = graph.Convert(_learningRate, name: "learning_rate");
    }

    private protected override Operation Apply(Variable variable, Output gradient) => Update(
        "ApplyGradientDescent",
        variable,
        null,
        Target(variable),
        As(_learningRateValue!, variable), // Prepare has made it.
        gradient);

    // Rows of one place are subtracted one after the other; summing them first would change nothing.
    private protected override Operation ApplySlices(Variable variable, IndexedSlices gradient)
    {
        Graph graph = variable.Graph;
        if (variable.IsResource)
        {
            return graph.AddOperation("ResourceScatterAdd", null, null, variable.Reference, gradient.Indices, -gradient.Values * _learningRate);
        }

        IndexedSlices delta = gradient.With(gradient.Values * As(_learningRateValue!, variable)); // Prepare has made it.
        return variable.ScatterSub(delta, UseLocking).Operation;
    }

    private protected override Operation ApplyDistinct(Variable variable, IndexedSlices gradient) => ApplySlices(variable, gradient);
}
