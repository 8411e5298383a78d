using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What poolings of images and volumes share.</summary>
internal abstract class PoolOp(string signature, int spatialRank) : NumberOp(signature)
{
    protected int SpatialRank => spatialRank;

    protected static AttributeList CopyOf(GradientContext g) => g.Copy("ksize", "strides", "padding", "explicit_paddings", "data_format", "include_batch_in_index");

    protected static IReadOnlyList<long> Ints(KernelContext c, string attribute, int input)
    {
        if (c.Attributes.Contains(attribute))
            return c.Attributes.Ints(attribute);
        Tensor tensor = c.Input(input);
        long[] values = new long[tensor.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = tensor.ItemAt<long>(i);
        return values;
    }

    /// <summary>The windows of an image, channels apart.</summary>
    /// <param name="c">The computation; where sizes are inputs, they are its last two.</param>
    /// <param name="image">Shape of the input.</param>
    /// <param name="output">Shape of the output in the node's layout.</param>
    protected WindowShape Windows(KernelContext c, Shape image, out Shape output)
    {
        IReadOnlyList<long> ksize = Ints(c, "ksize", c.InputCount - 2);
        IReadOnlyList<long> strides = Ints(c, "strides", c.InputCount - 1);
        WindowRule rule = WindowRule.Of(c.Attributes, spatialRank, strides);
        if (image.Rank != rule.Layout.Rank)
            throw c.InvalidArgument($"tensor_in must be {rule.Layout.Rank}-dimensional: {image}");
        int channels = rule.Layout.Channels;
        if (ksize[0] != 1 || strides[0] != 1)
            throw new KernelException(RunErrorCode.Unimplemented, "Pooling is not yet supported on the batch dimension.");
        if (ksize[channels] != 1 || strides[channels] != 1)
            return Depthwise(c, rule, image, ksize, strides, out output);
        WindowShape windows = rule.Windows(image, rule.Pick(ksize), image[channels]);
        output = rule.OutputShape(windows);
        // Channels that come first are images of one channel each.
        return rule.Layout.ChannelsFirst
            ? windows with { Batch = windows.Batch * windows.InputChannels, InputChannels = 1, OutputChannels = 1 }
            : windows;
    }

    protected void InferPooled(ShapeContext c, IReadOnlyList<long>? ksize, IReadOnlyList<long>? strides)
    {
        Shape input = c.WithRank(0, spatialRank + 2);
        ImageLayout layout = ImageLayout.Of(c.Attributes, spatialRank);
        if (ksize is null || strides is null || ksize.Count != layout.Rank || strides.Count != layout.Rank)
        {
            c.Output(0, Shape.OfRank(layout.Rank));
            return;
        }

        WindowRule rule = WindowRule.Of(c.Attributes, spatialRank, strides);
        long[] windows = rule.Pick(ksize);
        long[] sizes = new long[spatialRank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = rule.OutputSize(c, i, input[layout.Spatial(i)], windows[i]);
        long depth = input[layout.Channels];
        c.Output(0, layout.Make(input[0], sizes, depth < 0 ? -1 : depth / Math.Max(1, ksize[layout.Channels])));
    }

    // Windows of channels: each image element is a line of its own.
    private static WindowShape Depthwise(KernelContext c, WindowRule rule, Shape image, IReadOnlyList<long> ksize, IReadOnlyList<long> strides, out Shape output)
    {
        int channels = rule.Layout.Channels;
        if (rule.Layout.ChannelsFirst || rule.Pick(ksize).Any(static k => k != 1) || rule.Pick(strides).Any(static s => s != 1))
            throw new KernelException(RunErrorCode.Unimplemented, "MaxPooling supports exactly one of pooling across depth or pooling across width/height.");
        if (image[channels] % ksize[channels] != 0)
            throw new KernelException(RunErrorCode.Unimplemented, "Depthwise max pooling requires the depth window to evenly divide the input depth");
        if (ksize[channels] != strides[channels])
            throw new KernelException(RunErrorCode.Unimplemented, "Depthwise max pooling requires the depth window to equal the depth stride");
        long depth = image[channels] / ksize[channels];
        output = Shape.Create([.. image.Dimensions[..^1], depth]);
        long lines = depth == 0 ? 0 : output.ElementCount / depth;
        return new WindowShape((int)lines, 1, 1, WindowAxis.Single, WindowAxis.Single, WindowAxis.Create(image[channels], ksize[channels], strides[channels], 1, "VALID"));
    }
}

/// <summary>A pooling from an image to a smaller one.</summary>
internal abstract class PoolForwardOp(string signature, int spatialRank) : PoolOp(signature, spatialRank)
{
    public override void InferShapes(ShapeContext c) => InferPooled(c, c.Attributes.Ints("ksize"), c.Attributes.Ints("strides"));

    protected sealed override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        WindowShape windows = Windows(c, input.Shape, out Shape shape);
        Tensor output = c.AllocateOutput(0, shape);
        Pool(input.Data<T>(), output.MutableData<T>(), windows, c.Workers);
    }

    protected abstract void Pool<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape windows, Workers workers)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

internal abstract class MaxPoolForwardOp(string signature, int spatialRank) : PoolForwardOp(signature, spatialRank)
{
    protected sealed override void Pool<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape windows, Workers workers) =>
        Pooling.Max(input, output, windows, workers);
}

/// <summary>Inputs: the pooled image, the result, the gradient towards the result.</summary>
internal abstract class MaxPoolBackpropOp(string signature, int spatialRank) : PoolOp(signature, spatialRank)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, SpatialRank + 2));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        WindowShape windows = Windows(c, input.Shape, out Shape pooled);
        Tensor gradient = c.Input(2);
        if (gradient.Shape != pooled)
            throw c.InvalidArgument($"Expected grad shape to be {pooled}, but got {gradient.Shape}");
        Tensor result = c.AllocateOutput(0, input.Shape);
        Pooling.MaxBackprop(input.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}

/// <summary>Inputs: the pooled image, the result, a gradient of the image's shape, from which the largest elements' are taken.</summary>
internal abstract class MaxPoolGatherOp(string signature, int spatialRank) : PoolOp(signature, spatialRank)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, SpatialRank + 2));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        WindowShape windows = Windows(c, input.Shape, out Shape pooled);
        Tensor gradient = c.Input(2);
        if (gradient.Shape != input.Shape)
            throw c.InvalidArgument($"Expected grad shape to be {input.Shape}, but got {gradient.Shape}");
        Tensor positions = c.Allocate(DType.Int32, pooled);
        Pooling.ArgMax(input.Data<T>(), positions.MutableData<int>(), windows, c.Workers);
        ReadOnlySpan<int> from = positions.Data<int>();
        ReadOnlySpan<T> values = gradient.Data<T>();
        Span<T> to = c.AllocateOutput(0, pooled).MutableData<T>();
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] < 0 ? T.Zero : values[from[i]];
    }
}

internal abstract class AveragePoolForwardOp(string signature, int spatialRank) : PoolForwardOp(signature, spatialRank)
{
    protected sealed override void Pool<T>(ReadOnlySpan<T> input, Span<T> output, WindowShape windows, Workers workers) =>
        Pooling.Average(input, output, windows, workers);
}

/// <summary>Inputs: the shape of the pooled image, the gradient towards the result.</summary>
internal abstract class AveragePoolBackpropOp(string signature, int spatialRank) : FloatingOp(signature)
{
    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(0), Shape.OfRank(spatialRank + 2)));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor sizes = c.Input(0);
        if (sizes.Rank != 1 || sizes.Count != spatialRank + 2)
            throw c.InvalidArgument($"out_backprop must be {spatialRank + 2}-dimensional");
        long[] shape = new long[sizes.Count];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = sizes.ItemAt<long>(i);
        WindowRule rule = WindowRule.Of(c.Attributes, spatialRank);
        WindowShape windows = rule.Windows(shape, rule.Pick(c.Attributes.Ints("ksize")), shape[rule.Layout.Channels]);
        Tensor gradient = c.Input(1);
        if (gradient.Shape != rule.OutputShape(windows))
            throw c.InvalidArgument($"Expected grad shape to be {rule.OutputShape(windows)}, but got {gradient.Shape}");
        if (rule.Layout.ChannelsFirst)
            windows = windows with { Batch = windows.Batch * windows.InputChannels, InputChannels = 1, OutputChannels = 1 };
        Tensor result = c.AllocateOutput(0, shape);
        Pooling.AverageBackprop(gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
