using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Recurrent;

public sealed class RecurrentOpTests
{
    [Fact]
    public void A_cell_with_zero_weights_halves_everything()
    {
        // All gates are 1/2 but the forget gate, whose bias of 1 makes it sigmoid(1).
        var graph = new Graph();
        Tensor zero = Tensor.Zeros(DType.Float32, [2]);
        Operation cell = graph.AddOperation(
            "LSTMBlockCell", null, null, Tensor.Of<float>([1, 1], [0.7f]), Tensor.Of<float>([1, 2], [1, -2]), Tensor.Of<float>([1, 2], [0.3f, 0.4f]),
            Tensor.Zeros(DType.Float32, [3, 8]), zero, zero, zero, Tensor.Zeros(DType.Float32, [8]));
        using var session = new Session(graph);
        float forget = 1 / (1 + MathF.Exp(-1));
        Assert.Equal([forget, -2 * forget], session.Run(cell[1]).ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal([0.5f * MathF.Tanh(forget), 0.5f * MathF.Tanh(-2 * forget)], session.Run(cell[6]).ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData("BlockLSTM", false)]
    [InlineData("BlockLSTM", true)]
    [InlineData("BlockLSTMV2", true)]
    public void Gradients_of_a_sequence_agree_with_differences(string type, bool peephole)
    {
        long[][] shapes = [[3, 2, 2], [2, 2], [2, 2], [4, 8], [2], [2], [2], [8]];
        float[][] values = [.. shapes.Select(static (s, k) => Enumerable.Range(0, (int)s.Aggregate(1L, static (a, b) => a * b)).Select(i => MathF.Sin((i * 1.3f) + k) * 0.8f).ToArray())];
        var graph = new Graph();
        Output[] xs = [.. shapes.Select(s => graph.Placeholder(DType.Float32, s))];
        var attributes = new NotebookPersist.Graphs.OpModel.AttributeList { { "use_peephole", peephole } };
        Operation lstm = graph.AddOperation(type, null, attributes, [graph.Constant(3L), .. xs.Select(static x => (Operand)x)]);
        Output loss = graph.ReduceSum(graph.Square(lstm[6] + 0.3f)) + graph.ReduceSum(lstm[1]);
        Output?[] gradients = graph.Gradients([loss], xs);
        using var session = new Session(graph);
        FeedDict Feeds(int input, int element, float step)
        {
            var feeds = new FeedDict();
            for (int i = 0; i < xs.Length; i++)
            {
                float[] moved = [.. values[i]];
                if (i == input)
                    moved[element] += step;
                feeds[xs[i]] = Tensor.Of<float>(shapes[i], moved);
            }

            return feeds;
        }

        for (int input = 0; input < xs.Length; input++)
        {
            Assert.NotNull(gradients[input]);
            float[] found = session.Run(gradients[input]!, Feeds(-1, 0, 0)).ToArray<float>();
            for (int element = 0; element < found.Length; element++)
            {
                float difference = (session.Run(loss, Feeds(input, element, 0.01f)).Item<float>() - session.Run(loss, Feeds(input, element, -0.01f)).Item<float>()) / 0.02f;
                Assert.True(Math.Abs(difference - found[element]) < 0.01f * Math.Max(1, Math.Abs(difference)), $"{type}, input {input}, element {element}: {difference} and {found[element]}");
            }
        }
    }

    [Fact]
    public void A_gated_unit_mixes_its_state_with_the_new_one()
    {
        var graph = new Graph();
        Operation cell = graph.AddOperation(
            "GRUBlockCell", null, null, Tensor.Of<float>([1, 1], [1]), Tensor.Of<float>([1, 1], [0.5f]), Tensor.Of<float>([2, 2], [0.1f, 0.2f, 0.3f, 0.4f]),
            Tensor.Of<float>([2, 1], [0.5f, -0.7f]), Tensor.Of<float>([2], [0, 0.1f]), Tensor.Of<float>([1], [0.2f]));
        using var session = new Session(graph);
        double r = 1 / (1 + Math.Exp(-(0.1 + (0.3 * 0.5))));
        double u = 1 / (1 + Math.Exp(-(0.2 + (0.4 * 0.5) + 0.1)));
        double c = Math.Tanh(0.5 - (0.7 * 0.5 * r) + 0.2);
        Assert.Equal((u * 0.5) + ((1 - u) * c), session.Run(cell[3]).Item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Temporal_loss_is_the_sum_over_all_alignments(bool merge)
    {
        const int Steps = 4, Classes = 3;
        float[] logits = [.. Enumerable.Range(0, Steps * Classes).Select(static i => MathF.Sin(i * 1.9f))];
        int[][] targets = [[0, 1], [1, 1], [0], [1]];
        foreach (int[] labels in targets)
        {
            var graph = new Graph();
            Output x = graph.Placeholder(DType.Float32, [Steps, 1, Classes]);
            Tensor indices = Tensor.Of<long>([labels.Length, 2], [.. labels.SelectMany(static (_, i) => new long[] { 0, i })]);
            Output loss = graph.CtcLoss(x, indices, labels, new[] { Steps }, mergeRepeated: merge);
            using var session = new Session(graph);
            float Loss(float[] values) => session.Run(loss, new FeedDict { [x] = Tensor.Of<float>([Steps, 1, Classes], values) }).Data<float>()[0];
            Assert.Equal(-Math.Log(Enumerated(logits, Steps, Classes, labels, merge)), Loss(logits), 1e-5);
            Output gradient = graph.Gradients([loss], [x])[0] ?? throw new InvalidOperationException("There is no gradient.");
            float[] found = session.Run(gradient, new FeedDict { [x] = Tensor.Of<float>([Steps, 1, Classes], logits) }).ToArray<float>();
            for (int i = 0; i < found.Length; i++)
            {
                float[] up = [.. logits];
                float[] down = [.. logits];
                up[i] += 0.01f;
                down[i] -= 0.01f;
                Assert.Equal((Loss(up) - Loss(down)) / 0.02f, found[i], 2e-3f);
            }
        }
    }

    [Fact]
    public void Greedy_decoding_drops_blanks_and_repeats()
    {
        // Best classes of each step: 0, 0, blank, 0, 1 in the first sequence, 1 and the blank in the second, which ends after two steps.
        float[] scores = [5, 0, 0, 0, 5, 0, 5, 0, 0, 0, 0, 5, 0, 0, 5, 1, 2, 3, 5, 0, 0, 1, 2, 3, 0, 5, 0, 1, 2, 3];
        var graph = new Graph();
        var decoded = graph.CtcGreedyDecoder(Tensor.Of<float>([5, 2, 3], scores), new[] { 5, 2 });
        using var session = new Session(graph);
        Assert.Equal([0L, 0, 0, 1, 0, 2, 1, 0], session.Run(decoded.Indices).ToArray<long>());
        Assert.Equal([0L, 0, 1, 1], session.Run(decoded.Values).ToArray<long>());
        Assert.Equal([2L, 3], session.Run(decoded.Shape).ToArray<long>());
        Assert.Equal([-25f, -10f], session.Run(decoded.NegativeScores).ToArray<float>());
    }

    // Every sequence of classes, one by one.
    private static double Enumerated(float[] logits, int steps, int classes, int[] labels, bool merge)
    {
        double total = 0;
        for (int code = 0; code < (int)Math.Pow(classes, steps); code++)
        {
            int[] path = [.. Enumerable.Range(0, steps).Select(t => code / (int)Math.Pow(classes, t) % classes)];
            int[] kept = [.. path.Where((k, t) => k != classes - 1 && !(merge && t > 0 && path[t - 1] == k))];
            if (!kept.SequenceEqual(labels))
                continue;
            double probability = 1;
            for (int t = 0; t < steps; t++)
                probability *= Math.Exp(logits[(t * classes) + path[t]]) / Enumerable.Range(0, classes).Sum(k => Math.Exp(logits[(t * classes) + k]));
            total += probability;
        }

        return total;
    }
}
