using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What resizing operations share: images <c>[batch, height, width, channels]</c> and a size in input 1.</summary>
internal static class ResizeOps
{
    public static ResizeMapping Mapping(Attributes attributes) => new(attributes.Bool("align_corners"), attributes.Bool("half_pixel_centers"));

    public static AttributeList Attributes(bool alignCorners, bool halfPixelCenters) =>
        new() { { "align_corners", alignCorners }, { "half_pixel_centers", halfPixelCenters } };

    public static AttributeList CopyOf(GradientContext g) => g.Copy("align_corners", "half_pixel_centers");

    public static void InferShapes(ShapeContext c)
    {
        Shape images = c.WithRank(0, 4);
        Shape size = c.Merge(c.InputAsShape(1), Shape.OfRank(2));
        c.Output(0, [images[0], size[0], size[1], images[3]]);
    }

    /// <summary>The shape of the image that was resized; its gradient must be one of resized images.</summary>
    public static Shape Original(KernelContext c)
    {
        (Shape gradient, Shape image) = (c.Input(0).Shape, c.Input(1).Shape);
        if (gradient.Rank != 4 || image.Rank != 4)
            throw c.InvalidArgument($"input_grad must be 4-dimensional{gradient}");
        return gradient[0] == image[0] && gradient[3] == image[3]
            ? image
            : throw c.InvalidArgument($"a gradient {gradient} is none of an image {image}: batch and channels differ");
    }

    public static (int Height, int Width) Size(KernelContext c, Tensor images)
    {
        if (images.Rank != 4)
            throw c.InvalidArgument($"input must be 4-dimensional{images.Shape}");
        Tensor size = c.Input(1);
        if (size.Rank != 1 || size.Count != 2)
            throw c.InvalidArgument($"shape_t must be 1-dimensional and have two elements{size.Shape}");
        (int height, int width) = (size.Data<int>()[0], size.Data<int>()[1]);
        if (height <= 0 || width <= 0)
            throw c.InvalidArgument("output dimensions must be positive");
        if (images.Shape[1] <= 0 || images.Shape[2] <= 0)
            throw c.InvalidArgument("input image must be of non-zero size");
        return (height, width);
    }
}
