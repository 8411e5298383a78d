using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Resizes images by cubic interpolation.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="size">New height and width. DType: int32.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <param name="halfPixelCenters">Pixels are squares whose centres lie at half coordinates.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: float32.</returns>
    /// <remarks>Source: TensorFlow op "ResizeBicubic".</remarks>
    public static Output ResizeBicubic(this Graph graph, Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
        graph.Add<ResizeBicubicOp>(name, ResizeOps.Attributes(alignCorners, halfPixelCenters), images, size);

    /// <summary>Resizes images by the mean of what each new pixel covers.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="size">New height and width. DType: int32.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: float32.</returns>
    /// <remarks>Source: TensorFlow op "ResizeArea".</remarks>
    public static Output ResizeArea(this Graph graph, Operand images, Operand size, bool alignCorners = false, string? name = null) =>
        graph.Add<ResizeAreaOp>(name, new AttributeList { { "align_corners", alignCorners } }, images, size);
}

internal sealed class ResizeBicubicOp() : NumberOp(
    "ResizeBicubic(images: T, size: int32) -> (resized_images: float) "
    + "where T: int8 | uint8 | int16 | uint16 | int32 | int64 | half | float | double, align_corners: bool = false, half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g => g.X(0).DType is DType.Float32 or DType.Float64
        ? [g.Graph.Add<ResizeBicubicGradOp>(null, ResizeOps.CopyOf(g), g.Dy(0), g.X(0)), null]
        : [null, null]);

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape s = images.Shape;
        var mapping = ResizeOps.Mapping(c.Attributes);
        Tensor result = c.AllocateOutput(0, [s[0], height, width, s[3]]);
        if (result.Count == 0)
            return;
        Resampling.Run(
            images.Data<T>(), result.MutableData<float>(), (int)s[0], (int)s[1], (int)s[2], (int)s[3],
            ResamplingAxis.Cubic((int)s[1], height, mapping), ResamplingAxis.Cubic((int)s[2], width, mapping));
    }
}

internal sealed class ResizeBicubicGradOp() : FloatingOp(
    "ResizeBicubicGrad(grads: float, original_image: T) -> (output: T) where T: float | double, align_corners: bool = false, half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of resizing");

    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, 4));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        Shape s = ResizeOps.Original(c);
        var mapping = ResizeOps.Mapping(c.Attributes);
        Resampling.Backprop(
            gradient.Data<float>(), c.AllocateOutput(0, s).MutableData<T>(), (int)s[0], (int)s[1], (int)s[2], (int)s[3],
            ResamplingAxis.Cubic((int)s[1], (int)gradient.Shape[1], mapping), ResamplingAxis.Cubic((int)s[2], (int)gradient.Shape[2], mapping));
    }
}

internal sealed class ResizeAreaOp() : NumberOp(
    "ResizeArea(images: T, size: int32) -> (resized_images: float) "
    + "where T: int8 | uint8 | int16 | uint16 | int32 | int64 | half | float | double, align_corners: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of ResizeArea");

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape s = images.Shape;
        var mapping = new Kernels.ResizeMapping(c.Attributes.Bool("align_corners"), HalfPixelCenters: false);
        Tensor result = c.AllocateOutput(0, [s[0], height, width, s[3]]);
        if (result.Count == 0)
            return;
        Resampling.Run(
            images.Data<T>(), result.MutableData<float>(), (int)s[0], (int)s[1], (int)s[2], (int)s[3],
            ResamplingAxis.Area((int)s[1], height, mapping), ResamplingAxis.Area((int)s[2], width, mapping));
    }
}
