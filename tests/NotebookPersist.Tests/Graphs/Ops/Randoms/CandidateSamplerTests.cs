using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Randoms;

public sealed class CandidateSamplerTests
{
    private static readonly long[] Truths = [1, 2, 0, 4, 3, 3];

    [Theory]
    [InlineData("UniformCandidateSampler")]
    [InlineData("LogUniformCandidateSampler")]
    [InlineData("LearnedUnigramCandidateSampler")]
    [InlineData("ThreadUnsafeUnigramCandidateSampler")]
    [InlineData("FixedUnigramCandidateSampler")]
    public void Unique_samples_are_distinct_and_in_range_and_repeat_with_the_seed(string type)
    {
        Tensor[] first = Run(type, unique: true, 5), again = Run(type, unique: true, 5);

        Assert.Equal([0L, 1, 2, 3, 4], first[0].ToArray<long>().Order());
        Assert.Equal(first[0].ToArray<long>(), again[0].ToArray<long>());
        Assert.Equal([3, 2], first[1].Shape);
        Assert.All(first[2].ToArray<float>(), static e => Assert.InRange(e, 0f, 1f));
    }

    [Fact]
    public void Expected_counts_are_the_odds_times_the_number_drawn()
    {
        Tensor[] uniform = Run("UniformCandidateSampler", unique: false, 4);
        Assert.All(uniform[1].ToArray<float>(), static e => Assert.Equal(0.8f, e, 1e-6f));
        Tensor[] zipf = Run("LogUniformCandidateSampler", unique: false, 4);
        for (int i = 0; i < 6; i++)
            Assert.Equal(4 * Math.Log((Truths[i] + 2.0) / (Truths[i] + 1)) / Math.Log(6), zipf[1].Data<float>()[i], 1e-6);
        Tensor[] weighted = Run("FixedUnigramCandidateSampler", unique: false, 4);
        for (int i = 0; i < 6; i++)
            Assert.Equal(4 * (Truths[i] + 1) / 15.0, weighted[1].Data<float>()[i], 1e-6);
    }

    [Theory]
    [InlineData("UniformCandidateSampler")]
    [InlineData("LogUniformCandidateSampler")]
    [InlineData("FixedUnigramCandidateSampler")]
    public void Classes_are_drawn_as_often_as_expected(string type)
    {
        const int count = 20_000;
        Tensor[] drawn = Run(type, unique: false, count);
        for (int value = 0; value < 5; value++)
        {
            int index = Array.IndexOf(drawn[0].ToArray<long>(), value);
            float expected = drawn[2].Data<float>()[index];
            int found = drawn[0].ToArray<long>().Count(v => v == value);
            Assert.InRange(found, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void A_learning_sampler_counts_the_classes_that_occurred()
    {
        using var runs = new OpRuns();
        Operation sampler = runs.Add("LearnedUnigramCandidateSampler", Attributes("LearnedUnigramCandidateSampler", false, 4), runs.Graph.Constant(Tensor.Of<long>([3, 2], Truths)));
        Assert.Equal(4 / 5f, runs.Run(sampler)[1].Data<float>()[0], 1e-6f);

        // Each class counts once to begin with; now there are six more, two of them of class 3.
        float[] learned = runs.Run(sampler)[1].ToArray<float>();

        Assert.Equal(4 * 2 / 11f, learned[0], 1e-6f);
        Assert.Equal(4 * 3 / 11f, learned[5], 1e-6f);
    }

    [Fact]
    public void All_classes_come_in_order_and_hits_name_them()
    {
        using var runs = new OpRuns();
        Tensor truths = Tensor.Of<long>([3, 2], Truths);
        Tensor[] all = runs.Run(
            "AllCandidateSampler", new AttributeList { { "num_true", 2 }, { "num_sampled", 5 }, { "unique", true } }, runs.Graph.Constant(truths));
        Assert.Equal([0L, 1, 2, 3, 4], all[0].ToArray<long>());
        Assert.All(all[1].ToArray<float>(), static e => Assert.Equal(1f, e, 1e-6f));

        Tensor[] hits = runs.Run("ComputeAccidentalHits", new AttributeList { { "num_true", 2 } }, runs.Graph.Constant(truths), runs.Graph.Constant(all[0]));

        // Source: the example of TensorFlow's candidate_sampler_ops_test.
        Assert.Equal([0, 0, 1, 1, 2, 2], hits[0].ToArray<int>());
        Assert.Equal([1L, 2, 0, 4, 3, 3], hits[1].ToArray<long>());
        Assert.All(hits[2].ToArray<float>(), static w => Assert.Equal(-float.MaxValue, w));
    }

    private static AttributeList Attributes(string type, bool unique, int count)
    {
        var attributes = new AttributeList { { "num_true", 2 }, { "num_sampled", count }, { "unique", unique }, { "range_max", 5 }, { "seed", 3 }, { "seed2", 4 } };
        if (type == "FixedUnigramCandidateSampler")
            attributes.Add("unigrams", new[] { 1f, 2, 3, 4, 5 });
        return attributes;
    }

    private static Tensor[] Run(string type, bool unique, int count)
    {
        using var runs = new OpRuns();
        return runs.Run(type, Attributes(type, unique, count), runs.Graph.Constant(Tensor.Of<long>([3, 2], Truths)));
    }
}
