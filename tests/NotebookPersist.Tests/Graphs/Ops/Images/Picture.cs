using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

/// <summary>A batch of images that tests index plainly.</summary>
internal sealed record Picture(int Batch, int Height, int Width, int Channels, double[] Pixels)
{
    public double this[int b, int y, int x, int c] => Pixels[(((((b * Height) + y) * Width) + x) * Channels) + c];

    /// <summary>Pixels of [0, 1), repeatable.</summary>
    public static Picture Of(int batch, int height, int width, int channels, int seed = 1)
    {
        var random = new Random(seed);
        return Filled(batch, height, width, channels, (_, _, _, _) => (float)random.NextDouble());
    }

    public static Picture Filled(int batch, int height, int width, int channels, Func<int, int, int, int, double> pixel)
    {
        var pixels = new List<double>();
        for (int b = 0; b < batch; b++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    for (int c = 0; c < channels; c++)
                        pixels.Add(pixel(b, y, x, c));
                }
            }
        }

        return new(batch, height, width, channels, [.. pixels]);
    }

    /// <summary>Another picture of the same size.</summary>
    public Picture Each(Func<double, double> pixel) => this with { Pixels = [.. Pixels.Select(pixel)] };

    /// <summary>The images, without the batch where it is one and that is asked for.</summary>
    public Tensor Tensor(DType type = DType.Float32, bool single = false)
    {
        Shape shape = single ? [Height, Width, Channels] : [Batch, Height, Width, Channels];
        return type switch
        {
            DType.Float32 => NotebookPersist.Tensor.Of<float>(shape, [.. Pixels.Select(static p => (float)p)]),
            DType.Float64 => NotebookPersist.Tensor.Of<double>(shape, Pixels),
            DType.Float16 => NotebookPersist.Tensor.Of<Half>(shape, [.. Pixels.Select(static p => (Half)p)]),
            DType.UInt8 => NotebookPersist.Tensor.Of<byte>(shape, [.. Pixels.Select(static p => (byte)p)]),
            DType.Int32 => NotebookPersist.Tensor.Of<int>(shape, [.. Pixels.Select(static p => (int)p)]),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>Checks that a value has these pixels.</summary>
    public void Expect(Tensor found, double tolerance = 0, bool single = false)
    {
        Assert.Equal(single ? new long[] { Height, Width, Channels } : [Batch, Height, Width, Channels], found.Shape.Dimensions.ToArray());
        for (int i = 0; i < Pixels.Length; i++)
            Assert.Equal(Pixels[i], found.ItemAt<double>(i), tolerance);
    }

    /// <summary>As <see cref="OpRuns.Once"/>, of an image whose shape is not known before the run.</summary>
    public static Tensor RunUnknown(Tensor image, Shape shape, Func<Graph, Output, Output> build)
    {
        var graph = new Graph();
        Output fed = graph.Placeholder(image.DType, shape);
        Output output = build(graph, fed);
        using var session = new Session(graph);
        Tensor value = session.Run(output, new() { { fed, image } });
        Assert.True(output.Shape.IsCompatibleWith(value.Shape));
        return value;
    }
}
