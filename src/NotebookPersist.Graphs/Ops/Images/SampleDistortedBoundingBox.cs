using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A window of an image that shows enough of one of some boxes, of a size, aspect and place drawn anew in each run.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="imageSize">Height, width and channels. Shape: [3]. DType: integers up to 64 bits.</param>
    /// <param name="boundingBoxes">Shape: [batch, n, 4]: top, left, bottom and right, in [0, 1]. DType: float32.</param>
    /// <param name="seed">With <paramref name="seed2"/> makes the windows the same in every session, where one is not 0; the graph's seed does not count.</param>
    /// <param name="seed2">See <paramref name="seed"/>.</param>
    /// <param name="minObjectCovered">How much of a box must be seen, as a part of it; 0.1 by default. Shape: [].</param>
    /// <param name="aspectRatioRange">Least and largest width over height; 0.75 and 1.33 by default.</param>
    /// <param name="areaRange">Least and largest part of the image; 0.05 and 1 by default.</param>
    /// <param name="maxAttempts">After so many attempts the whole image is taken; 100 by default.</param>
    /// <param name="useImageIfNoBoundingBoxes">Whether the whole image is the box where there is none.</param>
    /// <param name="name">Name scope, and node name.</param>
    /// <returns>Where the window begins and its size, for <see cref="Slice"/>, and the window for <see cref="DrawBoundingBoxes"/>. Shape: [3], [3], [1, 1, 4].</returns>
    /// <remarks>Source: TensorFlow 1's <c>tf.image.sample_distorted_bounding_box</c>, op "SampleDistortedBoundingBoxV2".</remarks>
    public static (Output Begin, Output Size, Output Bboxes) SampleDistortedBoundingBox(
        this Graph graph,
        Operand imageSize,
        Operand boundingBoxes,
        int? seed = null,
        int? seed2 = null,
        Operand minObjectCovered = default,
        IReadOnlyList<float>? aspectRatioRange = null,
        IReadOnlyList<float>? areaRange = null,
        int? maxAttempts = null,
        bool? useImageIfNoBoundingBoxes = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "sample_distorted_bounding_box");
        var attributes = new AttributeList
        {
            { "seed", (long)(seed ?? 0) },
            { "seed2", (long)(seed2 ?? 0) },
            { "aspect_ratio_range", aspectRatioRange ?? [0.75f, 1.33f] },
            { "area_range", areaRange ?? [0.05f, 1] },
            { "max_attempts", (long)(maxAttempts ?? 100) },
            { "use_image_if_no_bounding_boxes", useImageIfNoBoundingBoxes ?? false },
        };
        Operation node = graph.AddOperation<SampleDistortedBoundingBoxV2Op>(name, attributes, imageSize, boundingBoxes, minObjectCovered.IsMissing ? 0.1f : minObjectCovered);
        return (node[0], node[1], node[2]);
    }
}

/// <summary>Draws a window of an image of random size, aspect and place that shows enough of one of some boxes.</summary>
internal abstract class DistortedBoxOp(string signature) : UndifferentiatedOp(signature, "windows are drawn, not computed")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 1);
        c.WithRank(1, 3);
        c.Output(0, [3]);
        c.Output(1, [3]);
        c.Output(2, [1, 1, 4]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor size, Tensor given) = (c.Input(0), c.Input(1));
        if (size.Rank != 1 || size.Count != 3)
            throw c.InvalidArgument($"image_size must contain 3 elements{size.Shape}");
        if (given.Rank != 3 || given.Shape[2] != 4)
            throw c.InvalidArgument($"input boxes must be 3-dimensional [batch, num_boxes, coords]: {given.Shape}");
        (long rawHeight, long rawWidth) = (size.ItemAt<long>(0), size.ItemAt<long>(1));
        if (rawHeight is < 0 or > int.MaxValue || rawWidth is < 0 or > int.MaxValue)
            throw c.InvalidArgument($"image height and width must be in [0, int32 max], got {rawHeight} and {rawWidth}");
        (int height, int width) = ((int)rawHeight, (int)rawWidth);
        float covered = Covered(c);
        if (!(covered >= 0))
            throw c.InvalidArgument($"Min object covered must be non-negative: {covered}");
        (float[] aspects, float[] areas) = ([.. c.Attributes.Floats("aspect_ratio_range")], [.. c.Attributes.Floats("area_range")]);
        if (aspects.Length != 2 || !(aspects[0] > 0 && aspects[1] > 0))
            throw c.InvalidArgument("Aspect ratio range must be two positive numbers");
        if (areas.Length != 2 || !(areas[0] > 0 && areas[1] > 0 && areas[0] <= 1 && areas[1] <= 1))
            throw c.InvalidArgument("Area range must be two numbers above 0 that are at most 1");
        long attempts = c.Attributes.Int("max_attempts");
        if (attempts <= 0)
            throw c.InvalidArgument($"Max attempts must be non-negative: {attempts}");

        var numbers = new PhiloxNumbers(RandomStream.Of(c).Reserve(attempts));
        List<Box> boxes = Boxes(c, given, height, width);
        var window = new Box(0, 0, width, height);
        for (long i = 0; i < attempts; i++)
        {
            float aspect = (numbers.NextSingle() * (aspects[1] - aspects[0])) + aspects[0];
            if (Draw(width, height, areas[0], areas[1], aspect, ref numbers) is { } drawn && Shows(drawn, covered, boxes))
            {
                window = drawn;
                break;
            }
        }

        Set(c.AllocateOutput(0, [3]), window.Top, window.Left, 0);
        Set(c.AllocateOutput(1, [3]), window.Bottom - window.Top, window.Right - window.Left, -1);
        float[] parts = [window.Top / (float)height, window.Left / (float)width, window.Bottom / (float)height, window.Right / (float)width];
        parts.CopyTo(c.AllocateOutput(2, [1, 1, 4]).MutableData<float>());
    }

    /// <summary>How much of a box must be seen, as a part of it.</summary>
    protected abstract float Covered(KernelContext c);

    private static List<Box> Boxes(KernelContext c, Tensor given, int height, int width)
    {
        var boxes = new List<Box>();
        ReadOnlySpan<float> edges = given.Data<float>();
        for (int i = 0; i < edges.Length; i += 4)
        {
            for (int k = 0; k < 4; k++)
            {
                if (!(edges[i + k] >= 0 && edges[i + k] <= 1))
                    throw c.InvalidArgument($"All bounding box coordinates must be in [0.0, 1.0]: {edges[i + k]}");
            }

            boxes.Add(new Box((int)(edges[i + 1] * width), (int)(edges[i] * height), (int)(edges[i + 3] * width), (int)(edges[i + 2] * height)));
        }

        if (boxes.Count == 0)
        {
            boxes.Add(c.Attributes.Bool("use_image_if_no_bounding_boxes")
                ? new Box(0, 0, width, height)
                : throw c.InvalidArgument("No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes if you wish to not provide any bounding boxes."));
        }

        return boxes;
    }

    private static bool Shows(Box window, float covered, List<Box> boxes) =>
        window.Area >= 1 && boxes.Exists(b => b.Area >= 1 && window.Meet(b).Area / b.Area >= covered);

    // Null where no window of this aspect has an area in the range.
    private static Box? Draw(int width, int height, float leastPart, float mostPart, float aspect, ref PhiloxNumbers numbers)
    {
        if (mostPart <= 0 || aspect <= 0 || width <= 0 || height <= 0 || leastPart > mostPart)
            return null;
        float least = leastPart * width * height, most = mostPart * width * height;
        int rows = Nearest(MathF.Sqrt(least / aspect));
        int mostRows = Nearest(MathF.Sqrt(most / aspect));
        if (Nearest(mostRows * aspect) > width)
            mostRows = (int)((width + 0.5 - 0.0000001f) / aspect);
        mostRows = Math.Min(mostRows, height);
        rows = Math.Min(rows, mostRows);
        if (rows < mostRows)
            rows += (int)numbers.NextBelow((uint)(mostRows - rows + 1));
        int columns = Nearest(rows * aspect);
        if ((float)(columns * rows) < least)
            columns = Nearest(++rows * aspect);
        if ((float)(columns * rows) > most)
            columns = Nearest(--rows * aspect);
        float area = columns * rows;
        if (area < least || area > most || columns > width || rows > height || columns <= 0 || rows <= 0)
            return null;
        int top = rows < height ? (int)numbers.NextBelow((uint)(height - rows)) : 0;
        int left = columns < width ? (int)numbers.NextBelow((uint)(width - columns)) : 0;
        return new Box(left, top, left + columns, top + rows);
    }

    private static int Nearest(float x) => (int)MathF.Round(x, MidpointRounding.ToEven);

    private static void Set(Tensor target, params ReadOnlySpan<long> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            switch (target.DType)
            {
                case DType.UInt8:
                    target.MutableData<byte>()[i] = unchecked((byte)values[i]);
                    break;
                case DType.Int8:
                    target.MutableData<sbyte>()[i] = unchecked((sbyte)values[i]);
                    break;
                case DType.Int16:
                    target.MutableData<short>()[i] = unchecked((short)values[i]);
                    break;
                case DType.Int32:
                    target.MutableData<int>()[i] = (int)values[i];
                    break;
                default:
                    target.MutableData<long>()[i] = values[i];
                    break;
            }
        }
    }

    private readonly record struct Box(int Left, int Top, int Right, int Bottom)
    {
        public float Area => (Right - Left) * (float)(Bottom - Top);

        public Box Meet(Box other)
        {
            (int left, int top) = (Math.Max(Left, other.Left), Math.Max(Top, other.Top));
            (int right, int bottom) = (Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
            return left > right || top > bottom ? default : new Box(left, top, right, bottom);
        }
    }
}

internal sealed class SampleDistortedBoundingBoxOp() : DistortedBoxOp(
    "SampleDistortedBoundingBox(image_size: T, bounding_boxes: float) "
    + "-> (begin: T, size: T, bboxes: float) "
    + "where T: uint8 | int8 | int16 | int32 | int64, seed: int = 0, seed2: int = 0, min_object_covered: float = 0.1, "
    + "aspect_ratio_range: list(float) = [0.75, 1.33], area_range: list(float) = [0.05, 1], max_attempts: int = 100, "
    + "use_image_if_no_bounding_boxes: bool = false; stateful")
{
    protected override float Covered(KernelContext c) => c.Attributes.Float("min_object_covered");
}

internal sealed class SampleDistortedBoundingBoxV2Op() : DistortedBoxOp(
    "SampleDistortedBoundingBoxV2(image_size: T, bounding_boxes: float, min_object_covered: float) "
    + "-> (begin: T, size: T, bboxes: float) "
    + "where T: uint8 | int8 | int16 | int32 | int64, seed: int = 0, seed2: int = 0, aspect_ratio_range: list(float) = [0.75, 1.33], "
    + "area_range: list(float) = [0.05, 1], max_attempts: int = 100, use_image_if_no_bounding_boxes: bool = false; stateful")
{
    protected override float Covered(KernelContext c) =>
        c.Input(2).Rank == 0 ? c.Input(2).Item<float>() : throw c.InvalidArgument($"min_object_covered must be 0-D, got shape {c.Input(2).Shape}");
}
