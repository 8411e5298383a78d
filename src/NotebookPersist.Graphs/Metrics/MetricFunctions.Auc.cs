namespace NotebookPersist;

public static partial class MetricFunctions
{
    /// <summary>The area under the curve of a classifier's rates, as its threshold moves.</summary>
    /// <param name="labels">Any shape; taken as bool.</param>
    /// <param name="predictions">Shape: that of the labels. Probabilities in [0, 1].</param>
    /// <param name="weights">What each value counts; broadcasts to the values. 1 by default.</param>
    /// <param name="numThresholds">How many thresholds are tried; at least 2.</param>
    /// <param name="curve">Which rates.</param>
    /// <param name="summationMethod">How the area between two thresholds is taken.</param>
    /// <param name="metricsCollections">Collections that the measure is listed in.</param>
    /// <param name="updatesCollections">Collections that the update is listed in.</param>
    /// <param name="name">Name of the scope; by default "auc".</param>
    /// <param name="thresholds">The thresholds between 0 and 1 to try, instead of <paramref name="numThresholds"/> evenly spread ones.</param>
    /// <remarks>Variables <c>true_positives</c>, <c>false_negatives</c>, <c>true_negatives</c> and <c>false_positives</c>, one element a threshold. Source: <c>tf.metrics.auc</c>.</remarks>
    public static (Output Value, Output UpdateOp) Auc(
        Output labels,
        Output predictions,
        Operand weights = default,
        int numThresholds = 200,
        AucCurve curve = AucCurve.Roc,
        AucSummation summationMethod = AucSummation.Trapezoidal,
        IReadOnlyList<string>? metricsCollections = null,
        IReadOnlyList<string>? updatesCollections = null,
        string? name = null,
        IReadOnlyList<double>? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(numThresholds, 2);
        Graph graph = predictions.Graph;
        using VariableScope scope = Enter(graph, name, "auc");
        const double Edge = 1e-7;
        IEnumerable<double> between = thresholds?.Order() ?? Enumerable.Range(1, numThresholds - 2).Select(i => (double)i / (numThresholds - 1));
        (Output[] values, Output[] updates) = Confusion(labels, predictions, [0 - Edge, .. between, 1 + Edge], weights);
        return new Listing(metricsCollections, updatesCollections).Add(Area(values, "value"), Area(updates, "update_op"));

        Output Area(Output[] counts, string node)
        {
            (Output tp, Output fn, Output tn, Output fp) = (counts[0], counts[1], counts[2], counts[3]);
            if (curve == AucCurve.PrecisionRecall && summationMethod == AucSummation.CarefulInterpolation)
                return Interpolated(graph, tp, fp, fn);
            const double Epsilon = 1e-6;
            Output recall = (tp + Epsilon) / (tp + fn + Epsilon);
            (Output x, Output y) = curve == AucCurve.Roc ? (fp / (fp + tn + Epsilon), recall) : (recall, (tp + Epsilon) / (tp + fp + Epsilon));
            Output widths = x[..^1] - x[1..];
            Output heights = summationMethod switch
            {
                AucSummation.Minoring => graph.Minimum(y[..^1], y[1..]),
                AucSummation.Majoring => graph.Maximum(y[..^1], y[1..]),
                _ => (y[..^1] + y[1..]) / 2.0,
            };
            return graph.ReduceSum(graph.Multiply(widths, heights), name: node);
        }
    }

    // Davis and Goadrich, "The Relationship Between Precision-Recall and ROC Curves" (2006), section 4, in closed form.
    private static Output Interpolated(Graph graph, Output tp, Output fp, Output fn)
    {
        Output gained = tp[..^1] - tp[1..];
        Output said = tp + fp;
        Output slope = graph.DivideNoNan(gained, graph.Maximum(said[..^1] - said[1..], 0.0), "prec_slope");
        Output intercept = tp[1..] - (slope * said[1..]);
        Output both = graph.LogicalAnd(graph.Greater(said[..^1], 0.0), graph.Greater(said[1..], 0.0));
        Output ratio = graph.Where(both, graph.DivideNoNan(said[..^1], graph.Maximum(said[1..], 0.0), "recall_relative_ratio"), graph.OnesLike(said[1..]));
        Output parts = graph.DivideNoNan(slope * (gained + (intercept * graph.Log(ratio))), graph.Maximum(tp[1..] + fn[1..], 0.0), "pr_auc_increment");
        return graph.ReduceSum(parts, name: "interpolate_pr_auc");
    }

    // True positives, false negatives, true negatives and false positives at each threshold, or those of them that are wanted.
    private static (Output[] Values, Output[] Updates) Confusion(Output labels, Output predictions, double[] thresholds, Operand weights, string[]? wanted = null)
    {
        Graph graph = predictions.Graph;
        (predictions, labels) = Squeezed(graph.Cast(predictions, DType.Float32), graph.Cast(labels, DType.Bool));
        int count = thresholds.Length;
        Output flatPredictions = graph.Reshape(predictions, new[] { 1, -1 });
        Output flatLabels = graph.Reshape(labels, new[] { 1, -1 });
        Output limits = graph.Constant(Tensor.Of<float>([count, 1], [.. thresholds.Select(static t => (float)t)]));
        Output positive = graph.Greater(graph.Tile(flatPredictions, graph.Stack([count, 1])), limits);
        Output negative = graph.LogicalNot(positive);
        Output labelled = graph.Tile(flatLabels, new[] { count, 1 });
        Output unlabelled = graph.LogicalNot(labelled);
        Output? weight = weights.IsMissing ? null : graph.Tile(graph.Reshape(Weights(weights, predictions), new[] { 1, -1 }), new[] { count, 1 });
        (string Name, Output Label, Output Prediction)[] kinds =
        [
            ("true_positives", labelled, positive), ("false_negatives", labelled, negative), ("true_negatives", unlabelled, negative), ("false_positives", unlabelled, positive),
        ];
        if (wanted is not null)
            kinds = [.. kinds.Where(k => wanted.Contains(k.Name))];
        var values = new Output[kinds.Length];
        var updates = new Output[kinds.Length];
        for (int i = 0; i < kinds.Length; i++)
        {
            Variable counter = Counter(graph, kinds[i].Name, [count]);
            Output fits = graph.Cast(graph.LogicalAnd(kinds[i].Label, kinds[i].Prediction), DType.Float32);
            if (weight is not null)
                fits = graph.Multiply(fits, weight);
            (values[i], updates[i]) = (counter.Value, counter.AssignAdd(graph.ReduceSum(fits, 1)));
        }

        return (values, updates);
    }
}
