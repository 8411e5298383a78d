using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Red, green and blue to hue, saturation and value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3], in [0, 1]. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RGBToHSV".</remarks>
    public static Output RgbToHsv(this Graph graph, Operand images, string? name = null) => graph.Add<RGBToHSVOp>(name, images);

    /// <summary>Hue, saturation and value to red, green and blue.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3], in [0, 1]. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "HSVToRGB".</remarks>
    public static Output HsvToRgb(this Graph graph, Operand images, string? name = null) => graph.Add<HSVToRGBOp>(name, images);
}

/// <summary>An operation that takes one pixel of three channels at a time.</summary>
internal abstract class PixelOp(string signature) : FloatingOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, c.InputCount == 2 ? 3 : 1);
        if (shape.HasRank)
            c.Merge(shape[^1], 3);
        c.Output(0, shape);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        if (images.Rank < 1 || images.Shape[^1] != 3)
            throw c.InvalidArgument($"input must have 3 channels but instead has {(images.Rank < 1 ? "no" : images.Shape[^1])} channels.");
        double setting = 0;
        if (c.InputCount == 2)
        {
            if (images.Rank < 3)
                throw c.InvalidArgument($"input must be at least 3-D, got shape{images.Shape}");
            setting = c.Input(1).Rank == 0 ? c.Input(1).Item<float>() : throw c.InvalidArgument($"{Signature.Inputs[1].Name} must be scalar: {c.Input(1).Shape}");
        }

        ReadOnlySpan<T> from = images.Data<T>();
        Span<T> to = c.AllocateOutput(0, images.Shape).MutableData<T>();
        for (int i = 0; i < from.Length; i += 3)
        {
            (double x, double y, double z) = Of(double.CreateTruncating(from[i]), double.CreateTruncating(from[i + 1]), double.CreateTruncating(from[i + 2]), setting);
            (to[i], to[i + 1], to[i + 2]) = (T.CreateTruncating(x), T.CreateTruncating(y), T.CreateTruncating(z));
        }
    }

    protected abstract (double X, double Y, double Z) Of(double x, double y, double z, double setting);
}

internal sealed class RGBToHSVOp() : PixelOp("RGBToHSV(images: T) -> (output: T) where T: half | bfloat16 | float | double = float")
{
    // The colour is computed once more of single operations, and those are differentiated.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Output images = graph.Identity(g.X(0));
        Output channels = graph.Transpose(graph.Reshape(images, new[] { -1, 3 }), new[] { 1, 0 });
        (Output r, Output green, Output b) = (graph.Gather(channels, 0), graph.Gather(channels, 1), graph.Gather(channels, 2));
        Output value = graph.Maximum(graph.Maximum(r, green), b);
        Output range = value - graph.Minimum(graph.Minimum(r, green), b);
        (Output zeros, Output ones) = (graph.ZerosLike(value), graph.OnesLike(value));
        Output isColoured = graph.Greater(range, zeros);
        // Where there is no colour, nothing may be divided by 0, not even what is not chosen.
        Output divisor = graph.Where(isColoured, range, ones);
        Output saturation = graph.Where(graph.Greater(value, zeros), range / graph.Where(graph.Greater(value, zeros), value, ones), zeros);
        Output isRed = graph.LogicalAnd(graph.GreaterEqual(r, green), graph.GreaterEqual(r, b));
        Output isGreen = graph.GreaterEqual(green, b);
        Output sixths = graph.Where(isRed, (green - b) / divisor, graph.Where(isGreen, (b - r) / divisor, (r - green) / divisor));
        Output hue = graph.Where(isColoured, sixths / 6, zeros);
        Output colours = graph.Reshape(graph.Transpose(graph.Stack([hue, saturation, value]), new[] { 1, 0 }), graph.Shape(images));
        return graph.Gradients([colours], [images], [g.Dy(0)]);
    });

    protected override (double X, double Y, double Z) Of(double x, double y, double z, double setting) => ColorSpaces.ToHsv(x, y, z);
}

internal sealed class HSVToRGBOp() : PixelOp("HSVToRGB(images: T) -> (output: T) where T: half | bfloat16 | float | double = float")
{
    protected override (double X, double Y, double Z) Of(double x, double y, double z, double setting) => ColorSpaces.ToRgb(x, y, z);
}

internal sealed class AdjustHueOp() : PixelOp("AdjustHue(images: T, delta: float) -> (output: T) where T: half | float = float")
{
    protected override (double X, double Y, double Z) Of(double x, double y, double z, double setting)
    {
        (double hue, double saturation, double value) = ColorSpaces.ToHsv(x, y, z);
        double turned = hue + setting;
        return ColorSpaces.ToRgb(turned - Math.Floor(turned), saturation, value);
    }
}

internal sealed class AdjustSaturationOp() : PixelOp("AdjustSaturation(images: T, scale: float) -> (output: T) where T: half | float = float")
{
    protected override (double X, double Y, double Z) Of(double x, double y, double z, double setting)
    {
        (double hue, double saturation, double value) = ColorSpaces.ToHsv(x, y, z);
        return ColorSpaces.ToRgb(hue, Math.Min(1, Math.Max(0, saturation * setting)), value);
    }
}

internal sealed class AdjustContrastv2Op() : FloatingOp("AdjustContrastv2(images: T, contrast_factor: float) -> (output: T) where T: half | float = float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 3));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        double factor = c.Input(1).Rank == 0 ? c.Input(1).Item<float>() : throw c.InvalidArgument($"contrast_factor must be scalar: {c.Input(1).Shape}");
        Contrast.Adjust(c, images.Data<T>(), c.AllocateOutput(0, images.Shape).MutableData<T>(), images.Shape, factor, double.NegativeInfinity, double.PositiveInfinity);
    }
}

internal sealed class AdjustContrastOp() : NumberOp(
    "AdjustContrast(images: T, contrast_factor: float, min_value: float, max_value: float) -> (output: float) where T: uint8 | int8 | int16 | int32 | int64 | float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 3));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        Contrast.Adjust(
            c, images.Data<T>(), c.AllocateOutput(0, images.Shape).MutableData<float>(), images.Shape, c.Input(1).Item<float>(), c.Input(2).Item<float>(), c.Input(3).Item<float>());
    }
}

internal static class Contrast
{
    public static void Adjust<T, TResult>(KernelContext c, ReadOnlySpan<T> images, Span<TResult> result, Shape shape, double factor, double least, double most)
        where T : unmanaged, INumber<T>
        where TResult : unmanaged, INumber<TResult>
    {
        if (shape.Rank < 3)
            throw c.InvalidArgument($"input must be at least 3-D, got shape{shape}");
        int channels = (int)shape[^1];
        int area = (int)(shape[^2] * shape[^3]);
        for (int start = 0; start < images.Length; start += area * channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                double mean = 0;
                for (int i = 0; i < area; i++)
                    mean += double.CreateTruncating(images[start + (i * channels) + channel]);
                mean /= area;
                for (int i = 0; i < area; i++)
                {
                    int at = start + (i * channels) + channel;
                    double value = ((double.CreateTruncating(images[at]) - mean) * factor) + mean;
                    result[at] = TResult.CreateTruncating(Math.Min(Math.Max(value, least), most));
                }
            }
        }
    }
}
