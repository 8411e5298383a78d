using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The mean of each window.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, channels], or with channels second. DType: floats.</param>
    /// <param name="ksize">Size of the windows along each axis of the input, as <c>[1, 2, 2, 1]</c>.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="padding">SAME or VALID; padding does not count.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">A window is larger than the image.</exception>
    /// <remarks>Source: TensorFlow op "AvgPool".</remarks>
    public static Output AvgPool(
        this Graph graph, Operand value, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
        graph.Add<AvgPoolOp>(name, PoolAttributes(ksize, strides, padding, dataFormat), value);
}

internal sealed class AvgPoolOp() : AveragePoolForwardOp(
    "AvgPool(value: T) -> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: half | bfloat16 | float | double", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<AvgPoolGradOp>(null, CopyOf(g), g.Graph.Shape(g.X(0)), g.Dy(0))]);
}

internal sealed class AvgPoolGradOp() : AveragePoolBackpropOp(
    "AvgPoolGrad(orig_input_shape: int32, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: half | bfloat16 | float | double", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [null, g.Graph.Add<AvgPoolOp>(null, g.Copy("ksize", "strides", "padding", "data_format"), g.Dy(0))]);
}
