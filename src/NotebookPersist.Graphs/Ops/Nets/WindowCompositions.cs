namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Slides filters over rows.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, width, channels], or with channels second.</param>
    /// <param name="filters">Shape: [width, in, out].</param>
    /// <param name="stride">Distance of windows.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NWC or NCW.</param>
    /// <param name="dilation">Distance of a window's elements.</param>
    /// <param name="name">Name scope, and name of the convolution's node.</param>
    /// <returns>Shape: [batch, windows, out], or with channels second.</returns>
    /// <exception cref="ArgumentException">The data format is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.conv1d</c>: a convolution over images of height 1.</remarks>
    public static Output Conv1D(
        this Graph graph, Operand value, Operand filters, int stride, string padding, string dataFormat = "NWC", int dilation = 1, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        bool first = IsChannelsFirst(dataFormat, 1);
        using NameScope scope = graph.NameScope(name ?? "conv1d");
        int axis = first ? 2 : 1;
        Output image = graph.ExpandDims(graph.Convert(value), axis);
        Output window = graph.ExpandDims(graph.Convert(filters), 0);
        int[] strides = first ? [1, 1, 1, stride] : [1, 1, stride, 1];
        int[] dilations = first ? [1, 1, 1, dilation] : [1, 1, dilation, 1];
        Output sums = graph.Conv2D(image, window, strides, padding, first ? "NCHW" : "NHWC", dilations, name: scope.Name);
        return graph.Squeeze(sums, [axis]);
    }

    /// <summary>Slides filters over rows, images or volumes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, 1 to 3 lengths, channels], or with channels second; its rank or that of the filters must be known.</param>
    /// <param name="filter">Shape: [as many lengths, in, out].</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="strides">Distance of windows along each length; 1 by default.</param>
    /// <param name="dilationRate">Distance of a window's elements along each length; 1 by default.</param>
    /// <param name="name">Name scope, and name of the convolution's node.</param>
    /// <param name="dataFormat">NWC, NHWC, NDHWC (by default), NCW, NCHW or NCDHW.</param>
    /// <exception cref="ArgumentException">The rank is not known or not 3 to 5, or the numbers of lengths differ.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.convolution</c>; dilated ones are one node here.</remarks>
    public static Output Convolution(
        this Graph graph, Operand input, Operand filter, string padding, int[]? strides = null, int[]? dilationRate = null, string? name = null, string? dataFormat = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output x = graph.Convert(input);
        Output window = graph.Convert(filter);
        int lengths = (x.Shape.HasRank ? x.Shape.Rank : window.Shape.HasRank ? window.Shape.Rank : throw new ArgumentException("rank of input or filter must be known", nameof(input))) - 2;
        if (lengths is < 1 or > 3)
            throw new ArgumentException($"Input tensor must be of rank 3, 4 or 5 but was {lengths + 2}.", nameof(input));
        int[] steps = Along(strides, lengths, nameof(strides));
        int[] dilations = Along(dilationRate, lengths, nameof(dilationRate));
        string format = dataFormat ?? Formats(lengths).Last;
        bool first = IsChannelsFirst(format, lengths);
        using NameScope scope = graph.NameScope(name ?? "convolution");
        return lengths switch
        {
            1 => graph.Conv1D(x, window, steps[0], padding, format, dilations[0], scope.Name),
            2 => graph.Conv2D(x, window, InBatch(steps, first), padding, format, InBatch(dilations, first), name: scope.Name),
            _ => graph.Conv3D(x, window, InBatch(steps, first), padding, format, InBatch(dilations, first), scope.Name),
        };
    }

    /// <summary>Slides filters with gaps over images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, channels].</param>
    /// <param name="filters">Shape: [height, width, in, out].</param>
    /// <param name="rate">Distance of a window's elements.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="name">Name scope, and name of the convolution's node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.atrous_conv2d</c>; one node here.</remarks>
    public static Output AtrousConv2D(this Graph graph, Operand value, Operand filters, int rate, string padding, string? name = null) =>
        graph.Convolution(value, filters, padding, dilationRate: [rate, rate], name: name);

    /// <summary>The largest or mean element of each window of rows, images or volumes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, 1 to 3 lengths, channels], or with channels second.</param>
    /// <param name="windowShape">Lengths of the window.</param>
    /// <param name="poolingType">MAX or AVG.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="strides">Distance of windows along each length; 1 by default.</param>
    /// <param name="name">Name scope, and name of the pooling node.</param>
    /// <param name="dataFormat">NWC, NHWC, NDHWC (by default), NCW, NCHW or NCDHW.</param>
    /// <exception cref="ArgumentException">The window has no or more than three lengths, or an option is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.nn.pool</c>, without dilation.</remarks>
    public static Output Pool(
        this Graph graph, Operand input, int[] windowShape, string poolingType, string padding, int[]? strides = null, string? name = null, string? dataFormat = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(windowShape);
        int lengths = windowShape.Length;
        if (lengths is < 1 or > 3)
            throw new ArgumentException("It is required that 1 <= num_spatial_dims <= 3.", nameof(windowShape));
        if (poolingType is not ("MAX" or "AVG"))
            throw new ArgumentException($"{lengths}-D {poolingType} pooling is not supported; it is MAX or AVG.", nameof(poolingType));
        bool isMax = poolingType == "MAX";
        int[] steps = Along(strides, lengths, nameof(strides));
        string format = dataFormat ?? Formats(lengths).Last;
        bool first = IsChannelsFirst(format, lengths);
        using NameScope scope = graph.NameScope(name ?? (isMax ? "max_pool" : "avg_pool"));
        Output x = graph.Convert(input, name: "input");
        if (lengths == 3)
        {
            return isMax
                ? graph.MaxPool3D(x, InBatch(windowShape, first), InBatch(steps, first), padding, format, scope.Name)
                : graph.AvgPool3D(x, InBatch(windowShape, first), InBatch(steps, first), padding, format, scope.Name);
        }

        int axis = first ? 2 : 1;
        Output image = lengths == 1 ? graph.ExpandDims(x, axis) : x;
        int[] size = InBatch(lengths == 1 ? [1, .. windowShape] : windowShape, first);
        int[] step = InBatch(lengths == 1 ? [1, .. steps] : steps, first);
        string images = first ? "NCHW" : "NHWC";
        Output pooled = isMax ? graph.MaxPool(image, size, step, padding, images, scope.Name) : graph.AvgPool(image, size, step, padding, images, scope.Name);
        return lengths == 1 ? graph.Squeeze(pooled, [axis]) : pooled;
    }

    /// <summary>The least difference of an image and a kernel in each window.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, channels].</param>
    /// <param name="kernel">Shape: [height, width, channels].</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="rates">Distance of a window's elements along each axis.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.nn.erosion2d</c>.</remarks>
    public static Output Erosion2D(this Graph graph, Operand value, Operand kernel, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "erosion2d");
        return graph.Negative(graph.Dilation2D(graph.Negative(value), graph.Reverse(kernel, new[] { 0, 1 }), strides, rates, padding, scope.Name));
    }

    private static (string Last, string First, string OldLast, string OldFirst) Formats(int lengths) => lengths switch
    {
        1 => ("NWC", "NCW", "NHWC", "NCHW"),
        2 => ("NHWC", "NCHW", "NHWC", "NCHW"),
        _ => ("NDHWC", "NCDHW", "NDHWC", "NCDHW"),
    };

    private static bool IsChannelsFirst(string dataFormat, int lengths)
    {
        (string last, string first, string oldLast, string oldFirst) = Formats(lengths);
        if (dataFormat == first || dataFormat == oldFirst)
            return true;
        return dataFormat == last || dataFormat == oldLast ? false : throw new ArgumentException($"The data format must be '{last}' or '{first}', not '{dataFormat}'.", nameof(dataFormat));
    }

    private static int[] Along(int[]? values, int lengths, string argument) =>
        values is null ? [.. Enumerable.Repeat(1, lengths)]
        : values.Length == lengths ? values
        : values.Length == 1 ? [.. Enumerable.Repeat(values[0], lengths)]
        : throw new ArgumentException($"'{argument}' needs {lengths} numbers, one for each length, but has {values.Length}.", argument);

    private static int[] InBatch(int[] lengths, bool channelsFirst) => channelsFirst ? [1, 1, .. lengths] : [1, .. lengths, 1];
}
