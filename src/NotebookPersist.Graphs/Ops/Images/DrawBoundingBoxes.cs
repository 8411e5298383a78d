using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Draws the outlines of boxes into images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]; 1, 3 or 4 channels. DType: float16, float32.</param>
    /// <param name="boxes">Shape: [batch, n, 4]: y, x, y, x, where 0 and 1 are the image's borders.</param>
    /// <param name="colors">Shape: [m, channels or more]; taken in turn. By default ten strong colours.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.image.draw_bounding_boxes</c>.</remarks>
    public static Output DrawBoundingBoxes(this Graph graph, Operand images, Operand boxes, Operand colors = default, string? name = null) => colors.IsMissing
        ? graph.Add<DrawBoundingBoxesOp>(name, images, boxes)
        : graph.Add<DrawBoundingBoxesV2Op>(name, images, boxes, colors);
}

internal abstract class DrawingOp(string signature) : FloatingOp(signature)
{
    private static readonly float[][] StrongColors =
    [
        [1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5f, 0, 0.5f, 1], [0.5f, 0.5f, 0, 1], [0.5f, 0, 0, 1], [0, 0, 0.5f, 1], [0, 1, 1, 1], [1, 0, 1, 1],
    ];

    public override GradientRule Gradient => GradientRule.NotDifferentiable("drawing is not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(1, 3);
        c.Output(0, c.WithRankAtLeast(0, 3));
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor images, Tensor boxes) = (c.Input(0), c.Input(1));
        if (images.Rank != 4)
            throw c.InvalidArgument("The rank of the images should be 4");
        if (boxes.Rank != 3)
            throw c.InvalidArgument("The rank of the boxes tensor should be 3");
        if (images.Shape[0] != boxes.Shape[0])
            throw c.InvalidArgument("The batch sizes should be the same");
        int channels = (int)images.Shape[3];
        if (channels is not (1 or 3 or 4))
            throw c.InvalidArgument("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)");
        if (boxes.Shape[2] != 4)
            throw c.InvalidArgument($"The size of the third dimension of the box must be 4. Received: {boxes.Shape[2]}");
        float[][] colors = Colors(c, channels);
        Tensor result = c.AllocateOutput(0, images.Shape);
        images.Data<T>().CopyTo(result.MutableData<T>());
        (int height, int width, int count) = ((int)images.Shape[1], (int)images.Shape[2], (int)boxes.Shape[1]);
        Span<float> box = stackalloc float[4];
        for (int i = 0; i < images.Shape[0] * count; i++)
        {
            Span<T> canvas = result.MutableData<T>().Slice(i / count * height * width * channels, height * width * channels);
            for (int k = 0; k < 4; k++)
                box[k] = boxes.ItemAt<float>((i * 4) + k);
            Draw(canvas, box, height, width, colors[i % count % colors.Length].AsSpan(0, channels));
        }
    }

    private static float[][] Colors(KernelContext c, int channels)
    {
        if (c.InputCount == 3 && c.Input(2) is var given && given.Count > 0)
        {
            if (given.Rank != 2)
                throw c.InvalidArgument($"colors must be a 2-D matrix{given.Shape}");
            int depth = (int)given.Shape[1];
            if (depth < channels)
                throw c.InvalidArgument($"colors must have equal or more channels than the image provided: {given.Shape}");
            float[] all = given.ToArray<float>();
            return [.. Enumerable.Range(0, (int)given.Shape[0]).Select(i => all[(i * depth)..((i + 1) * depth)])];
        }

        // On grey images all lines are white.
        return channels == 1 ? [[1]] : StrongColors;
    }

    private static void Draw<T>(Span<T> canvas, ReadOnlySpan<float> box, int height, int width, ReadOnlySpan<float> color)
        where T : unmanaged, INumber<T>
    {
        (long top, long bottom) = ((long)(box[0] * (height - 1)), (long)(box[2] * (height - 1)));
        (long left, long right) = ((long)(box[1] * (width - 1)), (long)(box[3] * (width - 1)));
        if (top > bottom || left > right || top >= height || bottom < 0 || left >= width || right < 0)
            return;
        for (long x = Math.Max(left, 0); x <= Math.Min(right, width - 1); x++)
        {
            Dot(canvas, top, x, height, width, color);
            Dot(canvas, bottom, x, height, width, color);
        }

        for (long y = Math.Max(top, 0); y <= Math.Min(bottom, height - 1); y++)
        {
            Dot(canvas, y, left, height, width, color);
            Dot(canvas, y, right, height, width, color);
        }
    }

    private static void Dot<T>(Span<T> canvas, long y, long x, int height, int width, ReadOnlySpan<float> color)
        where T : unmanaged, INumber<T>
    {
        if (y < 0 || y >= height || x < 0 || x >= width)
            return;
        for (int c = 0; c < color.Length; c++)
            canvas[(int)((((y * width) + x) * color.Length) + c)] = T.CreateTruncating(color[c]);
    }
}

internal sealed class DrawBoundingBoxesOp() : DrawingOp("DrawBoundingBoxes(images: T, boxes: float) -> (output: T) where T: float | half = float");

internal sealed class DrawBoundingBoxesV2Op() : DrawingOp("DrawBoundingBoxesV2(images: T, boxes: float, colors: float) -> (output: T) where T: float | half = float");
