using Xunit;

namespace NotebookPersist.Tests.Graphs.Metrics;

/// <summary>Metrics over two batches, against plain counting.</summary>
public sealed class MetricTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Means_and_errors_add_up()
    {
        Output labels = _graph.Placeholder(DType.Float32, [-1], "labels"), predictions = _graph.Placeholder(DType.Float32, [-1], "predictions");
        Output weights = _graph.Placeholder(DType.Float32, [-1], "weights");
        (Output Value, Output UpdateOp)[] metrics =
        [
            MetricFunctions.Mean(predictions), MetricFunctions.Mean(predictions, weights), MetricFunctions.MeanSquaredError(labels, predictions),
            MetricFunctions.MeanAbsoluteError(labels, predictions), MetricFunctions.RootMeanSquaredError(labels, predictions), MetricFunctions.Accuracy(labels, predictions),
        ];
        Assert.Equal(
            ["mean/total", "mean/count", "mean_1/total", "mean_1/count", "mean_squared_error/total", "mean_squared_error/count"],
            _graph.LocalVariables().Take(6).Select(static v => v.OperationName));
        Assert.Empty(_graph.GlobalVariables());
        Assert.Equal("mean/update_op", metrics[0].UpdateOp.Operation.Name);
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(0f, (float)session.Run(metrics[0].Value)!);
        float[] Update(float[] l, float[] p, float[] w) =>
            [.. metrics.Select(m => (float)session.Run(m.UpdateOp, new() { { labels, l }, { predictions, p }, { weights, w } })!)];
        Assert.Equal([1.5f, 2, 0.5f, 0.5f, MathF.Sqrt(0.5f), 0.5f], Update([1, 1], [1, 2], [0, 1]), Near);
        Assert.Equal([3f, 4, 10f / 3, 4f / 3, MathF.Sqrt(10f / 3), 1f / 3], Update([3], [6], [1]), Near);
        Assert.Equal(3f, (float)session.Run(metrics[0].Value)!, 1e-6f);
    }

    [Fact]
    public void Counts_make_precision_and_recall()
    {
        Output labels = _graph.Constant(new[] { 1, 1, 0, 0, 1 }), predictions = _graph.Constant(Tensor.Of<int>([5, 1], [1, 0, 1, 0, 1]));
        (Output Value, Output UpdateOp) precision = MetricFunctions.Precision(labels, predictions), recall = MetricFunctions.Recall(labels, predictions);
        (Output Value, Output UpdateOp) weighted = MetricFunctions.Precision(labels, predictions, new[] { 3f, 1f, 1f, 1f, 0f }, name: "weighted");
        (Output Value, Output UpdateOp)[] counts = [MetricFunctions.TruePositives(labels, predictions), MetricFunctions.FalsePositives(labels, predictions), MetricFunctions.FalseNegatives(labels, predictions)];
        Assert.Equal(
            ["precision/true_positives/count", "precision/false_positives/count", "recall/true_positives/count", "recall/false_negatives/count", "weighted/true_positives/count"],
            _graph.LocalVariables().Take(5).Select(static v => v.OperationName));
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(0f, (float)session.Run(precision.Value)!);
        Assert.Equal(2f / 3, (float)session.Run(precision.UpdateOp)!, 1e-6f);
        Assert.Equal(2f / 3, (float)session.Run(recall.UpdateOp)!, 1e-6f);
        Assert.Equal(0.75f, (float)session.Run(weighted.UpdateOp)!, 1e-6f);
        Assert.Equal([2f, 1, 1], counts.Select(c => (float)session.Run(c.UpdateOp)!));
    }

    [Theory]
    [InlineData(AucCurve.Roc, 0.75, 0.01)]
    [InlineData(AucCurve.PrecisionRecall, 0.79, 0.01)]
    public void The_area_under_a_curve_is_near_the_exact_one(AucCurve curve, double expected, double tolerance)
    {
        // Scores 0.1, 0.4, 0.35, 0.8 of labels 0, 0, 1, 1: the textbook case, 0.75 by the rank statistic, 0.79 for precision and recall.
        (_, Output update) = MetricFunctions.Auc(_graph.Constant(new[] { 0, 0, 1, 1 }), _graph.Constant(new[] { 0.1f, 0.4f, 0.35f, 0.8f }), curve: curve);
        Assert.Equal(["auc/true_positives", "auc/false_negatives", "auc/true_negatives", "auc/false_positives"], _graph.LocalVariables().Select(static v => v.OperationName));
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(expected, (float)session.Run(update)!, tolerance);
    }

    [Fact]
    public void The_likeliest_classes_are_compared_with_the_labels()
    {
        Output predictions = _graph.Constant(Tensor.Of<float>([2, 4], [0.1f, 0.3f, 0.2f, 0.4f, 0.1f, 0.2f, 0.3f, 0.4f]));
        Output labels = _graph.Constant(Tensor.Of<long>([2, 2], [3, 2, 2, 3]));
        (_, Output recall) = MetricFunctions.RecallAtK(labels, predictions, 2);
        (_, Output precision) = MetricFunctions.PrecisionAtK(_graph.Constant(Tensor.Of<long>([2], [3, 0])), predictions, 1);
        Assert.Equal(["recall_at_2/true_positive_at_2", "recall_at_2/false_negative_at_2", "precision_at_1/true_positive_at_1", "precision_at_1/false_positive_at_1"], _graph.LocalVariables().Select(static v => v.OperationName));
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(0.75, session.Run(recall)!.Item<double>(), 1e-12);
        Assert.Equal(0.5, session.Run(precision)!.Item<double>(), 1e-12);
    }

    [Fact]
    public void A_label_that_is_given_twice_counts_once()
    {
        Output predictions = _graph.Constant(Tensor.Of<float>([2, 4], [0.1f, 0.3f, 0.2f, 0.4f, 0.1f, 0.2f, 0.3f, 0.4f]));
        (_, Output recall) = MetricFunctions.RecallAtK(_graph.Constant(Tensor.Of<long>([2, 2], [3, 3, 0, 3])), predictions, 1);
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal(2.0 / 3, session.Run(recall)!.Item<double>(), 1e-12);
    }

    [Fact]
    public void The_four_counts_add_up()
    {
        Output labels = _graph.Constant(new[] { 1, 1, 1, 0, 0, 0, 0 });
        Output predictions = _graph.Constant(new[] { 1, 0, 0, 1, 0, 0, 0 });
        Output[] counts = [MetricFunctions.TruePositives(labels, predictions).UpdateOp, MetricFunctions.FalseNegatives(labels, predictions).UpdateOp,
            MetricFunctions.FalsePositives(labels, predictions).UpdateOp, MetricFunctions.TrueNegatives(labels, predictions).UpdateOp];
        using var session = new Session(_graph);
        session.Run(_graph.LocalVariablesInitializer());
        Assert.Equal([1f, 2f, 1f, 3f], counts.Select(c => session.Run(c)!.Item<float>()));
    }

    [Theory]
    [InlineData(PartitionStrategy.Mod)]
    [InlineData(PartitionStrategy.Div)]
    public void Rows_are_looked_up_wherever_they_lie(PartitionStrategy strategy)
    {
        // Seven rows in three parts: in turn 3, 2 and 2; in runs 3, 2 and 2 as well.
        int[][] lie = strategy == PartitionStrategy.Mod ? [[0, 3, 6], [1, 4], [2, 5]] : [[0, 1, 2], [3, 4], [5, 6]];
        Variable[] parts = [.. lie.Select((rows, i) => _graph.Variable(Tensor.Of<float>([rows.Length, 2], [.. rows.SelectMany(static r => new[] { r, 10f * r })]), $"part{i}"))];
        Output ids = _graph.Constant(Tensor.Of<int>([2, 2], [6, 1, 3, 1]));
        Output found = _graph.EmbeddingLookup(parts, ids, strategy);
        Output clipped = _graph.EmbeddingLookup(parts, ids, strategy, maxNorm: 1);
        Output?[] gradients = _graph.Gradients([_graph.ReduceSum(found)], [.. parts.Select(static p => p.Reference)]);
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal([2, 2, 2], found.Shape);
        Assert.Equal([6f, 60, 1, 10, 3, 30, 1, 10], session.Run(found)!.ToArray<float>());
        float[] rows = session.Run(clipped)!.ToArray<float>();
        Assert.Equal(1f, (rows[0] * rows[0]) + (rows[1] * rows[1]), 1e-5f);
        Assert.All(gradients, static g => Assert.NotNull(g!.Slices));
        float[] all = [.. gradients.SelectMany(g => session.Run(g!)!.ToArray<float>())];
        Assert.Equal(8f, all.Sum());
    }

    [Fact]
    public void One_table_is_gathered_from_and_trained_by_rows()
    {
        Variable table = _graph.Variable(Tensor.Of<float>([3, 1], [1, 2, 3]), "table");
        Output found = _graph.EmbeddingLookup(table, new[] { 2, 2, 0 });
        Assert.Equal("embedding_lookup/Identity", found.Operation.Name);
        Assert.Equal("GatherV2", _graph.GetOperationByName("embedding_lookup").Type);
        Operation step = new GradientDescentOptimizer(1.0).Minimize(_graph.ReduceSum(found));
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        session.Run(step);
        Assert.Equal([0f, 2, 1], session.Run(table.Value)!.ToArray<float>());
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(6, 4)]
    public void Orthogonal_matrices_are_orthogonal(int rows, int columns)
    {
        Variable w = _graph.GetVariable("w", [rows, columns], DType.Float64, new OrthogonalInitializer(2, Seed: 4));
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        double[] a = session.Run(w.Value)!.ToArray<double>();
        bool byRows = rows < columns;
        int few = Math.Min(rows, columns), many = Math.Max(rows, columns);
        for (int i = 0; i < few; i++)
        {
            for (int j = 0; j < few; j++)
            {
                double product = Enumerable.Range(0, many).Sum(k => byRows ? a[(i * columns) + k] * a[(j * columns) + k] : a[(k * columns) + i] * a[(k * columns) + j]);
                Assert.Equal(i == j ? 4.0 : 0.0, product, 1e-9);
            }
        }
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5f;
}
