using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The largest element of each window.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, channels], or with channels second. DType: real numbers.</param>
    /// <param name="ksize">Size of the windows along each axis of the input, as <c>[1, 2, 2, 1]</c>.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="padding">SAME or VALID; padding is never the largest.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">A window is larger than the image.</exception>
    /// <remarks>Source: TensorFlow op "MaxPool". Of equal elements the first gets the gradient.</remarks>
    public static Output MaxPool(
        this Graph graph, Operand value, IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat = "NHWC", string? name = null) =>
        graph.Add<MaxPoolOp>(name, PoolAttributes(ksize, strides, padding, dataFormat), value);

    /// <summary>The largest element of each window, and where it was.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="ksize">Size of the windows along each axis.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="padding">SAME or VALID.</param>
    /// <param name="argmaxType">int32 or int64.</param>
    /// <param name="includeBatchInIndex">Whether positions count from the start of the batch or of the image.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The largest elements, and their positions.</returns>
    /// <remarks>Source: TensorFlow op "MaxPoolWithArgmax".</remarks>
    public static (Output Output, Output Argmax) MaxPoolWithArgmax(
        this Graph graph,
        Operand input,
        IReadOnlyList<int> ksize,
        IReadOnlyList<int> strides,
        string padding,
        DType argmaxType = DType.Int64,
        bool includeBatchInIndex = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation operation = graph.AddOperation<MaxPoolWithArgmaxOp>(
            name,
            new AttributeList { { "ksize", ksize }, { "strides", strides }, { "padding", padding }, { "Targmax", argmaxType }, { "include_batch_in_index", includeBatchInIndex } },
            input);
        return (operation[0], operation[1]);
    }

    internal static AttributeList PoolAttributes(IReadOnlyList<int> ksize, IReadOnlyList<int> strides, string padding, string dataFormat) =>
        new() { { "ksize", ksize }, { "strides", strides }, { "padding", padding }, { "data_format", dataFormat } };
}

internal sealed class MaxPoolOp() : MaxPoolForwardOp(
    "MaxPool(input: T) -> (output: T) "
    + "where T: half | bfloat16 | float | double | int32 | int64 | uint8 | int16 | int8 | uint16 | qint8 = float, ksize: list(int) >= 4, "
    + "strides: list(int) >= 4, padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' | 'NCHW_VECT_C' = 'NHWC'", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<MaxPoolGradOp>(null, CopyOf(g), g.X(0), g.Y(0), g.Dy(0))]);
}

internal sealed class MaxPoolGradOp() : MaxPoolBackpropOp(
    "MaxPoolGrad(orig_input: T, orig_output: T, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64 = float", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.ZerosOf(0), g.ZerosOf(1), g.Graph.Add<MaxPoolGradGradOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0))]);
}

internal sealed class MaxPoolGradGradOp() : MaxPoolGatherOp(
    "MaxPoolGradGrad(orig_input: T, orig_output: T, grad: T) -> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID' + 'EXPLICIT', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.ZerosOf(0), g.ZerosOf(1), g.Graph.Add<MaxPoolGradOp>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0))]);
}

internal sealed class MaxPoolV2Op() : MaxPoolForwardOp(
    "MaxPoolV2(input: T, ksize: int32, strides: int32) -> (output: T) "
    + "where T: half | bfloat16 | float | double | int32 | int64 | uint8 | int16 | int8 | uint16 | qint8 = float, padding: 'SAME' | 'VALID', "
    + "data_format: 'NHWC' | 'NCHW' | 'NCHW_VECT_C' = 'NHWC'", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<MaxPoolGradV2Op>(null, CopyOf(g), g.X(0), g.Y(0), g.Dy(0), g.X(1), g.X(2)), null, null]);

    public override void InferShapes(ShapeContext c) => InferPooled(c, c.InputInts(1), c.InputInts(2));
}

internal sealed class MaxPoolGradV2Op() : MaxPoolBackpropOp(
    "MaxPoolGradV2(orig_input: T, orig_output: T, grad: T, ksize: int32, strides: int32) -> (output: T) "
    + "where padding: 'SAME' | 'VALID', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64 = float", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.ZerosOf(0), g.ZerosOf(1), g.Graph.Add<MaxPoolGradGradV2Op>(null, CopyOf(g), g.X(0), g.X(1), g.Dy(0), g.X(3), g.X(4)), null, null]);
}

internal sealed class MaxPoolGradGradV2Op() : MaxPoolGatherOp(
    "MaxPoolGradGradV2(orig_input: T, orig_output: T, grad: T, ksize: int32, strides: int32) -> (output: T) "
    + "where padding: 'SAME' | 'VALID', data_format: 'NHWC' | 'NCHW' = 'NHWC', "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow stops at the second derivative of this form");
}

internal sealed class MaxPoolWithArgmaxOp() : PoolOp(
    "MaxPoolWithArgmax(input: T) -> (output: T, argmax: Targmax) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, Targmax: int32 | int64 = int64, padding: 'SAME' | 'VALID', "
    + "include_batch_in_index: bool = false, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 2)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<MaxPoolGradWithArgmaxOp>(null, CopyOf(g), g.X(0), g.Dy(0), g.Y(1))]);

    public override void InferShapes(ShapeContext c)
    {
        InferPooled(c, c.Attributes.Ints("ksize"), c.Attributes.Ints("strides"));
        c.Output(1, c.Operation.Outputs[0].Shape);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        WindowShape windows = Windows(c, input.Shape, out Shape shape);
        Tensor positions = c.Allocate(DType.Int32, shape);
        Pooling.ArgMax(input.Data<T>(), positions.MutableData<int>(), windows, c.Workers);
        ReadOnlySpan<int> from = positions.Data<int>();
        ReadOnlySpan<T> values = input.Data<T>();
        Span<T> output = c.AllocateOutput(0, shape).MutableData<T>();
        Tensor argmax = c.AllocateOutput(1, shape);
        int image = c.Attributes.Bool("include_batch_in_index") ? int.MaxValue : (int)(input.Shape[1] * input.Shape[2] * input.Shape[3]);
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = values[from[i]];
            if (argmax.DType == DType.Int32)
                argmax.MutableData<int>()[i] = from[i] % image;
            else
                argmax.MutableData<long>()[i] = from[i] % image;
        }
    }
}

internal sealed class MaxPoolGradWithArgmaxOp() : PoolOp(
    "MaxPoolGradWithArgmax(input: T, grad: T, argmax: Targmax) -> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID', include_batch_in_index: bool = false, "
    + "Targmax: int32 | int64, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of this form");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, 4));

    protected override void Compute<T>(KernelContext c)
    {
        Shape image = c.Input(0).Shape;
        Tensor gradient = c.Input(1);
        Tensor argmax = c.Input(2);
        if (gradient.Count != argmax.Count || gradient.Rank == 0 || gradient.Shape[0] != image[0])
            throw c.InvalidArgument($"grad and argmax sizes do not match: {gradient.Shape} and {argmax.Shape}");
        Span<T> result = c.AllocateOutput(0, image).MutableData<T>();
        result.Clear();
        long size = image[0] == 0 ? 0 : result.Length / image[0];
        long perImage = image[0] == 0 ? 0 : gradient.Count / image[0];
        bool whole = c.Attributes.Bool("include_batch_in_index");
        ReadOnlySpan<T> values = gradient.Data<T>();
        for (int i = 0; i < values.Length; i++)
        {
            long position = argmax.ItemAt<long>(i) + (whole ? 0 : i / perImage * size);
            if ((ulong)position >= (ulong)result.Length)
                throw c.InvalidArgument($"Invalid output index: {position}, {i}, {values.Length}");
            result[(int)position] += values[i];
        }
    }
}

internal sealed class MaxPoolGradGradWithArgmaxOp() : PoolOp(
    "MaxPoolGradGradWithArgmax(input: T, grad: T, argmax: Targmax) "
    + "-> (output: T) "
    + "where ksize: list(int) >= 4, strides: list(int) >= 4, padding: 'SAME' | 'VALID', include_batch_in_index: bool = false, Targmax: int32 | int64, "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow stops at the second derivative");

    public override void InferShapes(ShapeContext c) => InferPooled(c, c.Attributes.Ints("ksize"), c.Attributes.Ints("strides"));

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor gradient, Tensor argmax) = (c.Input(1), c.Input(2));
        Span<T> result = c.AllocateOutput(0, argmax.Shape).MutableData<T>();
        long batch = Math.Max(1, gradient.Rank > 0 ? gradient.Shape[0] : 1);
        (long image, long pooled) = (gradient.Count / batch, argmax.Count / batch);
        bool whole = c.Attributes.Bool("include_batch_in_index");
        ReadOnlySpan<T> values = gradient.Data<T>();
        for (int i = 0; i < result.Length; i++)
        {
            long position = argmax.ItemAt<long>(i) + (whole ? 0 : i / pooled * image);
            if ((ulong)position >= (ulong)values.Length)
                throw c.InvalidArgument($"Invalid position {position} in argmax: the gradient has {values.Length} elements");
            result[i] = values[(int)position];
        }
    }
}
