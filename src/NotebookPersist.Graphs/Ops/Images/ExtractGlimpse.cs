using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cuts a window out of each image; what lies outside is noise.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: float32.</param>
    /// <param name="size">Height and width of the windows. DType: int32.</param>
    /// <param name="offsets">Shape: [batch, 2]: y, x of the windows' centres. DType: float32.</param>
    /// <param name="centered">Offsets count from the image's centre, by half its size; else from its first corner.</param>
    /// <param name="normalized">Offsets are in parts of the image's size; else in pixels.</param>
    /// <param name="uniformNoise">Uniform noise; else normal.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "ExtractGlimpse".</remarks>
    public static Output ExtractGlimpse(
        this Graph graph, Operand input, Operand size, Operand offsets, bool centered = true, bool normalized = true, bool uniformNoise = true, string? name = null) =>
        graph.Add<ExtractGlimpseOp>(
            name,
            new AttributeList { { "centered", centered }, { "normalized", normalized }, { "uniform_noise", uniformNoise }, { "noise", uniformNoise ? "uniform" : "gaussian" } },
            input, size, offsets);
}

/// <summary>Windows of images around given places.</summary>
internal abstract class GlimpseOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of glimpses");

    // Noise differs from run to run.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        (Shape input, Shape offsets) = (c.WithRank(0, 4), c.WithRank(2, 2));
        Shape size = c.Merge(c.InputAsShape(1), Shape.OfRank(2));
        c.Merge(offsets[1], 2);
        c.Output(0, [c.Merge(input[0], offsets[0]), size[0], size[1], input[3]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor input, Tensor size, Tensor offsets) = (c.Input(0), c.Input(1), c.Input(2));
        if (input.Rank != 4)
            throw c.InvalidArgument($"input must be 4-dimensional (batch_size, height, width, depth){input.Shape}");
        if (size.Rank != 1 || size.Count != 2)
            throw c.InvalidArgument($"input must be a vector of size 2 (height, width){size.Shape}");
        if (offsets.Rank != 2 || offsets.Shape[0] != input.Shape[0] || offsets.Shape[1] != 2)
            throw c.InvalidArgument($"offsets must be a matrix of a y and an x for each image{offsets.Shape}");
        (int rows, int columns) = (size.Data<int>()[0], size.Data<int>()[1]);
        if (rows < 0 || columns < 0)
            throw c.InvalidArgument($"the size of glimpses must not be negative, got {rows} and {columns}");
        (int height, int width, int channels) = ((int)input.Shape[1], (int)input.Shape[2], (int)input.Shape[3]);
        Tensor result = c.AllocateOutput(0, [input.Shape[0], rows, columns, channels]);
        for (int i = 0; i < input.Shape[0] && result.Count > 0; i++)
        {
            int top = Start(c, offsets.Data<float>()[2 * i], height, rows);
            int left = Start(c, offsets.Data<float>()[(2 * i) + 1], width, columns);
            ReadOnlySpan<float> image = input.Data<float>().Slice(i * height * width * channels, height * width * channels);
            Span<float> glimpse = result.MutableData<float>().Slice(i * rows * columns * channels, rows * columns * channels);
            if (top < 0 || left < 0 || top + rows > height || left + columns > width)
                Noise(c, image, glimpse, channels);
            for (int y = Math.Max(0, -top); y < Math.Min(rows, height - top); y++)
            {
                (int from, int to) = (Math.Max(0, -left), Math.Min(columns, width - left));
                if (to > from)
                    image.Slice((((top + y) * width) + left + from) * channels, (to - from) * channels).CopyTo(glimpse[(((y * columns) + from) * channels)..]);
            }
        }
    }

    /// <summary>Where a window begins along one axis; parts of elements are cut off.</summary>
    protected abstract float Position(float offset, int size, int window, bool isNormalized, bool isCentered);

    private int Start(KernelContext c, float offset, int size, int window) =>
        (int)Math.Clamp(Position(offset, size, window, c.Attributes.Bool("normalized"), c.Attributes.Bool("centered")), -1e9f, 1e9f);

    private static void Noise(KernelContext c, ReadOnlySpan<float> image, Span<float> glimpse, int channels)
    {
        string kind = c.Attributes.String("noise");
        if (kind.Length == 0)
            kind = c.Attributes.Bool("uniform_noise") ? "uniform" : "gaussian";
        if (kind == "zero" || image.IsEmpty)
        {
            glimpse.Clear();
            return;
        }

        var random = Random.Shared;
        if (kind == "uniform")
        {
            float least = System.Numerics.Tensors.TensorPrimitives.Min(image);
            float range = System.Numerics.Tensors.TensorPrimitives.Max(image) - least;
            foreach (ref float pixel in glimpse)
                pixel = least + (random.NextSingle() * range);
            return;
        }

        if (kind != "gaussian")
            throw c.InvalidArgument($"The noise could only be uniform, gaussian, or zero, got {kind}");
        for (int channel = 0; channel < channels; channel++)
        {
            double sum = 0, squares = 0, least = double.MaxValue, most = double.MinValue;
            int count = image.Length / channels;
            for (int i = channel; i < image.Length; i += channels)
            {
                (sum, squares) = (sum + image[i], squares + ((double)image[i] * image[i]));
                (least, most) = (Math.Min(least, image[i]), Math.Max(most, image[i]));
            }

            double mean = sum / count;
            double deviation = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
            for (int i = channel; i < glimpse.Length; i += channels)
            {
                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                glimpse[i] = (float)Math.Clamp(mean + (deviation * normal), least, most);
            }
        }
    }
}

internal sealed class ExtractGlimpseOp() : GlimpseOp(
    "ExtractGlimpse(input: float, size: int32, offsets: float) -> (glimpse: float) "
    + "where centered: bool = true, normalized: bool = true, uniform_noise: bool = true, noise: string = 'uniform'")
{
    protected override float Position(float offset, int size, int window, bool isNormalized, bool isCentered)
    {
        float position = isNormalized ? offset * size : offset;
        return (isCentered ? (position / 2f) + (size / 2f) : position) - (window / 2f);
    }
}

/// <summary>Only offsets that are both centred and normalised tell a window's centre; others tell its first corner.</summary>
internal sealed class ExtractGlimpseV2Op() : GlimpseOp(
    "ExtractGlimpseV2(input: float, size: int32, offsets: float) -> (glimpse: float) "
    + "where centered: bool = true, normalized: bool = true, uniform_noise: bool = true, noise: string = 'uniform'")
{
    protected override float Position(float offset, int size, int window, bool isNormalized, bool isCentered)
    {
        if (!isNormalized)
            return isCentered ? offset + (size / 2f) : offset;
        float position = offset * size;
        return isCentered ? (position / 2f) + (size / 2f) - (window / 2f) : position;
    }
}
