using System.Diagnostics;
using CsCheck;
using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

public sealed class TensorDisplayTests
{
    [Fact]
    public void A_line_tells_type_shape_size_range_and_histogram()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(static i => i / 999f)];
        MimeBundle bundle = Fragments.Render(Tensor.Of<float>([10, 100], values));

        Assert.StartsWith("float32 [10,100] n=1,000 (3.9 KiB) x∈[0, 1] μ=0.5 σ=0.289 ", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("<svg", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_values_are_shown_themselves()
    {
        Assert.Equal("float32 [2,2] [[1, 2], [3, 4.5]]", Fragments.Render((Tensor)new[,] { { 1f, 2f }, { 3f, 4.5f } }).Text);
        Assert.Equal("int32 scalar 7", Fragments.Render((Tensor)7).Text);
        Assert.Equal("string [2] ['a', 'it\\'s']", Fragments.Render((Tensor)new[] { "a", "it's" }).Text);
        Assert.Equal("bool scalar True", Fragments.Render((Tensor)true).Text);
    }

    [Fact]
    public void NaN_and_infinities_catch_the_eye()
    {
        float[] values = new float[100];
        (values[0], values[1], values[2], values[3], values[4]) = (float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1);
        MimeBundle bundle = Fragments.Render(Tensor.Of<float>([100], values));

        Assert.EndsWith("NaN!2 +Inf!1 -Inf!1", bundle.Text, StringComparison.Ordinal);
        Assert.Contains(">NaN!2</span>", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("magenta: NaN", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_tensor_says_so() => Assert.Equal("float32 [0,3] empty", Fragments.Render(Tensor.Zeros(DType.Float32, [0, 3])).Text);

    [Fact]
    public void A_tensor_of_one_value_says_so() => Assert.Equal("int64 [40] n=40 (320 B) all 0", Fragments.Render(Tensor.Zeros(DType.Int64, [40])).Text);

    [Fact]
    public void A_huge_tensor_is_sampled_and_says_so()
    {
        Tensor huge = Tensor.Zeros(DType.UInt8, [20_000, 1_000]);
        huge.MutableData<byte>()[..10_000_000].Fill(3);
        var watch = Stopwatch.StartNew();
        MimeBundle bundle = Fragments.Render(huge);

        Assert.Contains("sample of 1,048,576", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("rows", bundle.Html, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Markup_in_strings_stays_text()
    {
        string? html = Fragments.Render((Tensor)new[] { "<script>alert(1)</script>", "a\0b", "\ud800" }).Html;

        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_drawn_one_panel_each()
    {
        float[] values = [.. Enumerable.Range(0, 6 * 28 * 28).Select(static i => (float)(i % 17))];

        Assert.Contains("6 panels, [0, :, :, :] to [5, :, :, :]", Fragments.Render(Tensor.Of<float>([6, 28, 28, 1], values)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_and_shape_can_be_shown()
    {
        Gen<DType> types = Gen.Int[0, DTypes.All.Count - 1].Select(static i => DTypes.All[i]);
        Gen<long[]> shapes = Gen.Long[0, 7].Array[0, 6];
        Gen.Select(types, shapes, Gen.ULong).Sample(
            static (type, shape, seed) =>
            {
                Fragments.Render(RandomTensor(type, shape, unchecked((int)seed)));
                return true;
            },
            iter: 300,
            threads: 1);
    }

    [Theory]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new long[] { 100_000, 0 })]
    [InlineData(new long[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(new long[] { 1, 5000 })]
    [InlineData(new long[] { 5000, 1 })]
    [InlineData(new long[] { 300, 3, 3, 1 })]
    public void Odd_shapes_stay_small(long[] shape) => Fragments.Render(RandomTensor(DType.Float64, shape, 1), 200_000);

    [Fact]
    public void Arrays_of_numbers_are_shown_as_tensors()
    {
        Assert.Equal("float64 [1,2] [[1, 2]]", Fragments.Render(new double[,] { { 1, 2 } }).Text);
    }

    [Fact]
    public void Other_arrays_are_shown_as_tables_of_their_values()
    {
        Assert.Equal("String[2]\n   Value\n0  a\n1  b", string.Join('\n', Fragments.Render(new[] { "a", "b" }).Text.Split('\n').Select(static l => l.TrimEnd())));
        Assert.Contains("float32 [2] [1, 2]", Fragments.Render(new Tensor?[] { new[] { 1f, 2f }, null }).Text, StringComparison.Ordinal);
        Assert.Contains("null", Fragments.Render(new Tensor?[] { null }).Text, StringComparison.Ordinal);
    }

    private static Tensor RandomTensor(DType type, long[] dimensions, int seed)
    {
        var random = new Random(seed);
        Shape shape = dimensions;
        int count = (int)shape.ElementCount;
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. Enumerable.Range(0, count).Select(_ => RandomBytes(random.Next(100)))]);
        if (type is DType.Resource or DType.Variant)
            return Tensor.OfObjects(type, shape, new object?[count]);
        // Any bits at all: NaN payloads, subnormals, bools that are neither 0 nor 1.
        Tensor bytes = Tensor.Of<byte>([count * type.Size()], RandomBytes(count * type.Size()));
        return new Tensor(type, shape, bytes.Buffer!);

        byte[] RandomBytes(int length)
        {
            byte[] made = new byte[length];
            random.NextBytes(made);
            return made;
        }
    }
}
