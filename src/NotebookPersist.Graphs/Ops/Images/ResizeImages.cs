using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Resizes images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels], or [height, width, channels]. DType: real numbers.</param>
    /// <param name="size">New height and width. Shape: [2]. DType: int32.</param>
    /// <param name="method">How pixels are made.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <param name="preserveAspectRatio">The image keeps its shape and becomes as large as fits into the size, which must be a constant.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>
    /// DType: that of the images for the nearest neighbour, and where the size is known to be that of the images, which are given back then; else float32.
    /// </returns>
    /// <exception cref="ArgumentException">It is no image, or the size no two numbers.</exception>
    /// <remarks>Source: TensorFlow 1's <c>tf.image.resize_images</c>.</remarks>
    public static Output ResizeImages(
        this Graph graph,
        Operand images,
        Operand size,
        ResizeMethod method = ResizeMethod.Bilinear,
        bool alignCorners = false,
        bool preserveAspectRatio = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "resize");
        Output batch = graph.Convert(images, name: "images");
        if (!batch.Shape.HasRank)
            throw new ArgumentException("'images' contains no shape. Give the placeholder one.", nameof(images));
        bool isBatch = batch.Shape.Rank == 4;
        if (batch.Shape.Rank == 3)
            batch = graph.ExpandDims(batch, 0);
        else if (!isBatch)
            throw new ArgumentException($"'images' must have either 3 or 4 dimensions. '{batch.Name}' has shape {batch.Shape.ToPythonString()}.", nameof(images));
        Output wanted = graph.Convert(size, DType.Int32, "size");
        if (!wanted.Shape.IsCompatibleWith([2]))
            throw new ArgumentException($"'size' must be a 1-D Tensor of 2 elements: new_height, new_width. It has shape {wanted.Shape.ToPythonString()}.", nameof(size));
        (long height, long width) = (SizeAt(wanted, 0), SizeAt(wanted, 1));
        if (preserveAspectRatio)
        {
            if (height < 0 || width < 0)
                throw new ArgumentException("'size' must be a constant where the aspect ratio is to be preserved.", nameof(size));
            wanted = Fitting(batch, height, width);
            (height, width) = (-1, -1);
        }

        // Images that have the size already are given back as they are, with their type.
        if (height >= 0 && width >= 0 && batch.Shape[1] == height && batch.Shape[2] == width)
            return ImageChecks.Unbatch(batch, isBatch);
        Output resized = method switch
        {
            ResizeMethod.Bilinear => graph.ResizeBilinear(batch, wanted, alignCorners),
            ResizeMethod.NearestNeighbor => graph.ResizeNearestNeighbor(batch, wanted, alignCorners),
            ResizeMethod.Bicubic => graph.ResizeBicubic(batch, wanted, alignCorners),
            ResizeMethod.Area => graph.ResizeArea(batch, wanted, alignCorners),
            _ => throw new ArgumentException("Resize method is not implemented.", nameof(method)),
        };
        resized.SetShape([-1, height, width, -1]);
        return ImageChecks.Unbatch(resized, isBatch);
    }

    /// <summary>Images as large as fit into a height and width in their own shape, surrounded with zeros.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="targetHeight">Height of the result. A number or a scalar of the graph.</param>
    /// <param name="targetWidth">Width of the result.</param>
    /// <param name="method">How pixels are made.</param>
    /// <param name="alignCorners">The centres of the corner pixels stay where they are.</param>
    /// <exception cref="ArgumentException">It is no image, or a size is not above 0.</exception>
    /// <remarks>Source: TensorFlow 1's <c>tf.image.resize_image_with_pad</c>.</remarks>
    public static Output ResizeImageWithPad(
        this Graph graph, Operand image, Operand targetHeight, Operand targetWidth, ResizeMethod method = ResizeMethod.Bilinear, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("resize_image_with_pad");
        (Output images, bool isBatch) = ImageChecks.Batch(graph, image);
        List<Operation> checks = ImageChecks.AtLeast3D(images);
        Extent height = Extent.Of(graph, targetHeight, nameof(targetHeight)), width = Extent.Of(graph, targetWidth, nameof(targetWidth));
        width.Require(">", 0, "target_width must be > 0.", checks);
        height.Require(">", 0, "target_height must be > 0.", checks);
        images = ImageChecks.After(checks, images);
        Extent[] sizes = Extent.Of(images);
        Output oldHeight = graph.Cast(sizes[1].Operand, DType.Float64), oldWidth = graph.Cast(sizes[2].Operand, DType.Float64);
        Output newHeight = graph.Cast(height.Operand, DType.Float64), newWidth = graph.Cast(width.Operand, DType.Float64);
        Output ratio = graph.Maximum(oldWidth / newWidth, oldHeight / newHeight);
        (Output exactHeight, Output exactWidth) = (oldHeight / ratio, oldWidth / ratio);
        Output rows = graph.Cast(graph.Floor(exactHeight), DType.Int32), columns = graph.Cast(graph.Floor(exactWidth), DType.Int32);
        Output above = graph.Floor((newHeight - exactHeight) / 2.0), before = graph.Floor((newWidth - exactWidth) / 2.0);
        Output top = graph.Maximum(0, graph.Cast(above, DType.Int32)), left = graph.Maximum(0, graph.Cast(before, DType.Int32));
        Output resized = graph.ResizeImages(images, graph.Stack([rows, columns], name: "resize/size"), method, alignCorners);
        return ImageChecks.Unbatch(graph.PadToBoundingBox(resized, top, left, height.Operand, width.Operand), isBatch);
    }

    // TensorFlow looks at constants only, not at what is computed of them: the type of the result depends on it.
    private static long SizeAt(Output size, int place)
    {
        Output source = size.Operation is { Type: "Pack", Inputs.Count: 2 } pack ? pack.Inputs[place] : size;
        if (source.Operation.Type != "Const" || ConstantValues.Of(source) is not { } value)
            return -1;
        return value.Rank == 0 ? value.ItemAt<long>(0) : value.ItemAt<long>(place);
    }

    // The largest height and width of the images' own shape within a height and width.
    private static Output Fitting(Output images, long height, long width)
    {
        Graph graph = images.Graph;
        Extent[] sizes = Extent.Of(images);
        Output ofHeight = graph.Cast((int)height, DType.Float32) / graph.Cast(sizes[1].Operand, DType.Float32);
        Output ofWidth = graph.Cast((int)width, DType.Float32) / graph.Cast(sizes[2].Operand, DType.Float32);
        Output scale = graph.Minimum(ofHeight, ofWidth);
        Output rows = graph.Cast(graph.Round(scale * graph.Cast(sizes[1].Operand, DType.Float32)), DType.Int32);
        Output columns = graph.Cast(graph.Round(scale * graph.Cast(sizes[2].Operand, DType.Float32)), DType.Int32);
        return graph.Stack([rows, columns], name: "size_1");
    }
}
