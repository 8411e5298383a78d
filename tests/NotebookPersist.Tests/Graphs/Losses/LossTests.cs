using Xunit;

namespace NotebookPersist.Tests.Graphs.Losses;

/// <summary>Losses: the values of TensorFlow's own unit tests, its reductions and names of nodes.</summary>
public sealed class LossTests
{
    private static readonly float[,] Predictions = { { 4, 8, 12 }, { 8, 1, 3 } };
    private static readonly float[,] Labels = { { 1, 9, 2 }, { -5, -2, 6 } };

    // The values are those of TensorFlow's losses_test for these predictions and labels.
    [Theory]
    [InlineData("AbsoluteDifference", 5.5)]
    [InlineData("MeanSquaredError", 49.5)]
    public void Distances_have_TensorFlows_values(string loss, double expected)
    {
        var graph = new Graph();
        Output predictions = graph.Constant(Predictions);
        Output Of(Operand? weights) => loss == "MeanSquaredError"
            ? LossFunctions.MeanSquaredError(Labels, predictions, weights)
            : LossFunctions.AbsoluteDifference(Labels, predictions, weights);
        using var session = new Session(graph);
        Assert.Equal(expected, (float)session.Run(Of(null)), 1e-4);
        Assert.Equal(expected * 2.3, (float)session.Run(Of(2.3)), 1e-3);
        Assert.Equal(0, (float)session.Run(Of(0.0)), 1e-6);
        float[] row = loss == "MeanSquaredError" ? [9, 1, 100, 169, 9, 9] : [3, 1, 10, 13, 3, 3];
        Assert.Equal(((row[0] + row[1] + row[2]) * 1.2 + ((row[3] + row[4] + row[5]) * 3.4)) / 6, (float)session.Run(Of(new float[,] { { 1.2f }, { 3.4f } })), 1e-3);
        Assert.Equal((row[0] * 3 + row[1] * 6 + row[2] * 5) / 3, (float)session.Run(Of(new float[,] { { 3, 6, 5 }, { 0, 0, 0 } })), 1e-3);
        Assert.Equal(row[5] * 2, (float)session.Run(Of(new float[,] { { 0, 0, 0 }, { 0, 0, 2 } })), 1e-4);
        Assert.Equal(6, graph.GetCollection(GraphKeys.Losses).Count);
    }

    [Fact]
    public void Angles_and_pairs_are_compared()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        Output unit = graph.Constant(new float[,] { { 1, 0 }, { 0, 1 }, { 0.6f, 0.8f } });
        var truth = new float[,] { { 1, 0 }, { 1, 0 }, { 0.8f, 0.6f } };
        Assert.Equal((0 + 1 + 0.04) / 3, (float)session.Run(LossFunctions.CosineDistance(truth, unit, axis: 1)), 1e-6);
        Assert.Equal(0.04, (float)session.Run(LossFunctions.CosineDistance(truth, unit, 1, new float[,] { { 0 }, { 0 }, { 1 } })), 1e-6);

        // Over all pairs of one row the squared difference of their errors; for each row the mean of these, summed.
        double expected = 0;
        for (int i = 0; i < 2; i++)
        {
            double sum = 0;
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 3; k++)
                    sum += j == k ? 0 : Math.Pow(Predictions[i, j] - Labels[i, j] - (Predictions[i, k] - Labels[i, k]), 2);
            }

            expected += sum / 6;
        }

        Output predictions = graph.Constant(Predictions);
        Assert.Equal(expected, (float)session.Run(LossFunctions.MeanPairwiseSquaredError(Labels, predictions)), 1e-3);
        Assert.Equal(2.3 * expected, (float)session.Run(LossFunctions.MeanPairwiseSquaredError(Labels, predictions, 2.3)), 1e-2);
        Assert.Equal(0, (float)session.Run(LossFunctions.MeanPairwiseSquaredError(Labels, predictions, 0.0)));
        Assert.Equal(0, (float)session.Run(LossFunctions.MeanPairwiseSquaredError(Labels, graph.Constant(Labels) + 5f)), 1e-4);
        Assert.Equal(6, graph.GetCollection(GraphKeys.Losses).Count);
        Assert.Throws<ArgumentException>(() => LossFunctions.MeanPairwiseSquaredError(new float[1, 1], predictions));
    }

    [Fact]
    public void Reductions_differ_as_in_TensorFlow()
    {
        var graph = new Graph();
        Output losses = graph.Constant(new float[] { 1, 2, 3, 4 });
        float[] weights = [0, 1, 2, 1];
        using var session = new Session(graph);
        float Of(LossReduction reduction) => (float)session.Run(LossFunctions.ComputeWeightedLoss(losses, weights, reduction: reduction));
        Assert.Equal(12, Of(LossReduction.Sum));
        Assert.Equal(3, Of(LossReduction.Mean));
        Assert.Equal(3, Of(LossReduction.SumOverBatchSize));
        Assert.Equal(4, Of(LossReduction.SumByNonzeroWeights));
        Assert.Equal([0, 2, 6, 4], session.Run(LossFunctions.ComputeWeightedLoss(losses, weights, reduction: LossReduction.None)).Data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => LossFunctions.ComputeWeightedLoss(losses, new float[] { 1, 2 }));
        Assert.Throws<ArgumentException>(() => LossFunctions.MeanSquaredError(new float[] { 1, 2, 3 }, losses));
    }

    [Fact]
    public void Nodes_have_TensorFlows_names()
    {
        var graph = new Graph();
        Output predictions = graph.Placeholder(DType.Float32, new[] { 2, 3 }, "p");
        Output loss = LossFunctions.MeanSquaredError(graph.Placeholder(DType.Float32, new[] { 2, 3 }, "l"), predictions);
        Assert.Equal("mean_squared_error/value", loss.Operation.Name);
        foreach (string node in new[] { "mean_squared_error/SquaredDifference", "mean_squared_error/Mul", "mean_squared_error/Sum", "mean_squared_error/Sum_1", "mean_squared_error/num_present" })
            Assert.True(graph.TryGetOperation(node, out _), node);
        Assert.Equal("softmax_cross_entropy_loss/value", LossFunctions.SoftmaxCrossEntropy(predictions, predictions).Operation.Name);
        Assert.True(graph.TryGetOperation("softmax_cross_entropy_loss/labels_stop_gradient", out _));
    }

    [Fact]
    public void Cross_entropies_are_those_of_their_formulas()
    {
        var graph = new Graph();
        float[,] logits = { { 1, 2, 0.5f }, { -1, 0, 3 } };
        Output z = graph.Constant(logits);
        using var session = new Session(graph);
        double[] logSums = [.. Enumerable.Range(0, 2).Select(r => Math.Log(Enumerable.Range(0, 3).Sum(c => Math.Exp(logits[r, c]))))];
        double expected = (logSums[0] - 2 + logSums[1] - 3) / 2;
        Assert.Equal(expected, (float)session.Run(LossFunctions.SparseSoftmaxCrossEntropy(new[] { 1, 2 }, z)), 1e-5);
        Assert.Equal(expected, (float)session.Run(LossFunctions.SparseSoftmaxCrossEntropy(new[,] { { 1 }, { 2 } }, z)), 1e-5);
        float[,] onehot = { { 0, 1, 0 }, { 0, 0, 1 } };
        Assert.Equal(expected, (float)session.Run(LossFunctions.SoftmaxCrossEntropy(onehot, z)), 1e-5);
        double smooth = 0, sigmoid = 0;
        for (int r = 0; r < 2; r++)
        {
            for (int c = 0; c < 3; c++)
            {
                smooth += ((onehot[r, c] * 0.7) + 0.1) * (logSums[r] - logits[r, c]) / 2;
                sigmoid -= (onehot[r, c] * Math.Log(1 / (1 + Math.Exp(-logits[r, c])))) + ((1 - onehot[r, c]) * Math.Log(1 / (1 + Math.Exp(logits[r, c]))));
            }
        }

        Assert.Equal(smooth, (float)session.Run(LossFunctions.SoftmaxCrossEntropy(onehot, z, labelSmoothing: 0.3)), 1e-5);
        Assert.Equal(sigmoid / 6, (float)session.Run(LossFunctions.SigmoidCrossEntropy(onehot, z)), 1e-5);
    }

    [Fact]
    public void Huber_hinge_and_logarithmic_losses_are_those_of_their_formulas()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        Assert.Equal((0.125 + 1.5 + 0) / 3, (float)session.Run(LossFunctions.HuberLoss(new float[] { 1, 2, 3 }, graph.Constant(new float[] { 1.5f, 4, 3 }))), 1e-6);
        Assert.Equal((0 + 0.3 + 1.5) / 3, (float)session.Run(LossFunctions.HingeLoss(new float[] { 1, 0, 1 }, graph.Constant(new float[] { 2, -0.7f, -0.5f }))), 1e-6);
        Assert.Equal(-(Math.Log(0.9 + 1e-7) + Math.Log(0.8 + 1e-7)) / 2, (float)session.Run(LossFunctions.LogLoss(new float[] { 1, 0 }, graph.Constant(new float[] { 0.9f, 0.2f }))), 1e-6);
    }
}
