namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A learning rate that shrinks by a factor every so many steps.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="decaySteps">Steps after which the rate has shrunk by <paramref name="decayRate"/>.</param>
    /// <param name="decayRate">The factor.</param>
    /// <param name="staircase">True shrinks it at those steps only, not in between.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>learningRate * decayRate ^ (globalStep / decaySteps). Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.exponential_decay</c>.</remarks>
    public static Output ExponentialDecay(
        this Graph graph,
        Operand learningRate,
        Operand globalStep,
        Operand decaySteps,
        Operand decayRate,
        bool staircase = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "ExponentialDecay");
        Output rate = graph.Convert(learningRate, name: "learning_rate");
        Output steps = graph.Cast(decaySteps, rate.DType);
        Output factor = graph.Cast(decayRate, rate.DType);
        Output periods = graph.Divide(graph.Cast(globalStep, rate.DType), steps, "truediv");
        if (staircase)
            periods = graph.AddOperation("Floor", null, null, periods)[0];
        Output decay = graph.AddOperation("Pow", null, null, factor, periods)[0];
        return graph.Multiply(rate, decay, scope.Name);
    }
}
