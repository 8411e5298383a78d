namespace NotebookPersist;

public static partial class LayerFunctions
{
    /// <summary>Brings each channel to mean 0 and variance 1, then to a trained mean and deviation.</summary>
    /// <param name="inputs">Rank at least 2. DType: floats.</param>
    /// <param name="axis">The dimension of the channels.</param>
    /// <param name="momentum">Which part of the moving mean and variance stays at each update.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="center">Whether there is a trained mean, beta.</param>
    /// <param name="scale">Whether there is a trained deviation, gamma.</param>
    /// <param name="betaInitializer">Zeros by default.</param>
    /// <param name="gammaInitializer">Ones by default.</param>
    /// <param name="movingMeanInitializer">Zeros by default.</param>
    /// <param name="movingVarianceInitializer">Ones by default.</param>
    /// <param name="betaRegularizer">Gives a loss term of beta.</param>
    /// <param name="gammaRegularizer">Gives a loss term of gamma.</param>
    /// <param name="training">True takes mean and variance of the batch, false the moving ones; or a scalar of type bool that a run is fed with.</param>
    /// <param name="trainable">Whether optimizers train beta and gamma.</param>
    /// <param name="name">Name of its variable scope; by default "batch_normalization", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <exception cref="ArgumentException">The inputs' rank or number of channels is not known.</exception>
    /// <remarks>
    /// The updates of the moving mean and variance are listed under <see cref="GraphKeys.UpdateOps"/>, and must be run beside the training step.
    /// Source: TensorFlow's <c>tf.layers.batch_normalization</c>; where only a run tells whether it trains, both ways are computed and one is chosen.
    /// </remarks>
    public static Output BatchNormalization(
        Output inputs,
        int axis = -1,
        double momentum = 0.99,
        double epsilon = 1e-3,
        bool center = true,
        bool scale = true,
        IInitializer? betaInitializer = null,
        IInitializer? gammaInitializer = null,
        IInitializer? movingMeanInitializer = null,
        IInitializer? movingVarianceInitializer = null,
        Func<Output, Output?>? betaRegularizer = null,
        Func<Output, Output?>? gammaRegularizer = null,
        Operand training = default,
        bool trainable = true,
        string? name = null,
        VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Graph graph = inputs.Graph;
        using VariableScope scope = Enter(graph, name, "batch_normalization", reuse);
        if (!inputs.Shape.HasRank || inputs.Shape.Rank < 2)
            throw new ArgumentException($"Input 0 of layer {scope.Name} must have at least 2 dimensions, but its shape is {inputs.Shape.ToPythonString()}.", nameof(inputs));
        int rank = inputs.Shape.Rank;
        int channelAxis = axis < 0 ? axis + rank : axis;
        if (channelAxis < 1 || channelAxis >= rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The axis must be one of the {rank} dimensions of the inputs but the first.");
        long channels = Known(inputs, channelAxis, "channel dimension");
        DType type = inputs.DType is DType.Float16 or DType.BFloat16 ? DType.Float32 : inputs.DType;
        Shape shape = Shape.Create([channels]);
        Variable? gamma = scale ? Weight(graph, "gamma", shape, type, gammaInitializer ?? new OnesInitializer(), gammaRegularizer, trainable) : null;
        Variable? beta = center ? Weight(graph, "beta", shape, type, betaInitializer ?? new ZerosInitializer(), betaRegularizer, trainable) : null;
        Variable mean = Weight(graph, "moving_mean", shape, type, movingMeanInitializer ?? new ZerosInitializer(), null, trainable: false);
        Variable variance = Weight(graph, "moving_variance", shape, type, movingVarianceInitializer ?? new OnesInitializer(), null, trainable: false);
        var parts = new BatchNormalizationParts(inputs, channelAxis, gamma, beta, mean, variance, epsilon, training, Known(training));
        (Output y, Output batchMean, Output batchVariance) = rank == 4 && channelAxis is 1 or 3 && type == DType.Float32 && epsilon >= 1.001e-5 ? parts.Fused() : parts.InSteps();
        if (Known(training) != false)
        {
            Output kept = Known(training) is null ? graph.Where(training, graph.Constant(momentum, type), graph.Constant(1.0, type)) : graph.Constant(momentum, type);
            graph.AddToCollection(GraphKeys.UpdateOps, Move(graph, mean, batchMean, kept));
            graph.AddToCollection(GraphKeys.UpdateOps, Move(graph, variance, batchVariance, kept));
        }

        return y;
    }

    private static Operation Move(Graph graph, Variable moving, Output value, Output momentum)
    {
        using NameScope scope = graph.NameScope("AssignMovingAvg");
        using (graph.ColocateWith(moving.Operation))
        {
            Output decay = 1.0 - momentum;
            Output difference = (moving.Value - value) * decay;
            return moving.IsResource
                ? graph.AssignSubVariableOp(moving.Reference, difference, scope.Name)
                : graph.AssignSub(moving.Reference, difference, name: scope.Name).Operation;
        }
    }
}
