using Xunit;

namespace NotebookPersist.Tests.Graphs.Metrics;

/// <summary>Metrics and losses whose labels, predictions and weights differ by a last dimension of 1, and measures of one class alone.</summary>
public sealed class RankMatchingTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Weights_with_a_last_dimension_of_1_count_one_value_each()
    {
        Output values = _graph.Constant(new[] { 1f, 2, 3 });
        Output weights = _graph.Constant(new[,] { { 1f }, { 0 }, { 2 } });
        Output unknown = _graph.Placeholder(DType.Float32);
        Output[] means =
        [
            MetricFunctions.Mean(values, weights).UpdateOp, MetricFunctions.Mean(values, unknown).UpdateOp,
            MetricFunctions.MeanSquaredError(_graph.Constant(new[] { 0f, 0, 0 }), values, weights).UpdateOp,
        ];

        // (1 + 2 * 3) / 3, and (1 + 2 * 9) / 3.
        Assert.Equal([7f / 3, 7f / 3, 19f / 3], Run(means, new() { { unknown, new[,] { { 1f }, { 0 }, { 2 } } } }));
        Assert.Throws<ArgumentException>(() => MetricFunctions.Mean(values, _graph.Constant(new[] { 1f, 2 })));
    }

    [Fact]
    public void Labels_of_a_rank_that_only_the_run_tells_are_compared_one_by_one()
    {
        Output labels = _graph.Placeholder(DType.Int64), predictions = _graph.Placeholder(DType.Int64, [-1]);
        Output accuracy = MetricFunctions.Accuracy(labels, predictions).UpdateOp;
        foreach (Tensor truth in new Tensor[] { new[] { 1L, 2, 3, 4 }, new[,] { { 1L }, { 2 }, { 3 }, { 4 } } })
            Assert.Equal([0.75f], Run([accuracy], new() { { labels, truth }, { predictions, new[] { 1L, 2, 0, 4 } } }));
    }

    [Fact]
    public void Losses_of_classes_take_labels_and_weights_of_one_column()
    {
        Output logits = _graph.Constant(new[,] { { 0f, 0 }, { 0, 0 } });
        Output unknown = _graph.Placeholder(DType.Int32, [-1, -1]);
        Output weighted = LossFunctions.SparseSoftmaxCrossEntropy(new[] { 0, 1 }, logits, new[,] { { 1f }, { 3 } }, reduction: LossReduction.None);
        Output plain = LossFunctions.SparseSoftmaxCrossEntropy(unknown, logits);
        using var session = new Session(_graph);
        float[] losses = session.Run(weighted).ToArray<float>();
        Assert.Equal(2, losses.Length);
        Assert.Equal(MathF.Log(2), losses[0], 1e-6f);
        Assert.Equal(3 * MathF.Log(2), losses[1], 1e-6f);
        Assert.Equal(MathF.Log(2), (float)session.Run(plain, new() { { unknown, new[,] { { 0 }, { 1 } } } }), 1e-6f);
    }

    [Fact]
    public void One_class_and_weights_of_examples_count_alone()
    {
        Output labels = _graph.Constant(new[,] { { 3L, 3 }, { 2, 0 } });
        Output predictions = _graph.Constant(new[,] { { 0.1f, 0.3f, 0.2f, 0.4f }, { 0.1f, 0.2f, 0.3f, 0.4f } });
        Output[] measures =
        [
            MetricFunctions.PrecisionAtK(labels, predictions, 1, classId: 3).UpdateOp,
            MetricFunctions.RecallAtK(labels, predictions, 1, classId: 3).UpdateOp,
            MetricFunctions.RecallAtK(labels, predictions, 1, classId: 2).UpdateOp,
            MetricFunctions.RecallAtK(labels, predictions, 1, weights: new[] { 3f, 2 }).UpdateOp,
            MetricFunctions.PrecisionAtK(labels, predictions, 1, weights: new[] { 3f, 2 }).UpdateOp,
            MetricFunctions.PrecisionAtTopK(labels, _graph.Constant(new[,] { { 3, 1 }, { 0, 2 } })).UpdateOp,
            MetricFunctions.RecallAtTopK(labels, _graph.Constant(new[,] { { 3, 3 }, { 0, 1 } }), k: 2).UpdateOp,
        ];

        // Class 3 is chosen twice and right once; class 2 is a label and never chosen. The weighted labels: 3 of the first, 2 and 2 of the second.
        float[] expected = [0.5f, 1, 0, 3f / 7, 3f / 5, 3f / 4, 2f / 3];
        Assert.Equal(expected, Run(measures, []));
        Assert.Contains("recall_at_1_class2/true_positive_at_1_class2", _graph.LocalVariables().Select(static v => v.OperationName));
        Assert.Contains("precision_at_k/false_positive_at_k", _graph.LocalVariables().Select(static v => v.OperationName));
    }

    // The values are those of TensorFlow's metrics_test.
    [Theory]
    [InlineData(new[] { 0.1f, 0.4f, 0.35f, 0.8f }, new[] { 0, 0, 1, 1 }, 0.79726744594)]
    [InlineData(new[] { 0.1f, 0.4f, 0.35f, 0.8f, 0.1f, 0.135f, 0.81f }, new[] { 0, 0, 1, 0, 1, 0, 1 }, 0.61350593198)]
    [InlineData(new[] { 0f, 0.1f, 0.2f, 0.33f, 0.3f, 0.4f, 0.5f }, new[] { 0, 0, 0, 0, 1, 1, 1 }, 0.90410597584)]
    public void Careful_interpolation_has_TensorFlows_areas(float[] predictions, int[] labels, double expected)
    {
        Output area = MetricFunctions.Auc(_graph.Constant(labels), _graph.Constant(predictions), curve: AucCurve.PrecisionRecall, summationMethod: AucSummation.CarefulInterpolation).UpdateOp;
        Assert.Equal(expected, Run([area], [])[0], 1e-3);
    }

    // As in TensorFlow's metrics_test: the even thresholds do not part the second and the third prediction.
    [Fact]
    public void Thresholds_can_be_chosen()
    {
        Output labels = _graph.Constant(new[] { 0, 1, 0, 1 }), predictions = _graph.Constant(new[] { 0.12f, 0.3001f, 0.3003f, 0.72f });
        float[] areas = Run([MetricFunctions.Auc(labels, predictions).UpdateOp, MetricFunctions.Auc(labels, predictions, thresholds: [1, 0.2, 0.3002, 0.6, 0]).UpdateOp], []);
        Assert.Equal(0.875, areas[0], 1e-3);
        Assert.Equal(0.75, areas[1], 1e-3);
    }

    [Fact]
    public void Counts_at_thresholds_have_TensorFlows_values()
    {
        Output predictions = _graph.Constant(new[,] { { 0.9f, 0.2f, 0.8f, 0.1f }, { 0.2f, 0.9f, 0.7f, 0.6f }, { 0.1f, 0.2f, 0.4f, 0.3f } });
        Output labels = _graph.Constant(new[,] { { 0, 1, 1, 0 }, { 1, 0, 0, 0 }, { 0, 0, 0, 0 } });
        double[] thresholds = [0.15, 0.5, 0.85];
        Output[] counts =
        [
            MetricFunctions.TruePositivesAtThresholds(labels, predictions, thresholds).UpdateOp, MetricFunctions.FalsePositivesAtThresholds(labels, predictions, thresholds).UpdateOp,
            MetricFunctions.TrueNegativesAtThresholds(labels, predictions, thresholds).UpdateOp, MetricFunctions.FalseNegativesAtThresholds(labels, predictions, thresholds).UpdateOp,
        ];
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal([3f, 1, 0], session.Run(counts[0]).ToArray<float>());
        Assert.Equal([7f, 4, 2], session.Run(counts[1]).ToArray<float>());
        Assert.Equal([2f, 5, 7], session.Run(counts[2]).ToArray<float>());
        Assert.Equal([0f, 2, 3], session.Run(counts[3]).ToArray<float>());
    }

    private float[] Run(Output[] updates, FeedDict feeds)
    {
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        return [.. updates.Select(u => (float)session.Run(u, feeds).ItemAt<double>(0))];
    }
}
