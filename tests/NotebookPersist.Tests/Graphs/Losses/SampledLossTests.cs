using Xunit;

namespace NotebookPersist.Tests.Graphs.Losses;

/// <summary>Losses over classes that are drawn, against the formulas written out.</summary>
public sealed class SampledLossTests
{
    private static readonly float[] Weights = [.. Enumerable.Range(0, 6 * 3).Select(static i => MathF.Sin(i * 1.3f))];
    private static readonly float[] Biases = [0.1f, -0.2f, 0.3f, 0, 0.5f, -0.4f];
    private static readonly float[] Inputs = [0.5f, -1, 2, 1.5f, 0.3f, -0.7f];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Losses_are_those_of_the_formulas(bool softmax, bool removesHits)
    {
        var graph = new Graph();
        Variable weights = graph.Variable(Tensor.Of<float>([6, 3], Weights), "w"), biases = graph.Variable(Tensor.Of<float>([6], Biases), "b");
        Output inputs = graph.Constant(Tensor.Of<float>([2, 3], Inputs));
        long[] labels = [1, 4], sampled = [4, 0, 2];
        float[] trueExpected = [0.5f, 0.8f], sampledExpected = [0.8f, 0.9f, 0.3f];
        (Output, Output, Output) drawn = (graph.Constant(sampled), graph.Constant(Tensor.Of<float>([2, 1], trueExpected)), graph.Constant(sampledExpected));
        Output loss = softmax
            ? graph.SampledSoftmaxLoss(weights, biases, Tensor.Of<long>([2, 1], labels), inputs, 3, 6, sampledValues: drawn, removeAccidentalHits: removesHits)
            : graph.NceLoss(weights, biases, Tensor.Of<long>([2, 1], labels), inputs, 3, 6, sampledValues: drawn, removeAccidentalHits: removesHits);
        Assert.Equal(1, loss.Shape.Rank);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        float[] found = session.Run(loss).ToArray<float>();
        for (int example = 0; example < 2; example++)
        {
            double Logit(long label, float expected) =>
                Enumerable.Range(0, 3).Sum(d => (double)Inputs[(3 * example) + d] * Weights[(3 * label) + d]) + Biases[label] - Math.Log(expected);
            double[] logits = [Logit(labels[example], trueExpected[example]), .. sampled.Select((s, i) => removesHits && s == labels[example] ? double.NegativeInfinity : Logit(s, sampledExpected[i]))];
            double value = softmax
                ? Math.Log(logits.Sum(Math.Exp)) - logits[0]
                : logits.Select(static (l, i) => Math.Log(1 + Math.Exp(i == 0 ? -l : l))).Sum();
            Assert.Equal(value, found[example], 1e-4);
        }
    }

    [Fact]
    public void Gradients_reach_the_rows_that_were_looked_at()
    {
        var graph = new Graph { Seed = 4 };
        Variable weights = graph.Variable(Tensor.Of<float>([6, 3], Weights), "w"), biases = graph.Variable(Tensor.Of<float>([6], Biases), "b");
        Output loss = graph.ReduceSum(graph.NceLoss(weights, biases, Tensor.Of<long>([2, 1], [1, 4]), graph.Constant(Tensor.Of<float>([2, 3], Inputs)), 2, 6));
        Operation step = new GradientDescentOptimizer(0.1).Minimize(loss);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        session.Run(step);
        float[] after = session.Run(weights.Value).ToArray<float>();
        int[] changed = [.. Enumerable.Range(0, 6).Where(r => !after.AsSpan(3 * r, 3).SequenceEqual(Weights.AsSpan(3 * r, 3)))];
        Assert.Contains(1, changed);
        Assert.Contains(4, changed);
        Assert.InRange(changed.Length, 2, 4);
    }
}
