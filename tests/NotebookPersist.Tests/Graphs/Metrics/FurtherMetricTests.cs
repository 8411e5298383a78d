using Xunit;

namespace NotebookPersist.Tests.Graphs.Metrics;

/// <summary>Metrics that add up over two batches, against plain counting over both.</summary>
public sealed class FurtherMetricTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Distances_and_relative_errors_are_averaged()
    {
        Output labels = _graph.Placeholder(DType.Float32, [2, 2]), predictions = _graph.Placeholder(DType.Float32, [2, 2]);
        (Output Value, Output UpdateOp) cosine = MetricFunctions.MeanCosineDistance(labels, predictions, 1), weighted = MetricFunctions.MeanCosineDistance(labels, predictions, 1, new[,] { { 1f }, { 0f } }, name: "w");
        (Output Value, Output UpdateOp) relative = MetricFunctions.MeanRelativeError(labels, predictions, labels);
        (Output Value, Output UpdateOp) below = MetricFunctions.PercentageBelow(predictions, 0.5);
        (float[] L, float[] P)[] batches = [([1, 0, 0, 1], [0.6f, 0.8f, 0, 1]), ([0, 1, 0.6f, -0.8f], [0, 1, 1, 0])];
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        foreach ((float[] l, float[] p) in batches)
        {
            FeedDict feeds = new() { { labels, Tensor.Of<float>([2, 2], l) }, { predictions, Tensor.Of<float>([2, 2], p) } };
            foreach (Output update in new[] { cosine.UpdateOp, weighted.UpdateOp, relative.UpdateOp, below.UpdateOp })
                session.Run(update, feeds);
        }

        // 1 - cosines 0.6, 1, 1, 0.6; with weights only the first of each batch.
        Assert.Equal(1 - (3.2f / 4), (float)session.Run(cosine.Value)!, 1e-6f);
        Assert.Equal(1 - (1.6f / 2), (float)session.Run(weighted.Value)!, 1e-6f);
        double[] errors = [.. batches.SelectMany(static b => b.L.Zip(b.P, static (l, p) => l == 0 ? 0 : Math.Abs(l - p) / l))];
        Assert.Equal((float)errors.Average(), (float)session.Run(relative.Value)!, 1e-6f);
        Assert.Equal(3f / 8, (float)session.Run(below.Value)!, 1e-6f);
        Assert.Equal("percentage_below_threshold/value", below.Value.Operation.Name);
        Assert.Throws<ArgumentException>(() => MetricFunctions.MeanCosineDistance(labels, _graph.Constant(new float[3, 2]), 1));
    }

    [Fact]
    public void Each_element_has_a_mean_of_its_own()
    {
        Output values = _graph.Placeholder(DType.Int32, [3]);
        (Output Value, Output UpdateOp) plain = MetricFunctions.MeanTensor(values, metricsCollections: ["m"], updatesCollections: ["u"]);
        (Output Value, Output UpdateOp) weighted = MetricFunctions.MeanTensor(values, new[] { 1f, 0f, 3f });
        Assert.Equal(["mean/total_tensor", "mean/count_tensor"], _graph.LocalVariables().Take(2).Select(static v => v.OperationName));
        Assert.Equal([plain.Value], _graph.GetCollection("m"));
        Assert.Equal([plain.UpdateOp], _graph.GetCollection("u"));
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal([0f, 0, 0], session.Run(plain.Value).ToArray<float>());
        foreach (int[] batch in new int[][] { [1, 2, 3], [3, 4, 8] })
        {
            session.Run(plain.UpdateOp, new() { { values, batch } });
            session.Run(weighted.UpdateOp, new() { { values, batch } });
        }

        Assert.Equal([2f, 3, 5.5f], session.Run(plain.Value).ToArray<float>());
        Assert.Equal([2f, 0, 5.5f], session.Run(weighted.Value).ToArray<float>());
        Assert.Throws<ArgumentException>(() => MetricFunctions.MeanTensor(_graph.Placeholder(DType.Float32, [-1])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Classes_are_compared_by_what_they_share(bool weighted)
    {
        const int Classes = 5;
        Output labels = _graph.Placeholder(DType.Int32, [-1, 2]), predictions = _graph.Placeholder(DType.Int64, [-1, 2]);
        Output weights = _graph.Placeholder(DType.Float32, [-1, 2]);
        Operand given = weighted ? weights : default(Operand);
        (Output Value, Output UpdateOp) iou = MetricFunctions.MeanIou(labels, predictions, Classes, given);
        (Output Value, Output UpdateOp) accuracy = MetricFunctions.MeanPerClassAccuracy(labels, predictions, Classes, given);
        Assert.Equal(["mean_iou/total_confusion_matrix", "mean_accuracy/total", "mean_accuracy/count"], _graph.LocalVariables().Select(static v => v.OperationName));
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(0f, (float)session.Run(iou.Value)!);
        var random = new Random(3);
        double[,] confusion = new double[Classes, Classes];
        Tensor perClass = Tensor.Zeros(DType.Float32, [Classes]);
        for (int batch = 0; batch < 2; batch++)
        {
            // Class 4 never comes.
            (int[] l, long[] p, float[] w) = (new int[12], new long[12], new float[12]);
            for (int i = 0; i < 12; i++)
            {
                (l[i], p[i], w[i]) = (random.Next(4), random.Next(4), random.Next(3) / 2f);
                confusion[l[i], p[i]] += weighted ? w[i] : 1;
            }

            FeedDict feeds = new() { { labels, Tensor.Of<int>([6, 2], l) }, { predictions, Tensor.Of<long>([6, 2], p) }, { weights, Tensor.Of<float>([6, 2], w) } };
            session.Run(iou.UpdateOp, feeds);
            perClass = session.Run(accuracy.UpdateOp, feeds);
        }

        var overlaps = new List<double>();
        double[] right = new double[Classes];
        for (int c = 0; c < Classes; c++)
        {
            double row = Enumerable.Range(0, Classes).Sum(k => confusion[c, k]), column = Enumerable.Range(0, Classes).Sum(k => confusion[k, c]);
            if (row + column > 0)
                overlaps.Add(confusion[c, c] / (row + column - confusion[c, c]));
            right[c] = row > 0 ? confusion[c, c] / row : 0;
            Assert.Equal(right[c], perClass.ItemAt<double>(c), 1e-6);
        }

        Assert.Equal(overlaps.Average(), session.Run(iou.Value).ItemAt<double>(0), 1e-6);
        Assert.Equal(right.Average(), session.Run(accuracy.Value).ItemAt<double>(0), 1e-6);
    }

    [Fact]
    public void Precision_and_recall_at_thresholds_are_counted()
    {
        double[] thresholds = [0, 0.3, 0.65, 1];
        Output labels = _graph.Placeholder(DType.Bool, [-1]), predictions = _graph.Placeholder(DType.Float32, [-1]), weights = _graph.Placeholder(DType.Float32, [-1]);
        (Output Value, Output UpdateOp) precision = MetricFunctions.PrecisionAtThresholds(labels, predictions, thresholds, weights);
        (Output Value, Output UpdateOp) recall = MetricFunctions.RecallAtThresholds(labels, predictions, thresholds);
        Assert.Equal(
            ["precision_at_thresholds/true_positives", "precision_at_thresholds/false_positives", "recall_at_thresholds/true_positives", "recall_at_thresholds/false_negatives"],
            _graph.LocalVariables().Select(static v => v.OperationName));
        Assert.Equal("precision_at_thresholds/precision_value", precision.Value.Operation.Name);
        Assert.Equal("recall_at_thresholds/recall_update_op", recall.UpdateOp.Operation.Name);
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        (bool Label, float Prediction, float Weight)[] examples = Examples(30);
        foreach ((bool Label, float Prediction, float Weight)[] batch in examples.Chunk(15))
        {
            foreach (Output update in new[] { precision.UpdateOp, recall.UpdateOp })
                session.Run(update, Feeds(labels, predictions, weights, batch));
        }

        float[] precisions = session.Run(precision.Value).ToArray<float>(), recalls = session.Run(recall.Value).ToArray<float>();
        for (int t = 0; t < 4; t++)
        {
            double told = examples.Where(e => e.Prediction > thresholds[t]).Sum(static e => e.Weight), rightly = examples.Where(e => e.Label && e.Prediction > thresholds[t]).Sum(static e => e.Weight);
            Assert.Equal(told > 0 ? rightly / told : 0, precisions[t], 1e-5);
            Assert.Equal(examples.Count(e => e.Label && e.Prediction > thresholds[t]) / (double)examples.Count(static e => e.Label), recalls[t], 1e-5);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.8)]
    [InlineData(1.0)]
    public void One_part_is_told_where_the_other_is_nearest_to_a_given_one(double given)
    {
        const int Tries = 20;
        Output labels = _graph.Placeholder(DType.Bool, [-1]), predictions = _graph.Placeholder(DType.Float32, [-1]), weights = _graph.Placeholder(DType.Float32, [-1]);
        (Output Value, Output UpdateOp) sensitivity = MetricFunctions.SensitivityAtSpecificity(labels, predictions, given, numThresholds: Tries);
        (Output Value, Output UpdateOp) specificity = MetricFunctions.SpecificityAtSensitivity(labels, predictions, given, numThresholds: Tries);
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        (bool Label, float Prediction, float Weight)[] examples = Examples(40);
        foreach ((bool Label, float Prediction, float Weight)[] batch in examples.Chunk(20))
        {
            foreach (Output update in new[] { sensitivity.UpdateOp, specificity.UpdateOp })
                session.Run(update, Feeds(labels, predictions, weights, batch));
        }

        float[] thresholds = [-1e-7f, .. Enumerable.Range(1, Tries - 2).Select(static i => (float)(i / (Tries - 1.0))), 1];
        (double Sensitivity, double Specificity)[] rates = [.. thresholds.Select(t => (
            examples.Count(e => e.Label && e.Prediction > t) / (double)examples.Count(static e => e.Label),
            examples.Count(e => !e.Label && e.Prediction <= t) / (double)examples.Count(static e => !e.Label)))];
        double nearestSpecificity = rates.Min(r => Math.Abs(r.Specificity - given)), nearestSensitivity = rates.Min(r => Math.Abs(r.Sensitivity - given));
        Assert.Equal(rates.First(r => Math.Abs(r.Specificity - given) < nearestSpecificity + 1e-6).Sensitivity, session.Run(sensitivity.Value).ItemAt<double>(0), 1e-5);
        Assert.Equal(rates.Last(r => Math.Abs(r.Sensitivity - given) < nearestSensitivity + 1e-6).Specificity, session.Run(specificity.Value).ItemAt<double>(0), 1e-5);
        Assert.Throws<ArgumentException>(() => MetricFunctions.SensitivityAtSpecificity(labels, predictions, 1.1));
        Assert.Throws<ArgumentException>(() => MetricFunctions.SpecificityAtSensitivity(labels, predictions, -0.1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Precisions_of_the_likeliest_are_averaged(int k)
    {
        Output labels = _graph.Placeholder(DType.Int64, [-1, 3]), predictions = _graph.Placeholder(DType.Float32, [-1, 5]);
        (Output Value, Output UpdateOp) plain = MetricFunctions.AveragePrecisionAtK(labels, predictions, k);
        (Output Value, Output UpdateOp) weighted = MetricFunctions.AveragePrecisionAtK(labels, predictions, k, new[] { 1.0, 2.0 });
        Assert.Equal([$"average_precision_at_{k}/max", $"average_precision_at_{k}/total"], _graph.LocalVariables().Take(2).Select(static v => v.OperationName));
        Assert.Equal($"average_precision_at_{k}", plain.UpdateOp.Operation.Name);
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        // What is below 0 or beyond the classes is no label.
        long[][] batches = [[0, 3, -1, 2, 4, 7], [1, 2, 3, 4, -1, -1]];
        var random = new Random(5);
        (double sum, double weightedSum) = (0, 0);
        foreach (long[] batch in batches)
        {
            float[] scores = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())];
            FeedDict feeds = new() { { labels, Tensor.Of<long>([2, 3], batch) }, { predictions, Tensor.Of<float>([2, 5], scores) } };
            session.Run(plain.UpdateOp, feeds);
            session.Run(weighted.UpdateOp, feeds);
            for (int row = 0; row < 2; row++)
            {
                long[] own = [.. batch[(row * 3)..((row + 1) * 3)].Where(static l => l is >= 0 and < 5)];
                int[] likeliest = [.. Enumerable.Range(0, 5).OrderByDescending(c => scores[(row * 5) + c]).Take(k)];
                double precision = 0;
                for (int i = 1; i <= k; i++)
                    precision += own.Contains(likeliest[i - 1]) ? likeliest.Take(i).Count(c => own.Contains(c)) / (double)i : 0;
                precision /= Math.Min(k, own.Length);
                sum += precision;
                weightedSum += precision * (row + 1);
            }
        }

        Assert.Equal(sum / 4, session.Run(plain.Value).ItemAt<double>(0), 1e-9);
        Assert.Equal(weightedSum / 6, session.Run(weighted.Value).ItemAt<double>(0), 1e-9);
    }

    private static (bool Label, float Prediction, float Weight)[] Examples(int count)
    {
        var random = new Random(11);
        var examples = new (bool, float, float)[count];
        for (int i = 0; i < count; i++)
        {
            bool label = random.Next(2) == 0;
            examples[i] = (label, (random.NextSingle() * 0.7f) + (label ? 0.3f : 0), random.Next(1, 4));
        }

        return examples;
    }

    private static FeedDict Feeds(Output labels, Output predictions, Output weights, (bool Label, float Prediction, float Weight)[] batch) => new()
    {
        { labels, batch.Select(static e => e.Label).ToArray() },
        { predictions, batch.Select(static e => e.Prediction).ToArray() },
        { weights, batch.Select(static e => e.Weight).ToArray() },
    };
}
