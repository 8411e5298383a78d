using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Protos.BoostedTrees;

namespace NotebookPersist;

/// <summary>Makes an ensemble of trees of the session and gives its handle.</summary>
internal sealed class BoostedTreesEnsembleResourceHandleOp() : UndifferentiatedOp(
    "BoostedTreesEnsembleResourceHandleOp() -> (resource: resource) where container: string = '', shared_name: string = ''; stateful", TreesReason.Text)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        ReferenceHandles.Output(c, container, name, c.Resource(container, name, static () => new TreeEnsembleCell()));
    }
}

/// <summary>Fills an ensemble from a message.</summary>
internal abstract class ReadTreesOp(string signature) : UndifferentiatedOp(signature, TreesReason.Text)
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(1).Count != 1 || c.Input(2).Count != 1)
            throw c.InvalidArgument($"stamp_token and tree_ensemble_serialized must be scalars, got shapes {c.Input(1).Shape} and {c.Input(2).Shape}");
        ReferenceHandles.Find<TreeEnsembleCell>(c, 0, "tree ensemble").Read(c, c.Input(2).Strings[0], c.Input<long>(1)[0]);
    }
}

internal sealed class BoostedTreesCreateEnsembleOp() : ReadTreesOp(
    "BoostedTreesCreateEnsemble(tree_ensemble_handle: resource, stamp_token: int64, tree_ensemble_serialized: string) -> (); stateful");

internal sealed class BoostedTreesDeserializeEnsembleOp() : ReadTreesOp(
    "BoostedTreesDeserializeEnsemble(tree_ensemble_handle: resource, stamp_token: int64, tree_ensemble_serialized: string) -> (); stateful");

internal sealed class IsBoostedTreesEnsembleInitializedOp() : UndifferentiatedOp(
    "IsBoostedTreesEnsembleInitialized(tree_ensemble_handle: resource) -> (is_initialized: bool); stateful", TreesReason.Text)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) =>
        c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = ReferenceHandles.Find<TreeEnsembleCell>(c, 0, "tree ensemble").Ensemble is not null;
}

/// <summary>Adds up the weighted leaves that a row of buckets leads to, one a tree.</summary>
internal sealed class BoostedTreesPredictOp() : UndifferentiatedOp(
    "BoostedTreesPredict(tree_ensemble_handle: resource, bucketized_features: num_bucketized_features * int32) -> (logits: float) "
    + "where num_bucketized_features: int >= 1, logits_dimension: int; stateful", TreesReason.Text)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape first = c.Input(1);
        c.Output(0, [first.HasRank && first.Rank > 0 ? first[0] : -1, c.Attributes.Int("logits_dimension")]);
    }

    public override void Compute(KernelContext c)
    {
        TreeEnsembleCell cell = ReferenceHandles.Find<TreeEnsembleCell>(c, 0, "tree ensemble");
        int batch = c.Input(1).Count;
        for (int i = 1; i < c.InputCount; i++)
        {
            if (c.Input(i).Rank is not (1 or 2) || c.Input(i).Count != batch)
                throw c.InvalidArgument($"Bucketized feature {i - 1} must be a vector of {batch} buckets, received shape {c.Input(i).Shape}");
        }

        long width = c.Attributes.Int("logits_dimension");
        if (width is < 0 or > int.MaxValue)
            throw c.InvalidArgument($"logits_dimension {width} is no size");
        Span<float> logits = c.AllocateOutput(0, [batch, width]).MutableData<float>();
        logits.Clear();
        TreeEnsemble? ensemble = cell.Ensemble;
        for (int tree = 0; tree < (ensemble?.Trees.Count ?? 0); tree++)
        {
            for (int row = 0; row < batch; row++)
            {
                Interruption.Check(row);
                Add(c, LeafOf(c, ensemble!.Trees[tree], row), ensemble.TreeWeights[tree], logits.Slice(row * (int)width, (int)width));
            }
        }
    }

    private static Leaf LeafOf(KernelContext c, Tree tree, int row)
    {
        Node node = tree.Nodes[0];
        while (node.NodeCase != Node.NodeOneofCase.Leaf)
        {
            bool isLeft = node.NodeCase == Node.NodeOneofCase.BucketizedSplit
                ? Bucket(c, node.BucketizedSplit.FeatureId, row) <= node.BucketizedSplit.Threshold
                : Bucket(c, node.CategoricalSplit.FeatureId, row) == node.CategoricalSplit.Value;
            node = tree.Nodes[node.NodeCase == Node.NodeOneofCase.BucketizedSplit
                ? isLeft ? node.BucketizedSplit.LeftId : node.BucketizedSplit.RightId
                : isLeft ? node.CategoricalSplit.LeftId : node.CategoricalSplit.RightId];
        }

        return node.Leaf;
    }

    private static int Bucket(KernelContext c, int feature, int row) => feature >= 0 && feature < c.InputCount - 1
        ? c.Input<int>(feature + 1)[row]
        : throw c.InvalidArgument($"The trees ask for feature {feature}; the node has {c.InputCount - 1}.");

    private static void Add(KernelContext c, Leaf leaf, float weight, Span<float> logits)
    {
        int count = leaf.Vector?.Value.Count ?? 1;
        if (count != logits.Length)
            throw c.InvalidArgument($"Expected leaf_logits.size() == logits_dimension, got {count} vs {logits.Length}");
        for (int i = 0; i < count; i++)
            logits[i] += weight * (leaf.Vector is { } vector ? vector.Value[i] : leaf.Scalar);
    }
}

/// <summary>Why no gradient flows through trees.</summary>
internal static class TreesReason
{
    public const string Text = "trees decide, and are not computed with";
}
