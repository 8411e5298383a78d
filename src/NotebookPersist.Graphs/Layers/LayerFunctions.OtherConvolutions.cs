namespace NotebookPersist;

public static partial class LayerFunctions
{
    /// <summary>A convolution over rows with trained kernels.</summary>
    /// <param name="inputs">Shape: [batch, width, channels], or with channels second.</param>
    /// <param name="filters">How many kernels: channels of the output.</param>
    /// <param name="kernelSize">Width of the kernels.</param>
    /// <param name="strides">Step from window to window.</param>
    /// <param name="padding">"valid", "same", or "causal": only at the beginning, so that no element depends on later ones.</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="dilationRate">Distance of the kernel's elements.</param>
    /// <param name="activation">Applied to the sums; none by default.</param>
    /// <param name="useBias">Whether one number is added for each kernel.</param>
    /// <param name="kernelInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="biasInitializer">Zeros by default.</param>
    /// <param name="kernelRegularizer">Gives a loss term of the kernels.</param>
    /// <param name="biasRegularizer">Gives a loss term of the biases.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="name">Name of its variable scope; by default "conv1d", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <exception cref="ArgumentException">The inputs have another rank or no known number of channels, or an option is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.layers.conv1d</c>.</remarks>
    public static Output Conv1D(
        Output inputs,
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        string dataFormat = "channels_last",
        int dilationRate = 1,
        LayerActivation? activation = null,
        bool useBias = true,
        IInitializer? kernelInitializer = null,
        IInitializer? biasInitializer = null,
        Func<Output, Output?>? kernelRegularizer = null,
        Func<Output, Output?>? biasRegularizer = null,
        bool trainable = true,
        string? name = null,
        VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequirePositive(filters, kernelSize, strides, dilationRate);
        Graph graph = inputs.Graph;
        bool first = IsChannelsFirst(dataFormat);
        bool isCausal = string.Equals(padding, "causal", StringComparison.OrdinalIgnoreCase);
        string pads = isCausal ? "VALID" : Padding(padding);
        if (isCausal && first)
            throw new ArgumentException("When using causal padding in `Conv1D`, `data_format` must be 'channels_last' (temporal data).", nameof(dataFormat));
        using VariableScope scope = Enter(graph, name, "conv1d", reuse);
        RequireRank(inputs, 3, scope.Name);
        long channels = Known(inputs, first ? 1 : 2, "channel dimension");
        Variable kernel = Weight(graph, "kernel", Shape.Create([kernelSize, channels, filters]), inputs.DType, kernelInitializer, kernelRegularizer, trainable);
        Variable? bias = Bias(graph, filters, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);
        Output padded = isCausal ? graph.Pad(inputs, new[,] { { 0, 0 }, { dilationRate * (kernelSize - 1), 0 }, { 0, 0 } }) : inputs;
        Output sums = graph.Conv1D(padded, kernel, strides, pads, first ? "NCW" : "NWC", dilationRate);
        return Finished(sums, bias, activation, first ? "NCHW" : "NHWC");
    }

    /// <summary>A convolution over volumes with trained kernels.</summary>
    /// <param name="inputs">Shape: [batch, depth, height, width, channels], or with channels second.</param>
    /// <param name="filters">How many kernels: channels of the output.</param>
    /// <param name="kernelSize">Depth, height and width of the kernels, or one number for all.</param>
    /// <param name="strides">Step from window to window; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="dilationRate">Distance of the kernel's elements; 1 by default.</param>
    /// <param name="activation">Applied to the sums; none by default.</param>
    /// <param name="useBias">Whether one number is added for each kernel.</param>
    /// <param name="kernelInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="biasInitializer">Zeros by default.</param>
    /// <param name="kernelRegularizer">Gives a loss term of the kernels.</param>
    /// <param name="biasRegularizer">Gives a loss term of the biases.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="name">Name of its variable scope; by default "conv3d", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <exception cref="ArgumentException">The inputs have another rank or no known number of channels, or an option is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.layers.conv3d</c>.</remarks>
    public static Output Conv3D(
        Output inputs,
        int filters,
        VolumeSize kernelSize,
        VolumeSize? strides = null,
        string padding = "valid",
        string dataFormat = "channels_last",
        VolumeSize? dilationRate = null,
        LayerActivation? activation = null,
        bool useBias = true,
        IInitializer? kernelInitializer = null,
        IInitializer? biasInitializer = null,
        Func<Output, Output?>? kernelRegularizer = null,
        Func<Output, Output?>? biasRegularizer = null,
        bool trainable = true,
        string? name = null,
        VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequirePositive(filters);
        Graph graph = inputs.Graph;
        bool first = IsChannelsFirst(dataFormat);
        string format = first ? "NCDHW" : "NDHWC";
        using VariableScope scope = Enter(graph, name, "conv3d", reuse);
        RequireRank(inputs, 5, scope.Name);
        long channels = Known(inputs, first ? 1 : 4, "channel dimension");
        VolumeSize window = kernelSize.Positive(nameof(kernelSize));
        Variable kernel = Weight(
            graph, "kernel", Shape.Create([window.Depth, window.Height, window.Width, channels, filters]), inputs.DType, kernelInitializer, kernelRegularizer, trainable);
        Variable? bias = Bias(graph, filters, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);
        int[] step = (strides ?? 1).Positive(nameof(strides)).InBatch(first);
        int[] dilations = (dilationRate ?? 1).Positive(nameof(dilationRate)).InBatch(first);
        Output sums = graph.Conv3D(inputs, kernel, step, Padding(padding), format, dilations, "Conv3D");
        return Finished(sums, bias, activation, first ? "NCHW" : "NHWC");
    }

    /// <summary>A convolution of each channel by itself and one of single elements after it, both with trained kernels.</summary>
    /// <param name="inputs">Shape: [batch, height, width, channels], or with channels second.</param>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the first kernels.</param>
    /// <param name="strides">Step from window to window; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="depthMultiplier">How many kernels each channel has.</param>
    /// <param name="activation">Applied to the sums; none by default.</param>
    /// <param name="useBias">Whether one number is added for each channel of the output.</param>
    /// <param name="depthwiseInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="pointwiseInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="biasInitializer">Zeros by default.</param>
    /// <param name="depthwiseRegularizer">Gives a loss term of the first kernels.</param>
    /// <param name="pointwiseRegularizer">Gives a loss term of the second ones.</param>
    /// <param name="biasRegularizer">Gives a loss term of the biases.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="name">Name of its variable scope; by default "separable_conv2d", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <exception cref="ArgumentException">The inputs have another rank or no known number of channels, or an option is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.layers.separable_conv2d</c>.</remarks>
    public static Output SeparableConv2D(
        Output inputs,
        int filters,
        WindowSize kernelSize,
        WindowSize? strides = null,
        string padding = "valid",
        string dataFormat = "channels_last",
        int depthMultiplier = 1,
        LayerActivation? activation = null,
        bool useBias = true,
        IInitializer? depthwiseInitializer = null,
        IInitializer? pointwiseInitializer = null,
        IInitializer? biasInitializer = null,
        Func<Output, Output?>? depthwiseRegularizer = null,
        Func<Output, Output?>? pointwiseRegularizer = null,
        Func<Output, Output?>? biasRegularizer = null,
        bool trainable = true,
        string? name = null,
        VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequirePositive(filters, depthMultiplier);
        Graph graph = inputs.Graph;
        bool first = IsChannelsFirst(dataFormat);
        string format = first ? "NCHW" : "NHWC";
        using VariableScope scope = Enter(graph, name, "separable_conv2d", reuse);
        RequireRank(inputs, 4, scope.Name);
        long channels = Known(inputs, first ? 1 : 3, "channel dimension");
        WindowSize window = kernelSize.Positive(nameof(kernelSize));
        Variable depthwise = Weight(
            graph, "depthwise_kernel", Shape.Create([window.Height, window.Width, channels, depthMultiplier]), inputs.DType, depthwiseInitializer, depthwiseRegularizer, trainable);
        Variable pointwise = Weight(
            graph, "pointwise_kernel", Shape.Create([1, 1, channels * depthMultiplier, filters]), inputs.DType, pointwiseInitializer, pointwiseRegularizer, trainable);
        Variable? bias = Bias(graph, filters, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);
        Output sums = graph.SeparableConv2D(inputs, depthwise, pointwise, (strides ?? 1).Positive(nameof(strides)).InBatch(first), Padding(padding), format);
        return Finished(sums, bias, activation, format);
    }

    private static void RequirePositive(params ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(sizes));
    }
}
