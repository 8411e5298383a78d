using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>How an operation's windows slide, from its attributes.</summary>
internal sealed class WindowRule
{
    private readonly long[] _strides;
    private readonly long[] _dilations;
    private readonly IReadOnlyList<long> _explicit;

    private WindowRule(ImageLayout layout, IReadOnlyList<long> strides, IReadOnlyList<long>? dilations, string padding, IReadOnlyList<long> paddings)
    {
        Layout = layout;
        Padding = padding;
        _explicit = paddings;
        _strides = Pick(strides);
        _dilations = dilations is null ? [1, 1, 1] : Pick(dilations);
    }

    public ImageLayout Layout { get; }

    public string Padding { get; }

    /// <summary>Reads the attributes.</summary>
    /// <param name="attributes">Attributes of the node.</param>
    /// <param name="spatialRank">Number of spatial axes.</param>
    /// <param name="strides">Strides of all axes where they are no attribute.</param>
    /// <param name="dilations">Name of the attribute with the dilations.</param>
    public static WindowRule Of(Attributes attributes, int spatialRank, IReadOnlyList<long>? strides = null, string dilations = "dilations") => new(
        ImageLayout.Of(attributes, spatialRank),
        strides ?? attributes.Ints("strides"),
        attributes.Contains(dilations) && attributes.Ints(dilations).Count > 0 ? attributes.Ints(dilations) : null,
        attributes.String("padding"),
        attributes.Contains("explicit_paddings") ? attributes.Ints("explicit_paddings") : []);

    /// <summary>The entries of a list of all axes that belong to spatial ones.</summary>
    public long[] Pick(IReadOnlyList<long> ofAllAxes)
    {
        if (ofAllAxes.Count != Layout.Rank)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Sliding window strides, sizes and dilations must specify {Layout.Rank} dimensions; {ofAllAxes.Count} were given.");
        long[] picked = new long[Layout.SpatialRank];
        for (int i = 0; i < picked.Length; i++)
            picked[i] = ofAllAxes[Layout.Spatial(i)];
        return picked;
    }

    /// <summary>Number of windows along an axis while a graph is built; -1 where it cannot be told.</summary>
    /// <exception cref="GraphException">The window is larger than the padded input.</exception>
    public long OutputSize(ShapeContext c, int axis, long input, long window)
    {
        if (input < 0 || window < 0)
            return -1;
        if (_strides[axis] <= 0)
            throw c.Fault($"Stride must be > 0, but got {_strides[axis]}.");
        int output = Axis(axis, input, window).Output;
        long span = ((window - 1) * _dilations[axis]) + 1;
        if (output < 0 || (Padding == "VALID" && span > input))
            throw c.Fault($"Negative dimension size caused by subtracting {span} from {input}: the window is larger than the input. A padding of SAME fills up what is missing.");
        return output;
    }

    /// <summary>The windows of an image.</summary>
    /// <param name="image">Shape of the input in the node's layout.</param>
    /// <param name="window">Sizes of a window along the spatial axes.</param>
    /// <param name="outputChannels">Channels of the output.</param>
    /// <exception cref="KernelException">The windows do not fit.</exception>
    public WindowShape Windows(Shape image, ReadOnlySpan<long> window, long outputChannels)
    {
        if (image.Rank != Layout.Rank)
            throw new KernelException(RunErrorCode.InvalidArgument, $"input must be {Layout.Rank}-dimensional: {image}");
        var axes = new WindowAxis[3];
        Array.Fill(axes, WindowAxis.Single);
        for (int i = 0; i < Layout.SpatialRank; i++)
        {
            long input = image[Layout.Spatial(i)];
            if (window[i] <= 0 || _strides[i] <= 0 || _dilations[i] <= 0)
                throw new KernelException(RunErrorCode.InvalidArgument, $"Windows need positive sizes, strides and dilations; axis {i} has {window[i]}, {_strides[i]} and {_dilations[i]}.");
            WindowAxis axis = Axis(i, input, window[i]);
            if (axis.Output < 0)
                throw new KernelException(RunErrorCode.InvalidArgument, $"Computed output size would be negative: {axis.Output} [input_size: {input}, effective_filter_size: {((window[i] - 1) * _dilations[i]) + 1}, stride: {_strides[i]}]");
            axes[3 - Layout.SpatialRank + i] = axis;
        }

        return new WindowShape((int)image[0], (int)image[Layout.Channels], (int)outputChannels, axes[0], axes[1], axes[2]);
    }

    /// <summary>The output's shape in the node's layout.</summary>
    public Shape OutputShape(WindowShape windows)
    {
        long[] all = [windows.Depth.Output, windows.Height.Output, windows.Width.Output];
        return Layout.Make(windows.Batch, all.AsSpan(3 - Layout.SpatialRank), windows.OutputChannels);
    }

    private WindowAxis Axis(int axis, long input, long window)
    {
        (long before, long after) = (0, 0);
        if (Padding == "EXPLICIT")
        {
            int at = 2 * Layout.Spatial(axis);
            if (_explicit.Count != 2 * Layout.Rank)
                throw new KernelException(RunErrorCode.InvalidArgument, $"explicit_paddings attribute must contain {2 * Layout.Rank} values, but got: {_explicit.Count}");
            (before, after) = (_explicit[at], _explicit[at + 1]);
        }

        return WindowAxis.Create(input, window, _strides[axis], _dilations[axis], Padding, before, after);
    }
}
