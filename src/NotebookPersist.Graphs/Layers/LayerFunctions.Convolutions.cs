namespace NotebookPersist;

public static partial class LayerFunctions
{
    /// <summary>A convolution over images with trained kernels.</summary>
    /// <param name="inputs">Shape: [batch, height, width, channels], or with channels second.</param>
    /// <param name="filters">How many kernels: channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernels.</param>
    /// <param name="strides">Step from window to window; 1 by default.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="dataFormat">"channels_last" or "channels_first".</param>
    /// <param name="dilationRate">Distance of the kernel's elements; 1 by default. TensorFlow 1.15 builds other values from space-to-batch nodes, this in one node.</param>
    /// <param name="activation">Applied to the sums; none by default.</param>
    /// <param name="useBias">Whether one number is added for each kernel.</param>
    /// <param name="kernelInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="biasInitializer">Zeros by default.</param>
    /// <param name="kernelRegularizer">Gives a loss term of the kernels.</param>
    /// <param name="biasRegularizer">Gives a loss term of the biases.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="name">Name of its variable scope; by default "conv2d", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <exception cref="ArgumentException">The inputs have another rank or no known number of channels, or an option is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.layers.conv2d</c>.</remarks>
    public static Output Conv2D(
        Output inputs,
        int filters,
        WindowSize kernelSize,
        WindowSize? strides = null,
        string padding = "valid",
        string dataFormat = "channels_last",
        WindowSize? dilationRate = null,
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
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        Graph graph = inputs.Graph;
        bool first = IsChannelsFirst(dataFormat);
        string format = first ? "NCHW" : "NHWC";
        using VariableScope scope = Enter(graph, name, "conv2d", reuse);
        RequireRank(inputs, 4, scope.Name);
        long channels = Known(inputs, first ? 1 : 3, "channel dimension");
        WindowSize window = kernelSize.Positive(nameof(kernelSize));
        WindowSize dilation = (dilationRate ?? 1).Positive(nameof(dilationRate));
        Variable kernel = Weight(
            graph, "kernel", Shape.Create([window.Height, window.Width, channels, filters]), inputs.DType, kernelInitializer, kernelRegularizer, trainable);
        Variable? bias = Bias(graph, filters, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);
        graph.Constant(new[] { dilation.Height, dilation.Width }, name: "dilation_rate");
        Output sums = graph.Conv2D(
            inputs, kernel, (strides ?? 1).Positive(nameof(strides)).InBatch(first), Padding(padding), dataFormat: format, dilations: dilation.InBatch(first), name: "Conv2D");
        return Finished(sums, bias, activation, format);
    }

    /// <summary>A convolution's transpose with trained kernels, as it is used to make images larger.</summary>
    /// <inheritdoc cref="Conv2D"/>
    /// <remarks>Source: TensorFlow's <c>tf.layers.conv2d_transpose</c>.</remarks>
    public static Output Conv2DTranspose(
        Output inputs,
        int filters,
        WindowSize kernelSize,
        WindowSize? strides = null,
        string padding = "valid",
        string dataFormat = "channels_last",
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
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        Graph graph = inputs.Graph;
        bool first = IsChannelsFirst(dataFormat);
        string format = first ? "NCHW" : "NHWC";
        string pads = Padding(padding);
        using VariableScope scope = Enter(graph, name, "conv2d_transpose", reuse);
        RequireRank(inputs, 4, scope.Name);
        long channels = Known(inputs, first ? 1 : 3, "channel dimension");
        WindowSize window = kernelSize.Positive(nameof(kernelSize));
        WindowSize step = (strides ?? 1).Positive(nameof(strides));
        Variable kernel = Weight(
            graph, "kernel", Shape.Create([window.Height, window.Width, filters, channels]), inputs.DType, kernelInitializer, kernelRegularizer, trainable);
        Variable? bias = Bias(graph, filters, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);

        (int heightAxis, int widthAxis) = first ? (2, 3) : (1, 2);
        Output shape = graph.Shape(inputs);
        Output batch = shape[0];
        Output height = Grown(shape[heightAxis], window.Height, step.Height);
        Output width = Grown(shape[widthAxis], window.Width, step.Width);
        Output size = first ? graph.Stack([batch, filters, height, width]) : graph.Stack([batch, height, width, filters]);
        Output sums = graph.Conv2DTranspose(inputs, kernel, size, step.InBatch(first), pads, format);
        long[] known = [inputs.Shape[0], Size(inputs.Shape[heightAxis], window.Height, step.Height), Size(inputs.Shape[widthAxis], window.Width, step.Width), filters];
        sums.SetShape(Shape.Create(first ? [known[0], known[3], known[1], known[2]] : known));
        return Finished(sums, bias, activation, format);

        Output Grown(Output length, int kernelLength, int stride)
        {
            Output grown = length * stride;
            return pads == "VALID" ? grown + Math.Max(kernelLength - stride, 0) : grown;
        }

        long Size(long length, int kernelLength, int stride) => length < 0 ? -1 : (length * stride) + (pads == "VALID" ? Math.Max(kernelLength - stride, 0) : 0);
    }
}
