using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Resizes images, taking the nearest pixel.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="size">New height and width. DType: int32.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <param name="halfPixelCenters">Pixels are squares whose centres lie at half coordinates.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "ResizeNearestNeighbor".</remarks>
    public static Output ResizeNearestNeighbor(this Graph graph, Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
        graph.Add<ResizeNearestNeighborOp>(name, ResizeOps.Attributes(alignCorners, halfPixelCenters), images, size);
}

internal sealed class ResizeNearestNeighborOp() : NumberOp(
    "ResizeNearestNeighbor(images: T, size: int32) -> (resized_images: T) "
    + "where T: int8 | uint8 | int16 | uint16 | int32 | int64 | half | float | double, align_corners: bool = false, "
    + "half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operand size = g.X(0).Shape is { Rank: 4 } shape && shape[1] >= 0 && shape[2] >= 0
            ? new[] { (int)shape[1], (int)shape[2] }
            : g.Graph.PartOf(g.Graph.Shape(g.X(0)), 1..3);
        return [g.Graph.Add<ResizeNearestNeighborGradOp>(null, ResizeOps.CopyOf(g), g.Dy(0), size), null];
    });

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape shape = images.Shape;
        Tensor result = c.AllocateOutput(0, [shape[0], height, width, shape[3]]);
        ImageResize.Nearest(images.Data<T>(), result.MutableData<T>(), (int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3], height, width, ResizeOps.Mapping(c.Attributes));
    }
}

internal sealed class ResizeNearestNeighborGradOp() : NumberOp(
    "ResizeNearestNeighborGrad(grads: T, size: int32) -> (output: T) "
    + "where T: uint8 | int8 | int32 | half | float | double, align_corners: bool = false, half_pixel_centers: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of resizing");

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, gradient);
        Shape shape = gradient.Shape;
        Tensor result = c.AllocateOutput(0, [shape[0], height, width, shape[3]]);
        ImageResize.NearestBackprop(gradient.Data<T>(), result.MutableData<T>(), (int)shape[0], height, width, (int)shape[3], (int)shape[1], (int)shape[2], ResizeOps.Mapping(c.Attributes));
    }
}
