namespace NotebookPersist;

/// <summary>Layers as functions, each with its variables in a variable scope of its own.</summary>
/// <remarks>
/// Names of variables and nodes are TensorFlow's: <c>conv2d/kernel</c>, <c>conv2d_1/kernel</c>, <c>dense/bias</c>. They build in the graph of
/// their input. Thread safety: as that graph. Source: TensorFlow 1.15's <c>tf.layers</c>.
/// </remarks>
public static partial class LayerFunctions
{
    private static VariableScope Enter(Graph graph, string? name, string defaultName, VariableReuse reuse)
    {
        if (name is not null)
            return graph.VariableScope(name, reuse);
        if (reuse == VariableReuse.Existing)
            throw new ArgumentException($"A layer that takes existing variables needs their name. Pass 'name', such as \"{defaultName}\".", nameof(reuse));
        return graph.UniqueVariableScope(defaultName, reuse);
    }

    private static bool IsChannelsFirst(string dataFormat) => dataFormat switch
    {
        "channels_last" => false,
        "channels_first" => true,
        _ => throw new ArgumentException($"The data format must be 'channels_last' or 'channels_first', not '{dataFormat}'.", nameof(dataFormat)),
    };

    private static string Padding(string padding) => padding.ToUpperInvariant() is "VALID" or "SAME"
        ? padding.ToUpperInvariant()
        : throw new ArgumentException($"The padding must be 'valid' or 'same', not '{padding}'.", nameof(padding));

    private static void RequireRank(Output inputs, int rank, string layer)
    {
        if (inputs.Shape.HasRank && inputs.Shape.Rank != rank)
            throw new ArgumentException($"Input 0 of layer {layer} is incompatible with the layer: expected ndim={rank}, found ndim={inputs.Shape.Rank}. Full shape received: {inputs.Shape.ToPythonString()}.", nameof(inputs));
    }

    private static long Known(Output inputs, int axis, string what) => inputs.Shape.HasRank && inputs.Shape[axis] > 0
        ? inputs.Shape[axis]
        : throw new ArgumentException($"The {what} of the inputs must be known, but their shape is {inputs.Shape.ToPythonString()}. Give the placeholder that dimension.", nameof(inputs));

    private static Variable Weight(
        Graph graph, string name, Shape shape, DType dtype, IInitializer? initializer, Func<Output, Output?>? regularizer, bool trainable) =>
        graph.GetVariable(name, shape, dtype, initializer, trainable, regularizer: regularizer);

    private static Variable? Bias(Graph graph, int length, DType dtype, bool wanted, IInitializer? initializer, Func<Output, Output?>? regularizer, bool trainable) =>
        wanted ? Weight(graph, "bias", Shape.Create([length]), dtype, initializer ?? new ZerosInitializer(), regularizer, trainable) : null;

    private static Output Finished(Output sums, Variable? bias, LayerActivation? activation, string dataFormat = "NHWC")
    {
        Output biased = bias is null ? sums : sums.Graph.BiasAdd(sums, bias, dataFormat);
        return activation is null ? biased : activation(biased);
    }

    /// <summary>True, false, or null where only a run tells.</summary>
    private static bool? Known(Operand training) => training switch
    {
        { IsMissing: true } => false,
        { Value: { DType: DType.Bool, Rank: 0 } flag } => flag.Data<bool>()[0],
        { Output: { DType: DType.Bool } } => null,
        _ => throw new ArgumentException("'training' must be true, false or a scalar of type bool.", nameof(training)),
    };
}
