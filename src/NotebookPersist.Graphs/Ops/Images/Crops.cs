namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The middle of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="centralFraction">How much of height and width stays, in (0, 1].</param>
    /// <exception cref="ArgumentException">It is no image, or the fraction is outside of its range.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.central_crop</c>.</remarks>
    public static Output CentralCrop(this Graph graph, Operand image, double centralFraction)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("central_crop");
        Output images = graph.Convert(image, name: "image");
        if (!(centralFraction > 0 && centralFraction <= 1))
            throw new ArgumentException($"central_fraction must be within (0, 1], not {centralFraction}.", nameof(centralFraction));
        if (centralFraction == 1)
            return images;
        ImageChecks.After(ImageChecks.AtLeast3D(images), images);
        Shape shape = images.Shape;
        if (!shape.HasRank || shape.Rank > 4)
            throw new ArgumentException($"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {(shape.HasRank ? shape.Rank : "None")}.", nameof(image));
        int first = shape.Rank - 3;
        (Extent top, Extent height) = Middle(images, first, centralFraction);
        (Extent left, Extent width) = Middle(images, first + 1, centralFraction);
        Output begin = graph.Stack(first == 0 ? [top.Operand, left.Operand, 0] : [0, top.Operand, left.Operand, 0]);
        Output size = graph.Stack(first == 0 ? [height.Operand, width.Operand, -1] : [-1, height.Operand, width.Operand, -1]);
        Output result = graph.Slice(images, begin, size);
        result.SetShape(first == 0 ? [height.Dimension, width.Dimension, shape[2]] : [shape[0], height.Dimension, width.Dimension, shape[3]]);
        return result;
    }

    /// <summary>Surrounds images with zeros, up to a height and width.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="offsetHeight">Rows of zeros above. A number or a scalar of the graph.</param>
    /// <param name="offsetWidth">Columns of zeros to the left.</param>
    /// <param name="targetHeight">Height of the result.</param>
    /// <param name="targetWidth">Width of the result.</param>
    /// <exception cref="ArgumentException">It is no image, or does not fit into the result there.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.pad_to_bounding_box</c>; what is not known now is checked in the run.</remarks>
    public static Output PadToBoundingBox(this Graph graph, Operand image, Operand offsetHeight, Operand offsetWidth, Operand targetHeight, Operand targetWidth)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("pad_to_bounding_box");
        (Output images, bool isBatch) = ImageChecks.Batch(graph, image);
        List<Operation> checks = ImageChecks.AtLeast3D(images);
        Extent[] sizes = Extent.Of(images);
        (Extent top, Extent left) = (Extent.Of(graph, offsetHeight, nameof(offsetHeight)), Extent.Of(graph, offsetWidth, nameof(offsetWidth)));
        (Extent height, Extent width) = (Extent.Of(graph, targetHeight, nameof(targetHeight)), Extent.Of(graph, targetWidth, nameof(targetWidth)));
        Extent right = width - left - sizes[2];
        Extent bottom = height - top - sizes[1];
        top.Require(">=", 0, "offset_height must be >= 0.", checks);
        left.Require(">=", 0, "offset_width must be >= 0.", checks);
        right.Require(">=", 0, "width must be <= target - offset.", checks);
        bottom.Require(">=", 0, "height must be <= target - offset.", checks);
        images = ImageChecks.After(checks, images);
        Output paddings = graph.Reshape(graph.Stack([0, 0, top.Operand, bottom.Operand, left.Operand, right.Operand, 0, 0]), new[] { 4, 2 });
        Output padded = graph.Pad(images, paddings);
        padded.SetShape([sizes[0].Dimension, height.Dimension, width.Dimension, sizes[3].Dimension]);
        return ImageChecks.Unbatch(padded, isBatch);
    }

    /// <summary>A window of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="offsetHeight">Rows above the window. A number or a scalar of the graph.</param>
    /// <param name="offsetWidth">Columns to the left of it.</param>
    /// <param name="targetHeight">Height of the window.</param>
    /// <param name="targetWidth">Width of the window.</param>
    /// <exception cref="ArgumentException">It is no image, or the window does not lie within it.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.crop_to_bounding_box</c>; what is not known now is checked in the run.</remarks>
    public static Output CropToBoundingBox(this Graph graph, Operand image, Operand offsetHeight, Operand offsetWidth, Operand targetHeight, Operand targetWidth)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("crop_to_bounding_box");
        (Output images, bool isBatch) = ImageChecks.Batch(graph, image);
        List<Operation> checks = ImageChecks.AtLeast3D(images);
        Extent[] sizes = Extent.Of(images);
        (Extent top, Extent left) = (Extent.Of(graph, offsetHeight, nameof(offsetHeight)), Extent.Of(graph, offsetWidth, nameof(offsetWidth)));
        (Extent height, Extent width) = (Extent.Of(graph, targetHeight, nameof(targetHeight)), Extent.Of(graph, targetWidth, nameof(targetWidth)));
        left.Require(">=", 0, "offset_width must be >= 0.", checks);
        top.Require(">=", 0, "offset_height must be >= 0.", checks);
        width.Require(">", 0, "target_width must be > 0.", checks);
        height.Require(">", 0, "target_height must be > 0.", checks);
        sizes[2].Require(">=", width + left, "width must be >= target + offset.", checks);
        sizes[1].Require(">=", height + top, "height must be >= target + offset.", checks);
        images = ImageChecks.After(checks, images);
        Output cropped = graph.Slice(images, graph.Stack([0, top.Operand, left.Operand, 0]), graph.Stack([-1, height.Operand, width.Operand, -1]));
        cropped.SetShape([sizes[0].Dimension, height.Dimension, width.Dimension, sizes[3].Dimension]);
        return ImageChecks.Unbatch(cropped, isBatch);
    }

    /// <summary>Images of a height and width: what is too much on two sides is cut off alike, what is missing is filled up with zeros.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="targetHeight">Height of the result. A number or a scalar of the graph.</param>
    /// <param name="targetWidth">Width of the result.</param>
    /// <exception cref="ArgumentException">It is no image, or a size is not above 0.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.resize_image_with_crop_or_pad</c>.</remarks>
    public static Output ResizeImageWithCropOrPad(this Graph graph, Operand image, Operand targetHeight, Operand targetWidth)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("resize_image_with_crop_or_pad");
        (Output images, bool isBatch) = ImageChecks.Batch(graph, image);
        List<Operation> checks = ImageChecks.AtLeast3D(images);
        Extent height = Extent.Of(graph, targetHeight, nameof(targetHeight)), width = Extent.Of(graph, targetWidth, nameof(targetWidth));
        width.Require(">", 0, "target_width must be > 0.", checks);
        height.Require(">", 0, "target_height must be > 0.", checks);
        images = ImageChecks.After(checks, images);

        // Crops and pads check too; the checks here come first, for clearer messages.
        (height, width) = (Guarded(height), Guarded(width));
        Extent[] sizes = Extent.Of(images);
        Extent zero = new(graph, 0, null);
        Extent moreWidth = width - sizes[2];
        (Extent cropLeft, Extent padLeft) = (Extent.Max((-moreWidth).Half(), zero), Extent.Max(moreWidth.Half(), zero));
        Extent moreHeight = height - sizes[1];
        (Extent cropTop, Extent padTop) = (Extent.Max((-moreHeight).Half(), zero), Extent.Max(moreHeight.Half(), zero));
        Output cropped = graph.CropToBoundingBox(images, cropTop.Operand, cropLeft.Operand, Extent.Min(height, sizes[1]).Operand, Extent.Min(width, sizes[2]).Operand);
        Output resized = graph.PadToBoundingBox(cropped, padTop.Operand, padLeft.Operand, height.Operand, width.Operand);
        Extent[] found = Extent.Of(resized);
        checks = [];
        found[1].Require("==", height, "resized height is not correct.", checks);
        found[2].Require("==", width, "resized width is not correct.", checks);
        return ImageChecks.Unbatch(ImageChecks.After(checks, resized), isBatch);

        Extent Guarded(Extent extent) => extent.Computed is { } computed ? extent with { Computed = ImageChecks.After(checks, computed) } : extent;
    }

    // Where the middle part of a dimension begins, and how long it is.
    private static (Extent Start, Extent Size) Middle(Output images, int axis, double fraction)
    {
        Graph graph = images.Graph;
        long known = images.Shape[axis];
        if (known >= 0)
        {
            long start = (long)((known - (known * fraction)) / 2);
            return (new(graph, start, null), new(graph, known - (start * 2), null));
        }

        Output size = graph.Shape(images)[axis];
        Output exact = graph.Cast(size, DType.Float64);
        Output begin = graph.Cast((exact - (exact * fraction)) / 2.0, DType.Int32);
        return (new(graph, 0, begin), new(graph, 0, size - (begin * 2)));
    }
}
