namespace NotebookPersist;

/// <summary>Makes what is compared of the same rank: a last dimension of size 1 is too much, or missing.</summary>
/// <remarks>Source: <c>remove_squeezable_dimensions</c> of TensorFlow's confusion matrix, losses and metrics. Ranks that are not known are compared when the graph runs.</remarks>
internal static class TrailingOnes
{
    /// <summary>Takes the last dimension from predictions or labels where their ranks differ by one more or one less than expected.</summary>
    /// <param name="labels">What is true.</param>
    /// <param name="predictions">What a model says.</param>
    /// <param name="expectedDifference">Rank of the predictions less that of the labels.</param>
    public static (Output Labels, Output Predictions) Matched(Output labels, Output predictions, int expectedDifference = 0)
    {
        Graph graph = predictions.Graph;
        (Shape p, Shape l) = (predictions.Shape, labels.Shape);
        if (p.HasRank && l.HasRank)
        {
            int difference = p.Rank - l.Rank - expectedDifference;
            if (difference is not (1 or -1))
                return (labels, predictions);
            using (graph.NameScope("remove_squeezable_dimensions"))
                return difference == 1 ? (labels, graph.Squeeze(predictions, [-1])) : (graph.Squeeze(labels, [-1]), predictions);
        }

        using (graph.NameScope("remove_squeezable_dimensions"))
        {
            Output found = graph.Subtract(graph.Rank(predictions), graph.Rank(labels));
            if (MayEndWithOne(p))
                predictions = graph.Cond(graph.Equal(expectedDifference + 1, found), () => graph.Squeeze(predictions, [-1]), () => predictions);
            if (MayEndWithOne(l))
                labels = graph.Cond(graph.Equal(expectedDifference - 1, found), () => graph.Squeeze(labels, [-1]), () => labels);
            return (labels, predictions);
        }
    }

    /// <summary>Weights of the rank of the values: one dimension less at the end, or one more of size 1; a scalar stays.</summary>
    /// <param name="weights">What each value counts.</param>
    /// <param name="values">What is weighted.</param>
    /// <param name="expands">True gives weights without the last dimension one of size 1.</param>
    public static Output Weights(Output weights, Output values, bool expands)
    {
        Graph graph = values.Graph;
        if (weights.Shape is { HasRank: true, Rank: 0 })
            return weights;
        if (weights.Shape.HasRank && values.Shape.HasRank)
        {
            return (weights.Shape.Rank - values.Shape.Rank) switch
            {
                1 => graph.Squeeze(weights, [-1]),
                -1 when expands => graph.ExpandDims(weights, -1),
                _ => weights,
            };
        }

        Output rank = graph.Rank(weights);
        Output difference = graph.Subtract(rank, graph.Rank(values));
        return graph.Cond(graph.Equal(rank, 0), () => weights, Adjusted);

        Output Adjusted() => graph.Cond(graph.Equal(difference, 1), () => MayEndWithOne(weights.Shape) ? graph.Squeeze(weights, [-1]) : weights, Expanded);

        Output Expanded() => expands ? graph.Cond(graph.Equal(difference, -1), () => graph.ExpandDims(weights, -1), () => weights) : weights;
    }

    private static bool MayEndWithOne(Shape shape) => !shape.HasRank || (shape.Rank > 0 && shape[^1] is 1 or < 0);
}
