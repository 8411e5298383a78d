using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Where the channels of an image stand: last, as kernels want them, or right after the batch.</summary>
/// <param name="ChannelsFirst">True for NCHW and NCDHW.</param>
/// <param name="SpatialRank">Number of spatial axes.</param>
internal readonly record struct ImageLayout(bool ChannelsFirst, int SpatialRank)
{
    public int Rank => SpatialRank + 2;

    public int Channels => ChannelsFirst ? 1 : SpatialRank + 1;

    public static ImageLayout Of(Attributes attributes, int spatialRank) =>
        new(attributes.Contains("data_format") && attributes.String("data_format").StartsWith("NC", StringComparison.Ordinal), spatialRank);

    public int Spatial(int axis) => ChannelsFirst ? axis + 2 : axis + 1;

    public Shape Make(long batch, ReadOnlySpan<long> spatial, long channels) =>
        ChannelsFirst ? Shape.Create([batch, channels, .. spatial]) : Shape.Create([batch, .. spatial, channels]);

    /// <summary>The same image with its channels last.</summary>
    public Tensor ToChannelsLast(KernelContext c, Tensor image)
    {
        if (!ChannelsFirst)
            return image;
        Shape shape = image.Shape;
        long[] sizes = [shape[0], .. shape.Dimensions[2..], shape[1]];
        Tensor moved = c.Allocate(image.DType, sizes);
        int[] strides = StridedView.Of(image).Strides;
        StridedCopy.Run(new StridedView(image, 0, [strides[0], .. strides[2..], strides[1]]), StridedView.Of(moved), sizes, c.Workers);
        return moved;
    }

    /// <summary>Somewhere to compute an image of this layout's shape with its channels last; the output itself where that is how they stand.</summary>
    public Tensor AllocateChannelsLast(KernelContext c, int output, Shape shape)
    {
        Tensor result = c.AllocateOutput(output, shape);
        return ChannelsFirst ? c.Allocate(result.DType, Shape.Create([shape[0], .. shape.Dimensions[2..], shape[1]])) : result;
    }

    /// <summary>Sets the output to what was computed with channels last.</summary>
    public void Finish(KernelContext c, int output, Shape shape, Tensor computed)
    {
        if (!ChannelsFirst)
            return;
        Tensor result = c.AllocateOutput(output, shape);
        int[] strides = StridedView.Of(computed).Strides;
        StridedCopy.Run(new StridedView(computed, 0, [strides[0], strides[^1], .. strides[1..^1]]), StridedView.Of(result), shape.Dimensions, c.Workers);
    }
}
