using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos.BoostedTrees;

namespace NotebookPersist;

/// <summary>An ensemble of decision trees of a session.</summary>
/// <remarks>Thread safety: an ensemble that was read is never changed, only replaced.</remarks>
internal sealed class TreeEnsembleCell
{
    private volatile TreeEnsemble? _ensemble;
    private long _stamp = -1;

    /// <summary>The trees; null where none were read.</summary>
    public TreeEnsemble? Ensemble => _ensemble;

    /// <summary>The token that readers of the ensemble ask for; -1 where there is none.</summary>
    public long Stamp => Interlocked.Read(ref _stamp);

    /// <summary>Takes the trees of a message.</summary>
    /// <exception cref="KernelException">It is damaged: no message of trees, or one whose nodes lead nowhere.</exception>
    public void Read(KernelContext c, byte[] message, long stamp)
    {
        TreeEnsemble ensemble;
        try
        {
            ensemble = TreeEnsemble.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw c.InvalidArgument($"Unable to parse tree ensemble proto: {e.Message}");
        }

        foreach (Tree tree in ensemble.Trees)
            Check(c, tree);
        if (ensemble.TreeWeights.Count < ensemble.Trees.Count)
            throw c.InvalidArgument($"The tree ensemble has {ensemble.Trees.Count} trees and {ensemble.TreeWeights.Count} weights.");
        _ensemble = ensemble;
        Interlocked.Exchange(ref _stamp, stamp);
    }

    // Children stand behind their parents in whatever TensorFlow writes, so that every way ends.
    private static void Check(KernelContext c, Tree tree)
    {
        if (tree.Nodes.Count == 0)
            throw c.InvalidArgument("A tree of the ensemble has no nodes.");
        for (int i = 0; i < tree.Nodes.Count; i++)
        {
            (int left, int right) = tree.Nodes[i].NodeCase switch
            {
                Node.NodeOneofCase.BucketizedSplit => (tree.Nodes[i].BucketizedSplit.LeftId, tree.Nodes[i].BucketizedSplit.RightId),
                Node.NodeOneofCase.CategoricalSplit => (tree.Nodes[i].CategoricalSplit.LeftId, tree.Nodes[i].CategoricalSplit.RightId),
                Node.NodeOneofCase.Leaf => (i, i),
                _ => throw c.InvalidArgument($"Node {i} of a tree is neither a leaf nor a split of buckets or categories; other splits have no kernel in TensorFlow either."),
            };
            if (tree.Nodes[i].NodeCase != Node.NodeOneofCase.Leaf && (left <= i || right <= i || left >= tree.Nodes.Count || right >= tree.Nodes.Count))
                throw c.InvalidArgument($"Node {i} of a tree leads to nodes {left} and {right} of {tree.Nodes.Count}.");
        }
    }
}
