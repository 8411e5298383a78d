using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cuts boxes out of images and brings them to one size.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="boxes">Shape: [n, 4]: y, x, y, x, where 0 and 1 are the image's borders. DType: float32.</param>
    /// <param name="boxIndices">Which image each box is of. Shape: [n]. DType: int32.</param>
    /// <param name="cropSize">Height and width of the result. DType: int32.</param>
    /// <param name="method">bilinear or nearest.</param>
    /// <param name="extrapolationValue">What stands outside the image.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [n, height, width, channels]. DType: float32.</returns>
    /// <remarks>Source: TensorFlow op "CropAndResize".</remarks>
    public static Output CropAndResize(
        this Graph graph, Operand image, Operand boxes, Operand boxIndices, Operand cropSize, string method = "bilinear", float extrapolationValue = 0, string? name = null) =>
        graph.Add<CropAndResizeOp>(name, new AttributeList { { "method", method }, { "extrapolation_value", extrapolationValue } }, image, boxes, boxIndices, cropSize);
}

/// <summary>Checks that boxes and the images that they are of fit.</summary>
internal static class CropBoxes
{
    public static int Check(KernelContext c, Tensor boxes, Tensor indices, long images)
    {
        if (boxes.Count == 0 && indices.Count == 0)
            return 0;
        if (boxes.Rank != 2)
            throw c.InvalidArgument($"boxes must be 2-D{boxes.Shape}");
        if (boxes.Shape[1] != 4)
            throw c.InvalidArgument("boxes must have 4 columns");
        if (indices.Rank != 1)
            throw c.InvalidArgument($"box_index must be 1-D{indices.Shape}");
        if (indices.Shape[0] != boxes.Shape[0])
            throw c.InvalidArgument("box_index has incompatible shape");
        foreach (int index in indices.Data<int>())
        {
            if (index < 0 || index >= images)
                throw new KernelException(RunErrorCode.OutOfRange, $"box_index has values outside [0, batch_size): {index}");
        }

        return (int)boxes.Shape[0];
    }
}

internal sealed class CropAndResizeOp() : NumberOp(
    "CropAndResize(image: T, boxes: float, box_ind: int32, crop_size: int32) -> (crops: float) "
    + "where T: uint8 | uint16 | int8 | int16 | int32 | int64 | half | float | double, method: 'bilinear' | 'nearest' = 'bilinear', extrapolation_value: float = 0")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output image) = (g.Graph, g.X(0));
        Output? toImage = image.DType is DType.Float16 or DType.Float32 or DType.Float64
            ? graph.AddOperation("CropAndResizeGradImage", null, new AttributeList { { "T", image.DType }, { "method", g.Attributes.String("method") } }, g.Dy(0), g.X(1), g.X(2), graph.Shape(image))[0]
            : null;
        // TensorFlow takes the boxes' gradient by interpolation whatever the method was.
        Output toBoxes = graph.AddOperation("CropAndResizeGradBoxes", null, null, g.Dy(0), image, g.X(1), g.X(2))[0];
        return [toImage, toBoxes, null, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        (Shape image, Shape boxes, Shape indices) = (c.WithRank(0, 4), c.WithRank(1, 2), c.WithRank(2, 1));
        Shape size = c.Merge(c.InputAsShape(3), Shape.OfRank(2));
        c.Merge(boxes[1], 4);
        c.Output(0, [c.Merge(boxes[0], indices[0]), size[0], size[1], image[3]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor image, Tensor boxes, Tensor indices, Tensor size) = (c.Input(0), c.Input(1), c.Input(2), c.Input(3));
        if (image.Rank != 4)
            throw c.InvalidArgument($"input image must be 4-D{image.Shape}");
        (int height, int width, int channels) = ((int)image.Shape[1], (int)image.Shape[2], (int)image.Shape[3]);
        if (height <= 0 || width <= 0)
            throw c.InvalidArgument("image dimensions must be positive");
        int count = CropBoxes.Check(c, boxes, indices, image.Shape[0]);
        if (size.Rank != 1 || size.Count != 2)
            throw c.InvalidArgument($"crop_size must be 1-D and have two elements{size.Shape}");
        (int rows, int columns) = (size.Data<int>()[0], size.Data<int>()[1]);
        if (rows <= 0 || columns <= 0)
            throw c.InvalidArgument("crop dimensions must be positive");
        Span<float> crops = c.AllocateOutput(0, [count, rows, columns, channels]).MutableData<float>();
        crops.Fill(c.Attributes.Float("extrapolation_value"));
        bool bilinear = c.Attributes.String("method") == "bilinear";
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<T> source = image.Data<T>().Slice(indices.Data<int>()[i] * height * width * channels, height * width * channels);
            var crop = new BoxCrop(boxes.Data<float>().Slice(i * 4, 4), height, width, rows, columns);
            crop.Run(source, crops.Slice(i * rows * columns * channels, rows * columns * channels), channels, bilinear);
        }
    }
}

internal sealed class CropAndResizeGradImageOp() : Op(
    "CropAndResizeGradImage(grads: float, boxes: float, box_ind: int32, image_size: int32) -> (output: T) where T: float | half | double, method: 'bilinear' | 'nearest' = 'bilinear'")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of cropping");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(3), Shape.OfRank(4)));

    public override void Compute(KernelContext c)
    {
        (Tensor gradient, Tensor boxes, Tensor indices, Tensor size) = (c.Input(0), c.Input(1), c.Input(2), c.Input(3));
        if (gradient.Rank != 4)
            throw c.InvalidArgument($"grads image must be 4-D{gradient.Shape}");
        if (size.Rank != 1 || size.Count != 4)
            throw c.InvalidArgument($"image_size must be 1-D and have 4 elements{size.Shape}");
        Shape shape = IntVectors.Read(size);
        int count = CropBoxes.Check(c, boxes, indices, shape[0]);
        if (shape[1] <= 0 || shape[2] <= 0)
            throw c.InvalidArgument("image dimensions must be positive");
        if (gradient.Shape[3] != shape[3] || gradient.Shape[0] != count)
            throw c.InvalidArgument("image_size and grads are incompatible");
        double[] sums = new double[(int)shape.ElementCount];
        (int height, int width, int channels) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        (int rows, int columns) = ((int)gradient.Shape[1], (int)gradient.Shape[2]);
        bool bilinear = c.Attributes.String("method") == "bilinear";
        for (int i = 0; i < count; i++)
        {
            var crop = new BoxCrop(boxes.Data<float>().Slice(i * 4, 4), height, width, rows, columns);
            crop.BackpropImage(
                gradient.Data<float>().Slice(i * rows * columns * channels, rows * columns * channels),
                sums.AsSpan(indices.Data<int>()[i] * height * width * channels, height * width * channels),
                channels,
                bilinear);
        }

        Kernels.Elementwise.Casts.Convert(Tensor.Of<double>(shape, sums), c.AllocateOutput(0, shape), c.Workers);
    }
}

internal sealed class CropAndResizeGradBoxesOp() : Op(
    "CropAndResizeGradBoxes(grads: float, image: T, boxes: float, box_ind: int32) -> (output: float) "
    + "where T: uint8 | uint16 | int8 | int16 | int32 | int64 | half | float | double, method: 'bilinear' = 'bilinear'")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of cropping");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.WithRank(2, 2), [-1, 4]));

    public override void Compute(KernelContext c)
    {
        (Tensor gradient, Tensor image, Tensor boxes, Tensor indices) = (c.Input(0), c.Input(1), c.Input(2), c.Input(3));
        if (gradient.Rank != 4 || image.Rank != 4)
            throw c.InvalidArgument($"grads and image must be 4-D, got {gradient.Shape} and {image.Shape}");
        int count = CropBoxes.Check(c, boxes, indices, image.Shape[0]);
        (int height, int width, int channels) = ((int)image.Shape[1], (int)image.Shape[2], (int)image.Shape[3]);
        (int rows, int columns) = ((int)gradient.Shape[1], (int)gradient.Shape[2]);
        if (gradient.Shape[0] != count || gradient.Shape[3] != channels)
            throw c.InvalidArgument("boxes and grads have incompatible shape");
        Tensor wide = c.Allocate(DType.Float32, image.Shape);
        Kernels.Elementwise.Casts.Convert(image, wide, c.Workers);
        Span<float> result = c.AllocateOutput(0, [count, 4]).MutableData<float>();
        for (int i = 0; i < count; i++)
        {
            var crop = new BoxCrop(boxes.Data<float>().Slice(i * 4, 4), height, width, rows, columns);
            crop.BackpropBox(
                gradient.Data<float>().Slice(i * rows * columns * channels, rows * columns * channels),
                wide.Data<float>().Slice(indices.Data<int>()[i] * height * width * channels, height * width * channels),
                result.Slice(i * 4, 4),
                channels);
        }
    }
}
