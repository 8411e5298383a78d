using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Slides filters over images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="filter">Shape: [height, width, in, out]. DType: that of <paramref name="input"/>.</param>
    /// <param name="strides">Distance of windows along each axis of the input, as <c>[1, 1, 1, 1]</c>.</param>
    /// <param name="padding">SAME, VALID or EXPLICIT.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="dilations">Distance of a window's elements along each axis; by default 1.</param>
    /// <param name="explicitPaddings">Padding before and after each axis, where <paramref name="padding"/> is EXPLICIT.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [batch, windows, windows, out], or with channels second.</returns>
    /// <exception cref="GraphException">Depths differ, or a window is larger than the padded image.</exception>
    /// <remarks>Source: TensorFlow op "Conv2D".</remarks>
    public static Output Conv2D(
        this Graph graph,
        Operand input,
        Operand filter,
        IReadOnlyList<int> strides,
        string padding,
        string dataFormat = "NHWC",
        IReadOnlyList<int>? dilations = null,
        IReadOnlyList<int>? explicitPaddings = null,
        string? name = null) =>
        graph.Add<Conv2DOp>(name, ConvolutionAttributes(strides, padding, dataFormat, dilations, explicitPaddings), input, filter);

    /// <summary>The gradient of <see cref="Conv2D"/> towards its input; by itself a transposed convolution.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputSizes">The input's shape. DType: int32.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="outBackprop">Gradient towards the output.</param>
    /// <param name="strides">As for the convolution.</param>
    /// <param name="padding">As for the convolution.</param>
    /// <param name="dataFormat">As for the convolution.</param>
    /// <param name="dilations">As for the convolution.</param>
    /// <param name="explicitPaddings">As for the convolution.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Conv2DBackpropInput".</remarks>
    public static Output Conv2DBackpropInput(
        this Graph graph,
        Operand inputSizes,
        Operand filter,
        Operand outBackprop,
        IReadOnlyList<int> strides,
        string padding,
        string dataFormat = "NHWC",
        IReadOnlyList<int>? dilations = null,
        IReadOnlyList<int>? explicitPaddings = null,
        string? name = null) =>
        graph.Add<Conv2DBackpropInputOp>(name, ConvolutionAttributes(strides, padding, dataFormat, dilations, explicitPaddings), inputSizes, filter, outBackprop);

    /// <summary>The gradient of <see cref="Conv2D"/> towards its filter.</summary>
    /// <inheritdoc cref="Conv2DBackpropInput"/>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">The input.</param>
    /// <param name="filterSizes">The filter's shape. DType: int32.</param>
    /// <param name="outBackprop">Gradient towards the output.</param>
    /// <param name="strides">As for the convolution.</param>
    /// <param name="padding">As for the convolution.</param>
    /// <param name="dataFormat">As for the convolution.</param>
    /// <param name="dilations">As for the convolution.</param>
    /// <param name="explicitPaddings">As for the convolution.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Conv2DBackpropFilter".</remarks>
    public static Output Conv2DBackpropFilter(
        this Graph graph,
        Operand input,
        Operand filterSizes,
        Operand outBackprop,
        IReadOnlyList<int> strides,
        string padding,
        string dataFormat = "NHWC",
        IReadOnlyList<int>? dilations = null,
        IReadOnlyList<int>? explicitPaddings = null,
        string? name = null) =>
        graph.Add<Conv2DBackpropFilterOp>(name, ConvolutionAttributes(strides, padding, dataFormat, dilations, explicitPaddings), input, filterSizes, outBackprop);

    /// <summary>A convolution run backwards, which makes images larger.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, in]. DType: floats.</param>
    /// <param name="filter">Shape: [height, width, out, in].</param>
    /// <param name="outputShape">Shape of the result. DType: int32.</param>
    /// <param name="strides">As for the convolution that is reversed.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NHWC or NCHW.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: <c>tf.nn.conv2d_transpose</c>; TensorFlow op "Conv2DBackpropInput".</remarks>
    public static Output Conv2DTranspose(
        this Graph graph, Operand value, Operand filter, Operand outputShape, IReadOnlyList<int> strides, string padding = "SAME", string dataFormat = "NHWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "conv2d_transpose");
        return graph.Conv2DBackpropInput(outputShape, filter, value, strides, padding, dataFormat, name: scope.Name);
    }

    internal static AttributeList ConvolutionAttributes(
        IReadOnlyList<int> strides, string padding, string dataFormat, IReadOnlyList<int>? dilations, IReadOnlyList<int>? explicitPaddings)
    {
        var list = new AttributeList { { "strides", strides }, { "padding", padding }, { "data_format", dataFormat } };
        if (dilations is not null)
            list.Add("dilations", dilations);
        if (explicitPaddings is not null)
            list.Add("explicit_paddings", explicitPaddings);
        return list;
    }
}

internal sealed class Conv2DOp() : ConvolutionForwardOp(
    "Conv2D(input: T, filter: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), use_cudnn_on_gpu: bool = true, padding: 'SAME' | 'VALID' | 'EXPLICIT', "
    + "explicit_paddings: list(int) = [], data_format: 'NHWC' | 'NCHW' = 'NHWC', dilations: list(int) = [1, 1, 1, 1]", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation shapes = g.Graph.AddOperation("ShapeN", null, null, g.X(0), g.X(1));
        return
        [
            g.Graph.Add<Conv2DBackpropInputOp>(null, CopyOf(g), shapes[0], g.X(1), g.Dy(0)),
            g.Graph.Add<Conv2DBackpropFilterOp>(null, CopyOf(g), g.X(0), shapes[1], g.Dy(0)),
        ];
    });
}

internal sealed class Conv2DBackpropInputOp() : ConvolutionInputOp(
    "Conv2DBackpropInput(input_sizes: int32, filter: T, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), use_cudnn_on_gpu: bool = true, padding: 'SAME' | 'VALID' | 'EXPLICIT', "
    + "explicit_paddings: list(int) = [], data_format: 'NHWC' | 'NCHW' = 'NHWC', dilations: list(int) = [1, 1, 1, 1]", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        null,
        g.Graph.Add<Conv2DBackpropFilterOp>(null, CopyOf(g), g.Dy(0), g.Graph.Shape(g.X(1)), g.X(2)),
        g.Graph.Add<Conv2DOp>(null, CopyOf(g), g.Dy(0), g.X(1)),
    ]);
}

internal sealed class Conv2DBackpropFilterOp() : ConvolutionFilterOp(
    "Conv2DBackpropFilter(input: T, filter_sizes: int32, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int), use_cudnn_on_gpu: bool = true, padding: 'SAME' | 'VALID' | 'EXPLICIT', "
    + "explicit_paddings: list(int) = [], data_format: 'NHWC' | 'NCHW' = 'NHWC', dilations: list(int) = [1, 1, 1, 1]", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<Conv2DBackpropInputOp>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.Dy(0), g.X(2)),
        null,
        g.Graph.Add<Conv2DOp>(null, CopyOf(g), g.X(0), g.Dy(0)),
    ]);
}
