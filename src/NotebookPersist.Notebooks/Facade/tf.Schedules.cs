namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Optimizers, checkpoints and meta graphs, over the default graph.</summary>
    public static partial class Train
    {
        /// <inheritdoc cref="GraphOps.PiecewiseConstant"/>
        public static Output PiecewiseConstant(Operand x, IReadOnlyList<double> boundaries, IReadOnlyList<double> values, string? name = null) =>
            Graph.PiecewiseConstant(x, boundaries, values, name);

        /// <inheritdoc cref="GraphOps.PiecewiseConstant"/>
        public static Output PiecewiseConstantDecay(Operand x, IReadOnlyList<double> boundaries, IReadOnlyList<double> values, string? name = null) =>
            Graph.PiecewiseConstant(x, boundaries, values, name);

        /// <inheritdoc cref="GraphOps.LinearCosineDecay(Graph, Operand, Operand, Operand, double, double, double, string)"/>
        public static Output LinearCosineDecay(Operand learningRate, Operand globalStep, Operand decaySteps, double numPeriods = 0.5, double alpha = 0, double beta = 0.001, string? name = null) =>
            Graph.LinearCosineDecay(learningRate, globalStep, decaySteps, numPeriods, alpha, beta, name);

        /// <inheritdoc cref="GraphOps.NoisyLinearCosineDecay(Graph, Operand, Operand, Operand, double, double, double, double, double, string)"/>
        public static Output NoisyLinearCosineDecay(Operand learningRate, Operand globalStep, Operand decaySteps, double initialVariance = 1, double varianceDecay = 0.55, double numPeriods = 0.5, double alpha = 0, double beta = 0.001, string? name = null) =>
            Graph.NoisyLinearCosineDecay(learningRate, globalStep, decaySteps, initialVariance, varianceDecay, numPeriods, alpha, beta, name);

        /// <inheritdoc cref="GraphOps.PolynomialDecay"/>
        public static Output PolynomialDecay(
            Operand learningRate,
            Operand globalStep,
            Operand decaySteps,
            Operand? endLearningRate = null,
            Operand? power = null,
            bool cycle = false,
            string? name = null) =>
            Graph.PolynomialDecay(learningRate, globalStep, decaySteps, endLearningRate, power, cycle, name);

        /// <inheritdoc cref="GraphOps.NaturalExpDecay"/>
        public static Output NaturalExpDecay(Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null) =>
            Graph.NaturalExpDecay(learningRate, globalStep, decaySteps, decayRate, staircase, name);

        /// <inheritdoc cref="GraphOps.InverseTimeDecay"/>
        public static Output InverseTimeDecay(Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null) =>
            Graph.InverseTimeDecay(learningRate, globalStep, decaySteps, decayRate, staircase, name);

        /// <inheritdoc cref="GraphOps.CosineDecay"/>
        public static Output CosineDecay(Operand learningRate, Operand globalStep, Operand decaySteps, double alpha = 0, string? name = null) =>
            Graph.CosineDecay(learningRate, globalStep, decaySteps, alpha, name);

        /// <inheritdoc cref="GraphOps.CosineDecayRestarts"/>
        public static Output CosineDecayRestarts(
            Operand learningRate,
            Operand globalStep,
            Operand firstDecaySteps,
            double tMul = 2,
            double mMul = 1,
            double alpha = 0,
            string? name = null) =>
            Graph.CosineDecayRestarts(learningRate, globalStep, firstDecaySteps, tMul, mMul, alpha, name);

        /// <summary>A counter of training steps: int64 "global_step".</summary>
        /// <exception cref="ArgumentException">There is one already.</exception>
        public static Variable CreateGlobalStep() => Graph.GlobalStep is null
            ? Graph.GetOrCreateGlobalStep()
            : throw new ArgumentException("\"global_step\" already exists. tf.Train.GetOrCreateGlobalStep() gives it.");

        /// <summary>The number of training steps that a session has done.</summary>
        /// <param name="sess">Where the counter has been initialised.</param>
        /// <param name="globalStepTensor">The counter.</param>
        /// <exception cref="RunException">It has no value.</exception>
        public static long GlobalStep(Session sess, Variable globalStepTensor)
        {
            ArgumentNullException.ThrowIfNull(sess);
            ArgumentNullException.ThrowIfNull(globalStepTensor);
            return sess.Run(globalStepTensor.Value).ItemAt<long>(0);
        }

        /// <summary>The counter of training steps; null where there is none.</summary>
        /// <exception cref="GraphException">There are several.</exception>
        public static Variable? GetGlobalStep() => Graph.GlobalStep;

        /// <summary>Keeps decaying means of variables.</summary>
        /// <inheritdoc cref="NotebookPersist.ExponentialMovingAverage"/>
        public static NotebookPersist.ExponentialMovingAverage ExponentialMovingAverage(Operand decay, Operand? numUpdates = null, string name = "ExponentialMovingAverage") =>
            new(decay, numUpdates, name);

        /// <inheritdoc cref="Persistence.EventFile.Read"/>
        public static IEnumerable<Protos.Event> SummaryIterator(string path) => Persistence.EventFile.Read(path);
    }
}
