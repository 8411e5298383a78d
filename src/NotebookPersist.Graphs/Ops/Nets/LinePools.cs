namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The largest element of each window along one axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, width, channels], or [batch, channels, width] for NCW.</param>
    /// <param name="ksize">Elements in a window.</param>
    /// <param name="strides">Elements from one window to the next.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NWC or NCW.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.max_pool1d</c>.</remarks>
    public static Output MaxPool1D(this Graph graph, Operand input, int ksize, int strides, string padding, string dataFormat = "NWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "MaxPool1d");
        return AsImage(graph, input, dataFormat, (x, format, flat) => graph.MaxPool(x, flat(ksize), flat(strides), padding, format));
    }

    /// <summary>The mean of each window along one axis.</summary>
    /// <inheritdoc cref="MaxPool1D"/>
    /// <remarks>Source: TensorFlow's <c>tf.nn.avg_pool1d</c>.</remarks>
    public static Output AvgPool1D(this Graph graph, Operand input, int ksize, int strides, string padding, string dataFormat = "NWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "AvgPool1D");
        return AsImage(graph, input, dataFormat, (x, format, flat) => graph.AvgPool(x, flat(ksize), flat(strides), padding, format));
    }

    /// <summary>A convolution along one axis run backwards, which makes rows longer.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, width, in], or [batch, in, width] for NCW.</param>
    /// <param name="filters">Shape: [width, out, in].</param>
    /// <param name="outputShape">Shape of the result. Shape: [3]. DType: int32.</param>
    /// <param name="strides">Elements of the result from one window to the next.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NWC or NCW.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.conv1d_transpose</c>.</remarks>
    public static Output Conv1DTranspose(
        this Graph graph, Operand input, Operand filters, Operand outputShape, int strides, string padding = "SAME", string dataFormat = "NWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "conv1d_transpose");
        Output size = graph.Convert(outputShape, DType.Int32, "output_shape");
        int line = dataFormat == "NCW" ? 2 : 1;
        Output image = graph.Concat([graph.PartOf(size, ..line), new[] { 1 }, graph.PartOf(size, line..)], 0);
        Output filter = graph.ExpandDims(graph.Convert(filters, name: "filters"), 0);
        return AsImage(graph, input, dataFormat, (x, format, flat) => graph.Conv2DTranspose(x, filter, image, flat(strides), padding, format));
    }

    // Rows are images one pixel high.
    private static Output AsImage(Graph graph, Operand input, string dataFormat, Func<Output, string, Func<int, int[]>, Output> compute)
    {
        if (dataFormat is not ("NWC" or "NCW"))
            throw new ArgumentException($"data_format must be NWC or NCW, got '{dataFormat}'.", nameof(dataFormat));
        int line = dataFormat == "NCW" ? 2 : 1;
        Output image = graph.ExpandDims(graph.Convert(input, name: "input"), line);
        int[] Flat(int width) => line == 1 ? [1, 1, width, 1] : [1, 1, 1, width];
        return graph.Squeeze(compute(image, line == 1 ? "NHWC" : "NCHW", Flat), [line]);
    }
}
