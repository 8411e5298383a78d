using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class QuantizedResizeBilinearOp() : QuantizedOp(
    "QuantizedResizeBilinear(images: T, size: int32, min: float, max: float) -> (resized_images: T, out_min: float, out_max: float) "
    + "where T: quint8 | qint32 | float, align_corners: bool = false, half_pixel_centers: bool = false")
{
    public override void InferShapes(ShapeContext c)
    {
        ResizeOps.InferShapes(c);
        Infer(c, c.Operation.Outputs[0].Shape);
    }

    public override void Compute(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape shape = images.Shape;
        Tensor result = c.AllocateOutput(0, [shape[0], height, width, shape[3]]);
        float[] resized = new float[result.Count];
        (int batch, int rows, int columns, int channels) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        ResizeMapping mapping = ResizeOps.Mapping(c.Attributes);
        // Between integers of one range lies the same as between what they stand for.
        if (images.DType == DType.Float32)
            ImageResize.Bilinear(images.Data<float>(), resized, batch, rows, columns, channels, height, width, mapping);
        else
            ImageResize.Bilinear<int>(Ints(images), resized, batch, rows, columns, channels, height, width, mapping);
        if (result.DType == DType.Float32)
        {
            resized.CopyTo(result.MutableData<float>());
        }
        else
        {
            var integers = new QuantizedType(result.DType);
            for (int i = 0; i < resized.Length; i++)
                integers.Write(result, i, Math.Round(resized[i], MidpointRounding.AwayFromZero));
        }

        new QuantizedRange(images.DType, QuantizedRange.Single(c, 2), QuantizedRange.Single(c, 3)).Write(c, 1, 2);
    }
}
