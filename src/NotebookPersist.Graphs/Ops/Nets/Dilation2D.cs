using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Greyscale dilation: the largest sum of an input element and a filter element under each window.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="filter">Shape: [height, width, channels]. DType: that of <paramref name="input"/>.</param>
    /// <param name="strides">Distance of windows along each axis of the input.</param>
    /// <param name="rates">Distance of a window's elements along each axis of the input.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">Depths differ, or a window is larger than the padded image.</exception>
    /// <remarks>Source: TensorFlow op "Dilation2D".</remarks>
    public static Output Dilation2D(this Graph graph, Operand input, Operand filter, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null) =>
        graph.Add<Dilation2DOp>(name, new AttributeList { { "strides", strides }, { "rates", rates }, { "padding", padding } }, input, filter);
}

internal abstract class DilationOp(string signature) : NumberOp(signature)
{
    protected static AttributeList CopyOf(GradientContext g) => g.Copy("strides", "rates", "padding");

    protected static WindowRule Rule(Attributes attributes) => WindowRule.Of(attributes, 2, dilations: "rates");

    protected static WindowShape Windows(KernelContext c, Shape input, Shape filter)
    {
        if (filter.Rank != 3)
            throw c.InvalidArgument($"filter must be 3-dimensional: {filter}");
        WindowShape windows = Rule(c.Attributes).Windows(input, filter.Dimensions[..2], filter[2]);
        return windows.InputChannels == filter[2]
            ? windows
            : throw c.InvalidArgument($"input and filter must have the same depth: {windows.InputChannels} vs {filter[2]}");
    }
}

internal sealed class Dilation2DOp() : DilationOp(
    "Dilation2D(input: T, filter: T) -> (output: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, strides: list(int) >= 4, "
    + "rates: list(int) >= 4, padding: 'SAME' | 'VALID'")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    [
        g.Graph.Add<Dilation2DBackpropInputOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0)),
        g.Graph.Add<Dilation2DBackpropFilterOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0)),
    ]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        Shape filter = c.WithRank(1, 3);
        WindowRule rule = Rule(c.Attributes);
        c.Output(0, [input[0], rule.OutputSize(c, 0, input[1], filter[0]), rule.OutputSize(c, 1, input[2], filter[1]), c.Merge(input[3], filter[2])]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        WindowShape windows = Windows(c, c.Input(0).Shape, filter.Shape);
        Tensor output = c.AllocateOutput(0, Rule(c.Attributes).OutputShape(windows));
        Dilation.Forward(c.Input<T>(0), filter.Data<T>(), output.MutableData<T>(), windows);
    }
}

internal abstract class DilationBackpropOp(string signature, int towards) : DilationOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of a dilation");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(towards));

    protected override void Compute<T>(KernelContext c)
    {
        WindowShape windows = Windows(c, c.Input(0).Shape, c.Input(1).Shape);
        if (c.Input(2).Shape != Rule(c.Attributes).OutputShape(windows))
            throw c.InvalidArgument($"out_backprop has incompatible size: {c.Input(2).Shape}");
        Tensor result = c.AllocateOutput(0, c.Input(towards).Shape);
        Dilation.Backprop(c.Input<T>(0), c.Input<T>(1), c.Input<T>(2), result.MutableData<T>(), towards == 1, windows);
    }
}

internal sealed class Dilation2DBackpropInputOp() : DilationBackpropOp(
    "Dilation2DBackpropInput(input: T, filter: T, out_backprop: T) -> (in_backprop: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, strides: list(int) >= 4, "
    + "rates: list(int) >= 4, padding: 'SAME' | 'VALID'", 0);

internal sealed class Dilation2DBackpropFilterOp() : DilationBackpropOp(
    "Dilation2DBackpropFilter(input: T, filter: T, out_backprop: T) -> (filter_backprop: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, strides: list(int) >= 4, "
    + "rates: list(int) >= 4, padding: 'SAME' | 'VALID'", 1);
