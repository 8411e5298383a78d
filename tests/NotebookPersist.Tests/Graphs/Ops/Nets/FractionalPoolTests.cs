using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

public sealed class FractionalPoolTests
{
    private static readonly Shape Size = [2, 7, 9, 2];

    [Theory]
    [InlineData("FractionalMaxPool", false, false)]
    [InlineData("FractionalMaxPool", true, true)]
    [InlineData("FractionalAvgPool", false, true)]
    [InlineData("FractionalAvgPool", true, false)]
    public void Windows_cover_the_image_and_are_pooled_one_by_one(string type, bool pseudoRandom, bool overlapping)
    {
        using var runs = new OpRuns();
        Tensor image = Image();
        Tensor[] found = runs.Run(type, Attributes(pseudoRandom, overlapping), runs.Graph.Constant(image));
        (long[] rows, long[] columns) = (found[1].ToArray<long>(), found[2].ToArray<long>());

        Assert.Equal([2, 4, 6, 2], found[0].Shape);
        Covers(rows, 7, 4);
        Covers(columns, 9, 6);
        for (int i = 0; i < found[0].Count; i++)
        {
            (int b, int y, int x, int k) = (i / 48, i / 12 % 4, i / 2 % 6, i % 2);
            var window = new List<double>();
            for (long r = rows[y]; r < Math.Min(7, rows[y + 1] + (overlapping ? 1 : 0)); r++)
            {
                for (long c = columns[x]; c < Math.Min(9, columns[x + 1] + (overlapping ? 1 : 0)); c++)
                    window.Add(image.Data<double>()[(int)((((((b * 7) + r) * 9) + c) * 2) + k)]);
            }

            Assert.Equal(type == "FractionalMaxPool" ? window.Max() : window.Average(), found[0].Data<double>()[i], 1e-12);
        }
    }

    [Theory]
    [InlineData("FractionalMaxPool", false)]
    [InlineData("FractionalMaxPool", true)]
    [InlineData("FractionalAvgPool", false)]
    [InlineData("FractionalAvgPool", true)]
    public void Gradients_are_what_central_differences_give(string type, bool overlapping) =>
        GradientCheck.Run(type, (graph, xs) => graph.AddOperation(type, null, Attributes(true, overlapping), xs[0])[0], [Image()]);

    private static AttributeList Attributes(bool pseudoRandom, bool overlapping) => new()
    {
        { "pooling_ratio", new[] { 1f, 1.7f, 1.4f, 1f } }, { "pseudo_random", pseudoRandom }, { "overlapping", overlapping }, { "deterministic", true }, { "seed", 5 }, { "seed2", 7 },
    };

    private static void Covers(long[] sequence, int size, int count)
    {
        Assert.Equal(count + 1, sequence.Length);
        Assert.Equal(0, sequence[0]);
        Assert.Equal(size, sequence[^1]);
        for (int i = 1; i < sequence.Length; i++)
            Assert.InRange(sequence[i] - sequence[i - 1], size / count, (size / count) + 1);
    }

    private static Tensor Image()
    {
        double[] values = [.. Enumerable.Range(0, (int)Size.ElementCount).Select(static i => Math.Sin(i * 1.3) + (i % 11))];
        return Tensor.Of<double>(Size, values);
    }
}
