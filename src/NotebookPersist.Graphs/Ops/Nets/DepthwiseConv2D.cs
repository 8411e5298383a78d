using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Slides filters over each channel of images by itself.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="filter">Shape: [height, width, channels, multiplier]. DType: that of <paramref name="input"/>.</param>
    /// <param name="strides">Distance of windows along each axis of the input.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="dilations">Distance of a window's elements along each axis; by default 1.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [batch, windows, windows, channels * multiplier], or with channels second.</returns>
    /// <exception cref="GraphException">Depths differ, or a window is larger than the padded image.</exception>
    /// <remarks>Source: TensorFlow op "DepthwiseConv2dNative".</remarks>
    public static Output DepthwiseConv2DNative(
        this Graph graph, Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", IReadOnlyList<int>? dilations = null, string? name = null) =>
        graph.Add<DepthwiseConv2dNativeOp>(name, ConvolutionAttributes(strides, padding, dataFormat, dilations, null), input, filter);

    /// <summary>Slides filters over each channel of images by itself.</summary>
    /// <inheritdoc cref="DepthwiseConv2DNative"/>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: floats.</param>
    /// <param name="filter">Shape: [height, width, channels, multiplier]. DType: that of <paramref name="input"/>.</param>
    /// <param name="strides">Distance of windows along each axis of the input.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NHWC or NCHW.</param>
    /// <param name="name">Name of the scope, which holds a node "depthwise".</param>
    /// <remarks>Source: <c>tf.nn.depthwise_conv2d</c> at rate 1.</remarks>
    public static Output DepthwiseConv2D(
        this Graph graph, Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "depthwise");
        if (filter.Output is { } symbolic)
            graph.Shape(symbolic);
        return graph.DepthwiseConv2DNative(input, filter, strides, padding, dataFormat, name: scope.Name);
    }

    /// <summary>A convolution of each channel by itself, followed by one of single elements.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: floats.</param>
    /// <param name="depthwiseFilter">Shape: [height, width, channels, multiplier].</param>
    /// <param name="pointwiseFilter">Shape: [1, 1, channels * multiplier, out].</param>
    /// <param name="strides">Strides of the first convolution.</param>
    /// <param name="padding">Padding of the first convolution: SAME or VALID.</param>
    /// <param name="dataFormat">NHWC or NCHW.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: <c>tf.nn.separable_conv2d</c> at rate 1.</remarks>
    public static Output SeparableConv2D(
        this Graph graph,
        Operand input,
        Operand depthwiseFilter,
        Operand pointwiseFilter,
        IReadOnlyList<int> strides,
        string padding,
        string dataFormat = "NHWC",
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "separable_conv2d");
        if (depthwiseFilter.Output is { } symbolic)
            graph.Shape(symbolic);
        Output depthwise = graph.DepthwiseConv2DNative(input, depthwiseFilter, strides, padding, dataFormat, name: "depthwise");
        return graph.Conv2D(depthwise, pointwiseFilter, [1, 1, 1, 1], "VALID", dataFormat, name: scope.Name);
    }
}

internal abstract class DepthwiseOp(string signature) : FloatingOp(signature)
{
    protected static AttributeList CopyOf(GradientContext g) => g.Copy("strides", "padding", "explicit_paddings", "data_format", "dilations");

    protected static WindowRule Rule(Attributes attributes) => WindowRule.Of(attributes, 2);

    protected static WindowShape Windows(KernelContext c, Shape input, Shape filter)
    {
        if (filter.Rank != 4)
            throw c.InvalidArgument($"filter must be 4-dimensional: {filter}");
        WindowShape windows = Rule(c.Attributes).Windows(input, filter.Dimensions[..2], filter[2] * filter[3]);
        return windows.InputChannels == filter[2]
            ? windows
            : throw c.InvalidArgument($"input and filter must have the same depth: {windows.InputChannels} vs {filter[2]}");
    }

    protected static Shape Sizes(KernelContext c, int input)
    {
        Tensor tensor = c.Input(input);
        long[] sizes = new long[tensor.Count];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = tensor.ItemAt<long>(i);
        return sizes;
    }

    protected static void RequireGradient(KernelContext c, WindowShape windows, Tensor gradient)
    {
        Shape expected = Rule(c.Attributes).OutputShape(windows);
        if (gradient.Shape != expected)
            throw c.InvalidArgument($"{c.Operation.Type}: out_backprop has shape {gradient.Shape}; a convolution of these sizes gives {expected}");
    }
}

internal sealed class DepthwiseConv2dNativeOp() : DepthwiseOp(
    "DepthwiseConv2dNative(input: T, filter: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "dilations: list(int) = [1, 1, 1, 1]")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<DepthwiseConv2dNativeBackpropInputOp>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.X(1), g.Dy(0)),
        g.Graph.Add<DepthwiseConv2dNativeBackpropFilterOp>(null, CopyOf(g), g.X(0), g.Graph.Shape(g.X(1)), g.Dy(0)),
    ]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        Shape filter = c.WithRank(1, 4);
        WindowRule rule = Rule(c.Attributes);
        c.Merge(input[rule.Layout.Channels], filter[2]);
        long[] sizes =
        [
            rule.OutputSize(c, 0, input[rule.Layout.Spatial(0)], filter[0]),
            rule.OutputSize(c, 1, input[rule.Layout.Spatial(1)], filter[1]),
        ];
        c.Output(0, rule.Layout.Make(input[0], sizes, filter[2] < 0 || filter[3] < 0 ? -1 : filter[2] * filter[3]));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        WindowRule rule = Rule(c.Attributes);
        WindowShape windows = Windows(c, c.Input(0).Shape, filter.Shape);
        Shape shape = rule.OutputShape(windows);
        Tensor input = rule.Layout.ToChannelsLast(c, c.Input(0));
        Tensor output = rule.Layout.AllocateChannelsLast(c, 0, shape);
        DepthwiseConvolution.Forward(input.Data<T>(), filter.Data<T>(), output.MutableData<T>(), windows, c.Workers);
        rule.Layout.Finish(c, 0, shape, output);
    }
}

internal sealed class DepthwiseConv2dNativeBackpropInputOp() : DepthwiseOp(
    "DepthwiseConv2dNativeBackpropInput(input_sizes: int32, filter: T, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "dilations: list(int) = [1, 1, 1, 1]")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        null,
        g.Graph.Add<DepthwiseConv2dNativeBackpropFilterOp>(null, CopyOf(g), g.Dy(0), g.Graph.Shape(g.X(1)), g.X(2)),
        g.Graph.Add<DepthwiseConv2dNativeOp>(null, CopyOf(g), g.Dy(0), g.X(1)),
    ]);

    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(0), Shape.OfRank(4)));

    protected override void Compute<T>(KernelContext c)
    {
        Shape shape = Sizes(c, 0);
        Tensor filter = c.Input(1);
        WindowShape windows = Windows(c, shape, filter.Shape);
        RequireGradient(c, windows, c.Input(2));
        ImageLayout layout = Rule(c.Attributes).Layout;
        Tensor gradient = layout.ToChannelsLast(c, c.Input(2));
        Tensor result = layout.AllocateChannelsLast(c, 0, shape);
        DepthwiseConvolution.BackpropInput(filter.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
        layout.Finish(c, 0, shape, result);
    }
}

internal sealed class DepthwiseConv2dNativeBackpropFilterOp() : DepthwiseOp(
    "DepthwiseConv2dNativeBackpropFilter(input: T, filter_sizes: int32, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "dilations: list(int) = [1, 1, 1, 1]")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<DepthwiseConv2dNativeBackpropInputOp>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.Dy(0), g.X(2)),
        null,
        g.Graph.Add<DepthwiseConv2dNativeOp>(null, CopyOf(g), g.X(0), g.Dy(0)),
    ]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(1), Shape.OfRank(4)));

    protected override void Compute<T>(KernelContext c)
    {
        Shape shape = Sizes(c, 1);
        WindowShape windows = Windows(c, c.Input(0).Shape, shape);
        RequireGradient(c, windows, c.Input(2));
        ImageLayout layout = Rule(c.Attributes).Layout;
        Tensor input = layout.ToChannelsLast(c, c.Input(0));
        Tensor gradient = layout.ToChannelsLast(c, c.Input(2));
        Tensor result = c.AllocateOutput(0, shape);
        DepthwiseConvolution.BackpropFilter(input.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
