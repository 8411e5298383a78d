namespace NotebookPersist;

/// <summary>Losses of predictions, each added to a collection.</summary>
/// <remarks>They build in the graph of the predictions. Thread safety: as that graph. Source: TensorFlow 1.15's <c>tf.losses</c>, with its names of nodes.</remarks>
public static partial class LossFunctions
{
    /// <summary>Weights losses and makes one number of them.</summary>
    /// <param name="losses">The losses of elements. DType: numbers.</param>
    /// <param name="weights">A number, or a value of the losses' rank whose dimensions are theirs or 1.</param>
    /// <param name="scope">Name scope; by default "weighted_loss".</param>
    /// <param name="lossCollection">Where the loss is listed; null for nowhere.</param>
    /// <param name="reduction">How the losses become one number.</param>
    /// <returns>Shape: [], or that of the losses. DType: that of the losses.</returns>
    /// <exception cref="ArgumentException">The weights cannot be broadcast to the losses.</exception>
    /// <remarks>Source: <c>tf.losses.compute_weighted_loss</c>; shapes that are not known are checked by the product only.</remarks>
    public static Output ComputeWeightedLoss(
        Output losses,
        Operand? weights = null,
        string? scope = null,
        string? lossCollection = GraphKeys.Losses,
        LossReduction reduction = LossReduction.SumByNonzeroWeights)
    {
        ArgumentNullException.ThrowIfNull(losses);
        Graph graph = losses.Graph;
        using NameScope names = graph.NameScope(scope ?? "weighted_loss");
        Output weight = graph.Cast(weights ?? 1.0, DType.Float32);
        RequireBroadcastable(weight, losses);
        Output weighted = graph.Multiply(graph.Cast(losses, DType.Float32), weight);
        Output loss = reduction switch
        {
            LossReduction.None => weighted,
            LossReduction.Sum => graph.ReduceSum(weighted),
            LossReduction.Mean => SafeMean(graph.ReduceSum(weighted), graph.ReduceSum(graph.OnesLike(weighted) * weight)),
            LossReduction.SumOverBatchSize => SafeMean(graph.ReduceSum(weighted), CountOf(weighted)),
            LossReduction.SumByNonzeroWeights => SafeMean(graph.ReduceSum(weighted), PresentIn(weighted, weight)),
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "There is no such reduction."),
        };
        loss = graph.Cast(loss, losses.DType);
        AddLoss(loss, lossCollection);
        return loss;
    }

    /// <summary>Lists a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="lossCollection">Where; null for nowhere.</param>
    /// <remarks>Source: <c>tf.losses.add_loss</c>.</remarks>
    public static void AddLoss(Output loss, string? lossCollection = GraphKeys.Losses)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (lossCollection is not null)
            loss.Graph.AddToCollection(lossCollection, loss);
    }

    /// <summary>The losses that are listed.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scope">Only those whose names begin with this; null for all.</param>
    /// <param name="lossCollection">Where they are listed.</param>
    /// <remarks>Source: <c>tf.losses.get_losses</c>.</remarks>
    public static IReadOnlyList<Output> GetLosses(Graph graph, string? scope = null, string lossCollection = GraphKeys.Losses)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return [.. graph.GetCollection(lossCollection).OfType<Output>().Where(l => scope is null || l.Name.StartsWith(scope, StringComparison.Ordinal))];
    }

    /// <summary>The regularisation terms that are listed.</summary>
    /// <remarks>Source: <c>tf.losses.get_regularization_losses</c>.</remarks>
    public static IReadOnlyList<Output> GetRegularizationLosses(Graph graph, string? scope = null) => GetLosses(graph, scope, GraphKeys.RegularizationLosses);

    /// <summary>The sum of the regularisation terms; 0 where there are none.</summary>
    /// <remarks>Source: <c>tf.losses.get_regularization_loss</c>.</remarks>
    public static Output GetRegularizationLoss(Graph graph, string? scope = null, string name = "total_regularization_loss")
    {
        IReadOnlyList<Output> losses = GetRegularizationLosses(graph, scope);
        return losses.Count == 0 ? graph.Constant(0.0) : graph.AddN([.. losses.Select(static l => (Operand)l)], name);
    }

    /// <summary>The sum of all losses, and of the regularisation terms.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="addRegularizationLosses">Whether the regularisation terms count.</param>
    /// <param name="name">Node name.</param>
    /// <param name="scope">Only those whose names begin with this; null for all.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <remarks>Source: <c>tf.losses.get_total_loss</c>.</remarks>
    public static Output GetTotalLoss(Graph graph, bool addRegularizationLosses = true, string name = "total_loss", string? scope = null)
    {
        List<Output> losses = [.. GetLosses(graph, scope)];
        if (addRegularizationLosses)
            losses.AddRange(GetRegularizationLosses(graph, scope));
        return losses.Count > 0
            ? graph.AddN([.. losses.Select(static l => (Operand)l)], name)
            : throw new ArgumentException("There are no losses to add up. Build a loss of LossFunctions, or list one with AddLoss.", nameof(graph));
    }

    private static Output SafeMean(Output total, Output count) => total.Graph.DivideNoNan(total.Graph.ReduceSum(total), count, "value");

    private static Output CountOf(Output losses)
    {
        Graph graph = losses.Graph;
        using NameScope scope = graph.NameScope("num_elements");
        return graph.Cast(graph.Size(losses, name: scope.Name), losses.DType);
    }

    // How many losses count: all together, or along some axes, which stay.
    private static Output PresentIn(Output losses, Output weights, Operand axes = default)
    {
        Graph graph = losses.Graph;
        using NameScope scope = graph.NameScope("num_present");
        Output present = graph.Where(graph.Equal(weights, 0.0), graph.ZerosLike(weights), graph.OnesLike(weights));
        if (!(weights.Shape.IsFullyKnown && weights.Shape == losses.Shape))
        {
            using (graph.NameScope("broadcast_weights"))
                present = graph.Multiply(present, graph.OnesLike(losses));
        }

        return graph.ReduceSum(present, axes, keepDims: !axes.IsMissing, scope.Name);
    }

    /// <summary>Checks that weights have the rank of the values, and dimensions that are theirs or 1.</summary>
    internal static void RequireBroadcastable(Output weights, Output losses)
    {
        if (!weights.Shape.HasRank || !losses.Shape.HasRank || weights.Shape.Rank == 0)
            return;
        bool fits = weights.Shape.Rank == losses.Shape.Rank;
        for (int i = 0; fits && i < weights.Shape.Rank; i++)
            fits = weights.Shape[i] is < 0 or 1 || losses.Shape[i] < 0 || weights.Shape[i] == losses.Shape[i];
        if (!fits)
            throw new ArgumentException($"weights can not be broadcast to values: weights have shape {weights.Shape.ToPythonString()}, values {losses.Shape.ToPythonString()}; they need the same rank, and dimensions that are equal or 1.", nameof(weights));
    }
}
