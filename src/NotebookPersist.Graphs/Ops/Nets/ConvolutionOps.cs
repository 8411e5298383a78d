using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What convolutions and their backward passes share.</summary>
internal abstract class ConvolutionOp(string signature, int spatialRank) : FloatingOp(signature)
{
    protected int SpatialRank => spatialRank;

    protected static AttributeList CopyOf(GradientContext g) =>
        g.Copy("strides", "use_cudnn_on_gpu", "padding", "explicit_paddings", "data_format", "dilations");

    protected static long[] Sizes(KernelContext c, int input)
    {
        Tensor tensor = c.Input(input);
        long[] sizes = new long[tensor.Count];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = tensor.ItemAt<long>(i);
        return sizes;
    }

    protected WindowRule Rule(Attributes attributes) => WindowRule.Of(attributes, spatialRank);

    /// <summary>The windows of the forward convolution.</summary>
    protected WindowShape Windows(KernelContext c, Shape input, Shape filter)
    {
        if (filter.Rank != spatialRank + 2)
            throw c.InvalidArgument($"filter must be {spatialRank + 2}-dimensional: {filter}");
        WindowRule rule = Rule(c.Attributes);
        WindowShape windows = rule.Windows(input, filter.Dimensions[..spatialRank], filter[^1]);
        if (windows.InputChannels != filter[^2])
            throw c.InvalidArgument($"input depth must be evenly divisible by filter depth: {windows.InputChannels} vs {filter[^2]}");
        return windows;
    }

    protected void RequireGradient(KernelContext c, WindowShape windows, Tensor gradient)
    {
        Shape expected = Rule(c.Attributes).OutputShape(windows);
        if (gradient.Shape != expected)
            throw c.InvalidArgument($"{c.Operation.Type}: out_backprop has shape {gradient.Shape}; a convolution of these sizes gives {expected}");
    }
}

/// <summary>A convolution.</summary>
internal abstract class ConvolutionForwardOp(string signature, int spatialRank) : ConvolutionOp(signature, spatialRank)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, SpatialRank + 2);
        Shape filter = c.WithRank(1, SpatialRank + 2);
        WindowRule rule = Rule(c.Attributes);
        long depth = input[rule.Layout.Channels];
        if (depth >= 0 && filter[^2] > 0 && depth % filter[^2] != 0)
            throw c.Fault($"Depth of input ({depth}) is not a multiple of input depth of filter ({filter[^2]}), with input shapes: {input}, {filter}.");
        long[] sizes = new long[SpatialRank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = rule.OutputSize(c, i, input[rule.Layout.Spatial(i)], filter[i]);
        c.Output(0, rule.Layout.Make(input[0], sizes, filter[^1]));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        WindowRule rule = Rule(c.Attributes);
        WindowShape windows = Windows(c, c.Input(0).Shape, filter.Shape);
        Shape shape = rule.OutputShape(windows);
        Tensor input = rule.Layout.ToChannelsLast(c, c.Input(0));
        Tensor output = rule.Layout.AllocateChannelsLast(c, 0, shape);
        Convolution.Forward(input.Data<T>(), filter.Data<T>(), output.MutableData<T>(), windows, c.Workers);
        Follow(c, output.MutableData<T>(), windows.OutputChannels);
        rule.Layout.Finish(c, 0, shape, output);
    }

    /// <summary>What a fused operation does to the result, channels last, in place.</summary>
    protected virtual void Follow<T>(KernelContext c, Span<T> output, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
    }
}

/// <summary>The gradient of a convolution towards its input.</summary>
internal abstract class ConvolutionInputOp(string signature, int spatialRank) : ConvolutionOp(signature, spatialRank)
{
    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(0), Shape.OfRank(SpatialRank + 2)));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        WindowRule rule = Rule(c.Attributes);
        long[] sizes = Sizes(c, 0);
        ImageLayout layout = rule.Layout;
        // The sizes may stand for the spatial axes alone.
        if (sizes.Length == SpatialRank)
            sizes = layout.Make(c.Input(2).Shape[0], sizes, filter.Shape[^2]).ToArray();
        WindowShape windows = Windows(c, sizes, filter.Shape);
        RequireGradient(c, windows, c.Input(2));
        Tensor gradient = layout.ToChannelsLast(c, c.Input(2));
        Tensor result = layout.AllocateChannelsLast(c, 0, sizes);
        Convolution.BackpropInput(filter.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
        layout.Finish(c, 0, sizes, result);
    }
}

/// <summary>The gradient of a convolution towards its filter.</summary>
internal abstract class ConvolutionFilterOp(string signature, int spatialRank) : ConvolutionOp(signature, spatialRank)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(1), Shape.OfRank(SpatialRank + 2)));

    protected override void Compute<T>(KernelContext c)
    {
        long[] sizes = Sizes(c, 1);
        WindowShape windows = Windows(c, c.Input(0).Shape, sizes);
        RequireGradient(c, windows, c.Input(2));
        ImageLayout layout = Rule(c.Attributes).Layout;
        Tensor input = layout.ToChannelsLast(c, c.Input(0));
        Tensor gradient = layout.ToChannelsLast(c, c.Input(2));
        Tensor result = c.AllocateOutput(0, sizes);
        Convolution.BackpropFilter(input.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
