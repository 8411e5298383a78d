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

    /// <summary>The largest element of each window of rows.</summary>
    /// <param name="inputs">Shape: [batch, width, channels], or with channels second.</param>
    /// <param name="poolSize">Width of the window.</param>
    /// <param name="strides">Step from window to window.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="name">Name of its scope; by default "max_pooling1d", made unique.</param>
    /// <remarks>Source: TensorFlow's <c>tf.layers.max_pooling1d</c>.</remarks>
    public static Output MaxPooling1D(Output inputs, int poolSize, int strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, [poolSize], [strides], "MAX", padding, dataFormat, name, "max_pooling1d");

    /// <summary>The mean of each window of rows.</summary>
    /// <inheritdoc cref="MaxPooling1D"/>
    /// <remarks>Source: TensorFlow's <c>tf.layers.average_pooling1d</c>.</remarks>
    public static Output AveragePooling1D(Output inputs, int poolSize, int strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, [poolSize], [strides], "AVG", padding, dataFormat, name, "average_pooling1d");

    /// <summary>The largest element of each window of volumes.</summary>
    /// <param name="inputs">Shape: [batch, depth, height, width, channels], or with channels second.</param>
    /// <param name="poolSize">Depth, height and width of the window, or one number for all.</param>
    /// <param name="strides">Step from window to window.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="name">Name of its scope; by default "max_pooling3d", made unique.</param>
    /// <remarks>Source: TensorFlow's <c>tf.layers.max_pooling3d</c>.</remarks>
    public static Output MaxPooling3D(Output inputs, VolumeSize poolSize, VolumeSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, poolSize.ToArray(), strides.ToArray(), "MAX", padding, dataFormat, name, "max_pooling3d");

    /// <summary>The mean of each window of volumes.</summary>
    /// <inheritdoc cref="MaxPooling3D"/>
    /// <remarks>Source: TensorFlow's <c>tf.layers.average_pooling3d</c>.</remarks>
    public static Output AveragePooling3D(Output inputs, VolumeSize poolSize, VolumeSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
        Pool(inputs, poolSize.ToArray(), strides.ToArray(), "AVG", padding, dataFormat, name, "average_pooling3d");

    private static Output Pool(
        Output inputs, int[] poolSize, int[] strides, string poolingType, string padding, string dataFormat, string? name, string defaultName)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequirePositive(poolSize);
        RequirePositive(strides);
        bool first = IsChannelsFirst(dataFormat);
        int lengths = poolSize.Length;
        using VariableScope scope = Enter(inputs.Graph, name, defaultName, VariableReuse.Inherit);
        RequireRank(inputs, lengths + 2, scope.Name);
        string format = lengths == 1 ? first ? "NCW" : "NWC" : first ? "NCDHW" : "NDHWC";
        return inputs.Graph.Pool(inputs, poolSize, poolingType, Padding(padding), strides, dataFormat: format);
    }

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
