using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Resizes images, interpolating between neighbouring pixels.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="size">New height and width. DType: int32.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <param name="halfPixelCenters">Pixels are squares whose centres lie at half coordinates.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: float32.</returns>
    /// <remarks>Source: TensorFlow op "ResizeBilinear".</remarks>
    public static Output ResizeBilinear(this Graph graph, Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
        graph.Add<ResizeBilinearOp>(name, ResizeOps.Attributes(alignCorners, halfPixelCenters), images, size);
}

internal sealed class ResizeBilinearOp() : NumberOp(
    "ResizeBilinear(images: T, size: int32) -> (resized_images: float) "
    + "where T: int8 | uint8 | int16 | uint16 | int32 | int64 | bfloat16 | half | float | double, align_corners: bool = false, "
    + "half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<ResizeBilinearGradOp>(null, ResizeOps.CopyOf(g), g.Dy(0), g.X(0)), null]);

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape shape = images.Shape;
        Tensor result = c.AllocateOutput(0, [shape[0], height, width, shape[3]]);
        ImageResize.Bilinear(
            images.Data<T>(), result.MutableData<float>(), (int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3], height, width, ResizeOps.Mapping(c.Attributes));
    }
}

internal sealed class ResizeBilinearGradOp() : FloatingOp(
    "ResizeBilinearGrad(grads: float, original_image: T) -> (output: T) "
    + "where T: float | bfloat16 | half | double, align_corners: bool = false, half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of resizing");

    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, 4));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        Shape shape = ResizeOps.Original(c);
        Tensor result = c.AllocateOutput(0, shape);
        ImageResize.BilinearBackprop(
            gradient.Data<float>(),
            result.MutableData<T>(),
            (int)shape[0],
            (int)shape[1],
            (int)shape[2],
            (int)shape[3],
            (int)gradient.Shape[1],
            (int)gradient.Shape[2],
            ResizeOps.Mapping(c.Attributes));
    }
}
