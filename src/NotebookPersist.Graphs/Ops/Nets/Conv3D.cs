using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Slides filters over volumes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, depth, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="filter">Shape: [depth, height, width, in, out]. DType: that of <paramref name="input"/>.</param>
    /// <param name="strides">Distance of windows along each axis of the input.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NDHWC or NCDHW; both run here.</param>
    /// <param name="dilations">Distance of a window's elements along each axis; by default 1.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">Depths differ, or a window is larger than the padded volume.</exception>
    /// <remarks>Source: TensorFlow op "Conv3D".</remarks>
    public static Output Conv3D(
        this Graph graph, Operand input, Operand filter, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", IReadOnlyList<int>? dilations = null, string? name = null) =>
        graph.Add<Conv3DOp>(name, ConvolutionAttributes(strides, padding, dataFormat, dilations, null), input, filter);

    /// <summary>A convolution of volumes run backwards, which makes them larger.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, depth, height, width, in]. DType: floats.</param>
    /// <param name="filter">Shape: [depth, height, width, out, in].</param>
    /// <param name="outputShape">Shape of the result. DType: int32 or int64.</param>
    /// <param name="strides">As for the convolution that is reversed.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NDHWC or NCDHW.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: <c>tf.nn.conv3d_transpose</c>; TensorFlow op "Conv3DBackpropInputV2".</remarks>
    public static Output Conv3DTranspose(
        this Graph graph, Operand value, Operand filter, Operand outputShape, IReadOnlyList<int> strides, string padding = "SAME", string dataFormat = "NDHWC", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "conv3d_transpose");
        return graph.Add<Conv3DBackpropInputV2Op>(scope.Name, ConvolutionAttributes(strides, padding, dataFormat, null, null), outputShape, filter, value);
    }
}

internal sealed class Conv3DOp() : ConvolutionForwardOp(
    "Conv3D(input: T, filter: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "dilations: list(int) = [1, 1, 1, 1, 1]", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<Conv3DBackpropInputV2Op>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.X(1), g.Dy(0)),
        g.Graph.Add<Conv3DBackpropFilterV2Op>(null, CopyOf(g), g.X(0), g.Graph.Shape(g.X(1)), g.Dy(0)),
    ]);
}

internal sealed class Conv3DBackpropInputV2Op() : ConvolutionInputOp(
    "Conv3DBackpropInputV2(input_sizes: Tshape, filter: T, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "dilations: list(int) = [1, 1, 1, 1, 1], Tshape: int32 | int64 = int32", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        null,
        g.Graph.Add<Conv3DBackpropFilterV2Op>(null, CopyOf(g), g.Dy(0), g.Graph.Shape(g.X(1)), g.X(2)),
        g.Graph.Add<Conv3DOp>(null, CopyOf(g), g.Dy(0), g.X(1)),
    ]);
}

internal sealed class Conv3DBackpropFilterV2Op() : ConvolutionFilterOp(
    "Conv3DBackpropFilterV2(input: T, filter_sizes: int32, out_backprop: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "dilations: list(int) = [1, 1, 1, 1, 1]", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<Conv3DBackpropInputV2Op>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.Dy(0), g.X(2)),
        null,
        g.Graph.Add<Conv3DOp>(null, CopyOf(g), g.X(0), g.Dy(0)),
    ]);
}

/// <summary>The older backward passes take a tensor for its shape alone.</summary>
internal sealed class Conv3DBackpropInputOp() : ConvolutionOp(
    "Conv3DBackpropInput(input: T, filter: T, out_backprop: T) -> (output: T) "
    + "where T: half | float | double, strides: list(int) >= 5, padding: 'SAME' | 'VALID', dilations: list(int) = [1, 1, 1, 1, 1]", 3)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it; Conv3DBackpropInputV2 has one");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, 5));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        Shape shape = c.Input(0).Shape;
        WindowShape windows = Windows(c, shape, filter.Shape);
        RequireGradient(c, windows, c.Input(2));
        Tensor result = c.AllocateOutput(0, shape);
        Convolution.BackpropInput(filter.Data<T>(), c.Input(2).Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}

internal sealed class Conv3DBackpropFilterOp() : ConvolutionOp(
    "Conv3DBackpropFilter(input: T, filter: T, out_backprop: T) -> (output: T) "
    + "where T: half | float | double, strides: list(int) >= 5, padding: 'SAME' | 'VALID', dilations: list(int) = [1, 1, 1, 1, 1]", 3)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it; Conv3DBackpropFilterV2 has one");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, 5));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        Shape shape = c.Input(1).Shape;
        WindowShape windows = Windows(c, input.Shape, shape);
        RequireGradient(c, windows, c.Input(2));
        Tensor result = c.AllocateOutput(0, shape);
        Convolution.BackpropFilter(input.Data<T>(), c.Input(2).Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
