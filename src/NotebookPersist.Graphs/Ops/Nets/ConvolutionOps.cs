using System.Numerics;
using System.Runtime.InteropServices;
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
        return rule.Windows(input, filter.Dimensions[..spatialRank], filter[^1]);
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

    /// <summary>What is done to the sums; nothing, except by operations that stand for several.</summary>
    protected virtual Epilogue<T> EpilogueOf<T>(KernelContext c)
        where T : unmanaged, IFloatingPointIeee754<T> => default;

    protected override void Compute<T>(KernelContext c)
    {
        Tensor filter = c.Input(1);
        WindowRule rule = Rule(c.Attributes);
        WindowShape windows = Windows(c, c.Input(0).Shape, filter.Shape);
        Epilogue<T> epilogue = EpilogueOf<T>(c);
        Shape shape = rule.OutputShape(windows);
        if (epilogue.MaxPool)
            shape = rule.Layout.Make(shape[0], [windows.Height.Output / 2, windows.Width.Output / 2], shape[rule.Layout.Channels]);
        Tensor input = rule.Layout.ToChannelsLast(c, c.Input(0));
        Tensor output = rule.Layout.AllocateChannelsLast(c, 0, shape);
        if (GroupedConvolution.Groups(c, windows, filter.Shape[^2]) is > 1 and var groups)
        {
            GroupedConvolution.Forward<T>(c, input, filter, output, windows, groups);
            epilogue.Early.Apply(output.MutableData<T>(), windows.OutputChannels);
        }
        else
        {
            Convolve(c, input, output, windows, epilogue.Early);
        }

        epilogue.Finish(output.MutableData<T>(), windows.OutputChannels, c.Workers);
        rule.Layout.Finish(c, 0, shape, output);
    }

    private static void Convolve<T>(KernelContext c, Tensor input, Tensor output, WindowShape windows, Epilogue<T> epilogue)
        where T : unmanaged, INumber<T>
    {
        if (windows.IsProduct && !epilogue.MaxPool)
        {
            PackedProducts.Multiply(c, 1, input.Data<T>(), output.MutableData<T>(), windows.OutputPositions, windows.OutputChannels, windows.WindowSize, false, false, epilogue);
            return;
        }

        if (typeof(T) != typeof(float) || c.IsExact || !WinogradFilter.Suits(windows))
        {
            Convolution.Forward(input.Data<T>(), c.Input<T>(1), output.MutableData<T>(), windows, epilogue, c.Workers);
            return;
        }

        WinogradFilter transformed = c.Derived<WinogradFilter>(1, "winograd", (filter, old) =>
        {
            old ??= new WinogradFilter(windows.InputChannels, windows.OutputChannels);
            old.Set(filter.Data<float>(), c.Workers);
            return old;
        });
        var same = new Epilogue<float> { Bias = MemoryMarshal.Cast<T, float>(epilogue.Bias), Activation = epilogue.Activation, MaxPool = epilogue.MaxPool };
        Convolution.Forward(input.Data<float>(), transformed, output.MutableData<float>(), windows, same, c.Workers);
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
        if (GroupedConvolution.Groups(c, windows, filter.Shape[^2]) is > 1 and var groups)
        {
            GroupedConvolution.BackpropInput<T>(c, filter, gradient, result, windows, groups);
        }
        else if (windows.IsProduct)
        {
            PackedProducts.Multiply<T>(c, 1, gradient.Data<T>(), result.MutableData<T>(), windows.OutputPositions, windows.WindowSize, windows.OutputChannels, false, true, default);
        }
        else if (typeof(T) == typeof(float) && !c.IsExact && WinogradFilter.SuitsBackward(windows))
        {
            WinogradFilter transformed = c.Derived<WinogradFilter>(1, "winograd, reversed", (value, old) =>
            {
                old ??= new WinogradFilter(windows.OutputChannels, windows.InputChannels);
                old.SetReversed(value.Data<float>(), c.Workers);
                return old;
            });
            Convolution.BackpropInput(transformed, gradient.Data<float>(), result.MutableData<float>(), windows, c.Workers);
        }
        else
        {
            Convolution.BackpropInput(filter.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
        }

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
        if (GroupedConvolution.Groups(c, windows, sizes[^2]) is > 1 and var groups)
            GroupedConvolution.BackpropFilter<T>(c, input, gradient, result, windows, groups);
        else if (windows.IsProduct)
            MatrixProduct.Multiply(input.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows.WindowSize, windows.OutputChannels, windows.OutputPositions, true, false, c.Workers);
        else if (typeof(T) != typeof(float) || c.IsExact || !Convolution.TryBackpropFilter(input.Data<float>(), gradient.Data<float>(), result.MutableData<float>(), windows, c.Workers))
            Convolution.BackpropFilter(input.Data<T>(), gradient.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
