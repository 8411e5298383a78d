using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Recurrent;

public sealed class CtcBeamSearchTests
{
    // Source: the example of TensorFlow's ctc_decoder_ops_test, "hibernating beam search".
    private static readonly float[] Inputs =
    [
        0.30999f, 0.309938f, 0.0679938f, 0.0673362f, 0.0708352f, 0.173908f,
        0.215136f, 0.439699f, 0.0370931f, 0.0393967f, 0.0381581f, 0.230517f,
        0.199959f, 0.489485f, 0.0233221f, 0.0251417f, 0.0233289f, 0.238763f,
        0.279611f, 0.452966f, 0.0204795f, 0.0209126f, 0.0194803f, 0.20655f,
        0.51286f, 0.288951f, 0.0243026f, 0.0220788f, 0.0219297f, 0.129878f,
    ];

    [Fact]
    public void A_narrow_beam_finds_the_paths_that_TensorFlow_publishes()
    {
        using var runs = new OpRuns();
        (var paths, Output scores) = runs.Graph.CtcBeamSearchDecoder(runs.Graph.Constant(Tensor.Of<float>([5, 1, 6], Inputs)), new[] { 5 }, beamWidth: 2, topPaths: 2);

        Tensor odds = runs.Session.Run(scores);
        Assert.Equal(-5.811451f, odds.Data<float>()[0], 1e-5f);
        Assert.Equal(-6.63339f, odds.Data<float>()[1], 1e-5f);
        Assert.Equal([1L, 0], runs.Session.Run(paths[0].Values).ToArray<long>());
        Assert.Equal([0L, 0, 0, 1], runs.Session.Run(paths[0].Indices).ToArray<long>());
        Assert.Equal([1L, 2], runs.Session.Run(paths[0].Shape).ToArray<long>());
        Assert.Equal([1L], runs.Session.Run(paths[1].Values).ToArray<long>());
        Assert.Equal([1L, 1], runs.Session.Run(paths[1].Shape).ToArray<long>());
    }

    [Fact]
    public void A_wide_beam_gives_the_odds_that_adding_up_all_alignments_gives()
    {
        // Two classes and the blank over three steps: 27 alignments.
        double[] logits = [0.3, 0.1, 0.5, 0.9, 0.2, 0.4, 0.6, 0.8, 0.1];
        var odds = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int code = 0; code < 27; code++)
        {
            int[] steps = [code / 9, code / 3 % 3, code % 3];
            double p = 1;
            var labels = new List<int>();
            for (int t = 0; t < 3; t++)
            {
                double sum = Enumerable.Range(0, 3).Sum(k => Math.Exp(logits[(3 * t) + k]));
                p *= Math.Exp(logits[(3 * t) + steps[t]]) / sum;
                if (steps[t] != 2 && (t == 0 || steps[t - 1] != steps[t]))
                    labels.Add(steps[t]);
            }

            string key = string.Join(' ', labels);
            odds[key] = odds.GetValueOrDefault(key) + p;
        }

        KeyValuePair<string, double>[] expected = [.. odds.OrderByDescending(static o => o.Value)];
        using var runs = new OpRuns();
        (var paths, Output scores) = runs.Graph.CtcBeamSearchDecoder(
            runs.Graph.Constant(Tensor.Of<double>([3, 1, 3], logits)), new[] { 3 }, topPaths: 5, mergeRepeated: false);

        double[] found = runs.Session.Run(scores).ToArray<double>();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(expected[i].Key, string.Join(' ', runs.Session.Run(paths[i].Values).ToArray<long>()));
            Assert.Equal(Math.Log(expected[i].Value), found[i], 1e-9);
        }
    }

    [Fact]
    public void More_paths_than_the_beam_is_wide_are_refused()
    {
        using var runs = new OpRuns();
        (_, Output scores) = runs.Graph.CtcBeamSearchDecoder(runs.Graph.Constant(Tensor.Of<float>([5, 1, 6], Inputs)), new[] { 5 }, beamWidth: 2, topPaths: 3);

        var fault = Assert.Throws<RunException>(() => runs.Session.Run(scores));
        Assert.Contains("requested more paths than the beam width.", fault.Message, StringComparison.Ordinal);
    }
}
