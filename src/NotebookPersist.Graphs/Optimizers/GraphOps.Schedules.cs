namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A learning rate that is another constant from each boundary on.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">The counter of steps.</param>
    /// <param name="boundaries">Steps after which the rate changes, ascending.</param>
    /// <param name="values">The rates: one more than boundaries.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>values[0] up to and with the first boundary, then values[1], and so on. Shape: [].</returns>
    /// <exception cref="ArgumentException">The numbers of boundaries and values do not fit, or boundaries fall.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.train.piecewise_constant</c>; the choice is made by selection, not by branches.</remarks>
    public static Output PiecewiseConstant(this Graph graph, Operand x, IReadOnlyList<double> boundaries, IReadOnlyList<double> values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        if (boundaries.Count != values.Count - 1)
            throw new ArgumentException($"The length of boundaries should be 1 less than the length of values, but there are {boundaries.Count} boundaries and {values.Count} values.", nameof(values));
        if (!boundaries.SequenceEqual(boundaries.Order()))
            throw new ArgumentException("The boundaries must ascend.", nameof(boundaries));
        using NameScope scope = graph.NameScope(name ?? "PiecewiseConstant");
        Output step = graph.Convert(x, name: "x");
        Output rate = graph.Constant(values[^1]);
        for (int i = boundaries.Count - 1; i >= 0; i--)
            rate = graph.Where(graph.LessEqual(step, graph.Constant(boundaries[i], step.DType)), graph.Constant(values[i]), rate);
        return graph.Identity(rate, scope.Name);
    }

    /// <summary>A learning rate that goes to an end rate along a power.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="decaySteps">The step at which the end rate is reached.</param>
    /// <param name="endLearningRate">The end rate; 0.0001 by default.</param>
    /// <param name="power">The power; 1, a straight line, by default.</param>
    /// <param name="cycle">True starts anew, with a longer way, whenever the end is reached.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>(learningRate - end) * (1 - step / decaySteps) ^ power + end. Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.polynomial_decay</c>.</remarks>
    public static Output PolynomialDecay(
        this Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, Operand? endLearningRate = null, Operand? power = null, bool cycle = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "PolynomialDecay");
        Output rate = graph.Convert(learningRate, name: "learning_rate");
        Output end = graph.Cast(endLearningRate ?? 0.0001, rate.DType);
        Output exponent = graph.Cast(power ?? 1.0, rate.DType);
        Output step = graph.Cast(globalStep, rate.DType);
        Output steps = graph.Cast(decaySteps, rate.DType);
        if (cycle)
        {
            Output laps = graph.Where(graph.Equal(step, 0.0), graph.Constant(1.0, rate.DType), graph.Ceil(graph.Divide(step, steps, "truediv")));
            steps = graph.Multiply(steps, laps);
        }
        else
        {
            step = graph.Minimum(step, steps);
        }

        Output part = graph.Divide(step, steps, "truediv");
        return graph.AddOperation("Add", scope.Name, null, graph.Multiply(rate - end, graph.Power(1.0 - part, exponent)), end)[0];
    }

    /// <summary>A learning rate that shrinks by e to a rate times periods.</summary>
    /// <inheritdoc cref="ExponentialDecay"/>
    /// <returns>learningRate * exp(-decayRate * globalStep / decaySteps). Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.natural_exp_decay</c>.</remarks>
    public static Output NaturalExpDecay(
        this Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "NaturalExpDecay");
        (Output rate, Output periods) = Periods(graph, learningRate, globalStep, decaySteps, staircase);
        Output exponent = graph.Multiply(-graph.Cast(decayRate, rate.DType), periods);
        return graph.Multiply(rate, graph.Exp(exponent), scope.Name);
    }

    /// <summary>A learning rate that is divided by a number that grows evenly.</summary>
    /// <inheritdoc cref="ExponentialDecay"/>
    /// <returns>learningRate / (1 + decayRate * globalStep / decaySteps). Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.inverse_time_decay</c>.</remarks>
    public static Output InverseTimeDecay(
        this Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "InverseTimeDecay");
        (Output rate, Output periods) = Periods(graph, learningRate, globalStep, decaySteps, staircase);
        Output divisor = 1.0 + graph.Multiply(graph.Cast(decayRate, rate.DType), periods);
        return graph.Divide(rate, divisor, scope.Name);
    }

    /// <summary>A learning rate that falls along half a wave.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="decaySteps">The step at which the end is reached.</param>
    /// <param name="alpha">The end rate, as a part of the first.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>learningRate * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha). Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.cosine_decay</c>.</remarks>
    public static Output CosineDecay(this Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, double alpha = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "CosineDecay");
        Output rate = graph.Convert(learningRate, name: "learning_rate");
        Output steps = graph.Cast(decaySteps, rate.DType);
        Output done = graph.Divide(graph.Minimum(graph.Cast(globalStep, rate.DType), steps), steps, "truediv");
        Output wave = 0.5 * (1.0 + graph.Cos(graph.Constant(Math.PI, rate.DType) * done));
        Output decayed = ((1 - alpha) * wave) + alpha;
        return graph.Multiply(rate, decayed, scope.Name);
    }

    /// <summary>A learning rate that falls along half a wave again and again.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="firstDecaySteps">Length of the first wave.</param>
    /// <param name="tMul">How much longer each wave is than the one before.</param>
    /// <param name="mMul">Which part of its height each wave keeps of the one before.</param>
    /// <param name="alpha">The end rate, as a part of the first.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.train.cosine_decay_restarts</c>.</remarks>
    public static Output CosineDecayRestarts(
        this Graph graph, Operand learningRate, Operand globalStep, Operand firstDecaySteps, double tMul = 2, double mMul = 1, double alpha = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(tMul, 1);
        using NameScope scope = graph.NameScope(name ?? "SGDRDecay");
        Output rate = graph.Convert(learningRate, name: "initial_learning_rate");
        Output first = graph.Cast(firstDecaySteps, rate.DType);
        Output done = graph.Divide(graph.Cast(globalStep, rate.DType), first, "truediv");
        Output restart, within;
        if (tMul == 1)
        {
            restart = graph.Floor(done);
            within = done - restart;
        }
        else
        {
            restart = graph.Floor(graph.Log(1.0 - (done * (1.0 - tMul))) / (double)Math.Log(tMul));
            Output grown = graph.Power(graph.Constant(tMul, rate.DType), restart);
            within = (done - ((1.0 - grown) / (1.0 - tMul))) / grown;
        }

        Output height = graph.Power(graph.Constant(mMul, rate.DType), restart);
        Output wave = 0.5 * height * (1.0 + graph.Cos(graph.Constant(Math.PI, rate.DType) * within));
        Output decayed = ((1 - alpha) * wave) + alpha;
        return graph.Multiply(rate, decayed, scope.Name);
    }

    private static (Output Rate, Output Periods) Periods(Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, bool staircase)
    {
        Output rate = graph.Convert(learningRate, name: "learning_rate");
        Output periods = graph.Divide(graph.Cast(globalStep, rate.DType), graph.Cast(decaySteps, rate.DType), "truediv");
        return (rate, staircase ? graph.Floor(periods) : periods);
    }
}
