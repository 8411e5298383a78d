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

    /// <summary>A learning rate that falls along a line and waves at once.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="decaySteps">The step from which it stays as it is.</param>
    /// <param name="numPeriods">How many waves there are.</param>
    /// <param name="alpha">Added to the line.</param>
    /// <param name="beta">Added at the end.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>learningRate * ((alpha + 1 - step / decaySteps) * (1 + cos(2 pi * numPeriods * step / decaySteps)) / 2 + beta). Shape: [].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.train.linear_cosine_decay</c>.</remarks>
    public static Output LinearCosineDecay(
        this Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, double numPeriods = 0.5, double alpha = 0, double beta = 0.001, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "LinearCosineDecay");
        Output rate = graph.Convert(learningRate, name: "initial_learning_rate");
        (_, Output line, Output wave) = LineAndWave(graph, rate.DType, globalStep, decaySteps, numPeriods);
        return graph.Multiply(rate, ((alpha + line) * wave) + beta, scope.Name);
    }

    /// <summary>A learning rate as of <see cref="LinearCosineDecay"/>, with noise on the line that fades.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="learningRate">Rate at step 0.</param>
    /// <param name="globalStep">The counter of steps.</param>
    /// <param name="decaySteps">The step from which only the noise changes.</param>
    /// <param name="initialVariance">Variance of the noise at step 0.</param>
    /// <param name="varianceDecay">The variance falls with this power of the step.</param>
    /// <param name="numPeriods">How many waves there are.</param>
    /// <param name="alpha">Added to the line.</param>
    /// <param name="beta">Added at the end.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.train.noisy_linear_cosine_decay</c>.</remarks>
    public static Output NoisyLinearCosineDecay(
        this Graph graph,
        Operand learningRate,
        Operand globalStep,
        Operand decaySteps,
        double initialVariance = 1,
        double varianceDecay = 0.55,
        double numPeriods = 0.5,
        double alpha = 0,
        double beta = 0.001,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "NoisyLinearCosineDecay");
        Output rate = graph.Convert(learningRate, name: "initial_learning_rate");
        (Output step, Output line, Output wave) = LineAndWave(graph, rate.DType, globalStep, decaySteps, numPeriods);
        Output variance = initialVariance / graph.Power(1.0 + step, varianceDecay);
        Output noisy = line + graph.RandomNormal(NotebookPersist.Shape.Scalar, stddev: graph.Sqrt(variance), dtype: rate.DType);
        return graph.Multiply(rate, ((alpha + noisy) * wave) + beta, scope.Name);
    }

    private static (Output Step, Output Line, Output Wave) LineAndWave(Graph graph, DType dtype, Operand globalStep, Operand decaySteps, double numPeriods)
    {
        Output steps = graph.Cast(decaySteps, dtype);
        Output step = graph.Minimum(graph.Cast(globalStep, dtype), steps);
        Output fraction = 2 * numPeriods * graph.Divide(step, steps, "truediv");
        return (step, (steps - step) / steps, 0.5 * (1.0 + graph.Cos(graph.Constant(Math.PI, dtype) * fraction)));
    }

    private static (Output Rate, Output Periods) Periods(Graph graph, Operand learningRate, Operand globalStep, Operand decaySteps, bool staircase)
    {
        Output rate = graph.Convert(learningRate, name: "learning_rate");
        Output periods = graph.Divide(graph.Cast(globalStep, rate.DType), graph.Cast(decaySteps, rate.DType), "truediv");
        return (rate, staircase ? graph.Floor(periods) : periods);
    }
}
