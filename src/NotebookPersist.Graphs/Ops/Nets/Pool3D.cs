using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The largest element of each window of a volume.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, depth, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="ksize">Size of the windows along each axis of the input.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="dataFormat">NDHWC or NCDHW; both run here.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">A window is larger than the volume.</exception>
    /// <remarks>Source: TensorFlow op "MaxPool3D".</remarks>
    public static Output MaxPool3D(
        this Graph graph, Operand input, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", string? name = null) =>
        graph.Add<MaxPool3DOp>(name, PoolAttributes(ksize, strides, padding, dataFormat), input);

    /// <summary>The mean of each window of a volume.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, depth, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="ksize">Size of the windows along each axis of the input.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="padding">SAME or VALID; padding does not count.</param>
    /// <param name="dataFormat">NDHWC or NCDHW; both run here.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">A window is larger than the volume.</exception>
    /// <remarks>Source: TensorFlow op "AvgPool3D".</remarks>
    public static Output AvgPool3D(
        this Graph graph, Operand input, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NDHWC", string? name = null) =>
        graph.Add<AvgPool3DOp>(name, PoolAttributes(ksize, strides, padding, dataFormat), input);
}

internal sealed class MaxPool3DOp() : MaxPoolForwardOp(
    "MaxPool3D(input: T) -> (output: T) "
    + "where ksize: list(int) >= 5, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "T: half | bfloat16 | float", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<MaxPool3DGradOp>(null, CopyOf(g), g.X(0), g.Y(0), g.Dy(0))]);
}

internal sealed class MaxPool3DGradOp() : MaxPoolBackpropOp(
    "MaxPool3DGrad(orig_input: TInput, orig_output: TInput, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 5, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "T: half | bfloat16 | float = float, TInput: half | bfloat16 | float = float", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.ZerosOf(0), g.ZerosOf(1), g.Graph.Add<MaxPool3DGradGradOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0))]);
}

internal sealed class MaxPool3DGradGradOp() : MaxPoolGatherOp(
    "MaxPool3DGradGrad(orig_input: T, orig_output: T, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 5, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.ZerosOf(0), g.ZerosOf(1), g.Graph.Add<MaxPool3DGradOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0))]);
}

internal sealed class AvgPool3DOp() : AveragePoolForwardOp(
    "AvgPool3D(input: T) -> (output: T) "
    + "where ksize: list(int) >= 5, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "T: half | bfloat16 | float | double", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<AvgPool3DGradOp>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.Dy(0))]);
}

internal sealed class AvgPool3DGradOp() : AveragePoolBackpropOp(
    "AvgPool3DGrad(orig_input_shape: int32, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 5, strides: list(int) >= 5, padding: 'SAME' | 'VALID', data_format: 'NDHWC' | 'NCDHW' = 'NDHWC', "
    + "T: half | bfloat16 | float | double", 3)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [null, g.Graph.Add<AvgPool3DOp>(null, g.Copy("ksize", "strides", "padding", "data_format"), g.Dy(0))]);
}
