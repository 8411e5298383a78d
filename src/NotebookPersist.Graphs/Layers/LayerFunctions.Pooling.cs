namespace NotebookPersist;

public static partial class LayerFunctions
{
    /// <summary>The largest element of each window.</summary>
    /// <param name="inputs">Shape: [batch, height, width, channels], or with channels second.</param>
    /// <param name="poolSize">Height and width of the window.</param>
    /// <param name="strides">Step from window to window.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="name">Name of its scope; by default "max_pooling2d", made unique.</param>
    /// <remarks>Source: TensorFlow's <c>tf.layers.max_pooling2d</c>.</remarks>
    public static Output MaxPooling2D(
        Output inputs, WindowSize poolSize, WindowSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, poolSize, strides, dataFormat, name ?? "", "max_pooling2d", (g, size, step, format) => g.MaxPool(inputs, size, step, Padding(padding), format));

    /// <summary>The mean of each window.</summary>
    /// <inheritdoc cref="MaxPooling2D"/>
    /// <remarks>Source: TensorFlow's <c>tf.layers.average_pooling2d</c>.</remarks>
    public static Output AveragePooling2D(
        Output inputs, WindowSize poolSize, WindowSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, poolSize, strides, dataFormat, name ?? "", "average_pooling2d", (g, size, step, format) => g.AvgPool(inputs, size, step, Padding(padding), format));

    private static Output Pool(
        Output inputs, WindowSize poolSize, WindowSize strides, string dataFormat, string name, string defaultName, Func<Graph, int[], int[], string, Output> pool)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        bool first = IsChannelsFirst(dataFormat);
        using VariableScope scope = Enter(inputs.Graph, name.Length == 0 ? null : name, defaultName, VariableReuse.Inherit);
        RequireRank(inputs, 4, scope.Name);
        return pool(inputs.Graph, poolSize.Positive(nameof(poolSize)).InBatch(first), strides.Positive(nameof(strides)).InBatch(first), first ? "NCHW" : "NHWC");
    }
}
