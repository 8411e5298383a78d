using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos.BoostedTrees;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Trees;

public sealed class BoostedTreesTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Fact]
    public void Weighted_leaves_of_all_trees_add_up()
    {
        // Bucket 0 of feature 0 decides, then feature 1; the second tree asks for one category.
        var ensemble = new TreeEnsemble();
        ensemble.Trees.Add(TreeOf(Split(0, 2, 1, 2), LeafOf(1), Split(1, 0, 3, 4), LeafOf(10), LeafOf(100)));
        ensemble.Trees.Add(TreeOf(new Node { CategoricalSplit = new CategoricalSplit { FeatureId = 1, Value = 3, LeftId = 1, RightId = 2 } }, LeafOf(1000), LeafOf(2000)));
        ensemble.TreeWeights.AddRange([1, 0.5f]);
        Output handle = Filled("trees", ensemble.ToByteArray());
        Operation predict = _runs.Add("BoostedTreesPredict", new() { { "logits_dimension", 1L } }, handle, new[] { 2, 3, 7 }, new[] { 9, 0, 3 });
        Assert.Equal([1f + 1000, 10 + 1000, 100 + 500], _runs.Run(predict)[0].ToArray<float>());
        Assert.True((bool)_runs.Run("IsBoostedTreesEnsembleInitialized", null, handle)[0]);
    }

    [Fact]
    public void Leaves_may_hold_a_number_for_each_class()
    {
        var ensemble = new TreeEnsemble();
        ensemble.Trees.Add(TreeOf(Split(0, 0, 1, 2), Classes(1, 2), Classes(3, 4)));
        ensemble.TreeWeights.Add(2);
        Output handle = Filled("classes", ensemble.ToByteArray());
        Assert.Equal([6f, 8, 2, 4], _runs.Run("BoostedTreesPredict", new() { { "logits_dimension", 2L } }, handle, new[] { 1, 0 })[0].ToArray<float>());
        Assert.Equal(RunErrorCode.InvalidArgument, Assert.Throws<RunException>(() => _runs.Run("BoostedTreesPredict", new() { { "logits_dimension", 3L } }, handle, new[] { 1 })).Code);
    }

    [Fact]
    public void Damaged_trees_are_refused_and_an_ensemble_without_trees_predicts_nothing()
    {
        Output handle = Handle("none");
        Assert.False((bool)_runs.Run("IsBoostedTreesEnsembleInitialized", null, handle)[0]);
        Assert.Equal([0f, 0], _runs.Run("BoostedTreesPredict", new() { { "logits_dimension", 1L } }, handle, new[] { 1, 2 })[0].ToArray<float>());
        foreach (Node root in new[] { Split(0, 0, 0, 0), Split(0, 0, 1, 9), new Node(), Split(0, 0, -1, 1) })
        {
            var ensemble = new TreeEnsemble { Trees = { TreeOf(root, LeafOf(1)) }, TreeWeights = { 1 } };
            Assert.Throws<RunException>(() => Filled("damaged", ensemble.ToByteArray()));
        }

        Assert.Throws<RunException>(() => Filled("damaged", [0xFF, 0xFF]));
        Output asking = Filled("asking", new TreeEnsemble { Trees = { TreeOf(Split(5, 0, 1, 1), LeafOf(1)) }, TreeWeights = { 1 } }.ToByteArray());
        Assert.Contains("feature 5", Assert.Throws<RunException>(() => _runs.Run("BoostedTreesPredict", new() { { "logits_dimension", 1L } }, asking, new[] { 1 })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _runs.Dispose();

    private static Tree TreeOf(params Node[] nodes) => new() { Nodes = { nodes } };

    private static Node Split(int feature, int threshold, int left, int right) =>
        new() { BucketizedSplit = new BucketizedSplit { FeatureId = feature, Threshold = threshold, LeftId = left, RightId = right } };

    private static Node LeafOf(float value) => new() { Leaf = new Leaf { Scalar = value } };

    private static Node Classes(params float[] values) => new() { Leaf = new Leaf { Vector = new Vector { Value = { values } } } };

    private Output Handle(string name) => _runs.Add("BoostedTreesEnsembleResourceHandleOp", new() { { "shared_name", name } })[0];

    private Output Filled(string name, byte[] message)
    {
        Output handle = Handle(name);
        _runs.Session.Run(_runs.Add("BoostedTreesCreateEnsemble", null, handle, 0L, Tensor.OfStrings(Shape.Scalar, [message])));
        return handle;
    }
}
