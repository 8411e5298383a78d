using NotebookPersist.Formats;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Formats;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Variables;

/// <summary>Variables in parts: TensorFlow's names, slices in checkpoints, one value to those who read it.</summary>
public sealed class PartitionedVariableTests
{
    private static readonly float[] Numbers = [.. Enumerable.Range(0, 40).Select(static i => (float)i)];

    [Fact]
    public void Nodes_have_TensorFlows_names_and_the_parts_are_listed()
    {
        var graph = new Graph();
        var w = (PartitionedVariable)graph.GetVariable("w", new[] { 10, 4 }, initializer: new ZerosInitializer(), partitioner: Partitioners.FixedSize(3));
        Assert.Equal(
            [
                "w/part_0/Initializer/zeros", "w/part_0", "w/part_0/Assign", "w/part_0/read",
                "w/part_1/Initializer/zeros", "w/part_1", "w/part_1/Assign", "w/part_1/read",
                "w/part_2/Initializer/zeros", "w/part_2", "w/part_2/Assign", "w/part_2/read",
            ],
            graph.Operations.Select(static o => o.Name));
        Assert.Equal([4L, 3L, 3L], w.Parts.Select(static p => p.Shape[0]));
        Assert.Equal(("w", "[10,4]", DType.Float32), (w.Name, w.Shape.ToString(), w.DType));
        Assert.Equal(w.Parts, graph.TrainableVariables());
        Assert.Equal(w.Parts, graph.GlobalVariables());

        int before = graph.Operations.Count;
        Assert.Equal(["w:0", "w_1:0"], [w.Value.Name, w.Value.Name]);
        Assert.Equal(
            ["w/ConcatPartitions/concat/axis", "w/ConcatPartitions/concat", "w", "w/ConcatPartitions/concat_1/axis", "w/ConcatPartitions/concat_1", "w_1"],
            graph.Operations.Skip(before).Select(static o => o.Name));
    }

    [Fact]
    public void The_meta_graph_tells_where_each_part_lies()
    {
        var graph = new Graph();
        graph.GetVariable("w", new[] { 4, 10 }, partitioner: Partitioners.FixedSize(2, axis: 1));
        VariableDef[] stored = [.. MetaGraphFiles.Export(null, graph).CollectionDef["variables"].BytesList.Value.Select(VariableDef.Parser.ParseFrom)];
        Assert.Equal(["w/part_0:0", "w/part_1:0"], stored.Select(static v => v.VariableName));
        Assert.Equal(
            [new SaveSliceInfoDef { FullName = "w", FullShape = { 4, 10 }, VarOffset = { 0, 0 }, VarShape = { 4, 5 } },
             new SaveSliceInfoDef { FullName = "w", FullShape = { 4, 10 }, VarOffset = { 0, 5 }, VarShape = { 4, 5 } }],
            stored.Select(static v => v.SaveSliceInfoDef));
    }

    [Theory]
    [InlineData(1, 131072, null, 1)]
    [InlineData(1, 65536, null, 1)]
    [InlineData(2, 32768, null, 2)]
    [InlineData(3, 2048, null, 32)]
    [InlineData(3, 1024, null, 32)]
    [InlineData(3, 1024, 33, 32)]
    [InlineData(3, 1024, 31, 31)]
    public void Partitioning_by_size_gives_the_numbers_that_TensorFlow_documents(int axis, int maxShardBytes, int? maxShards, int expected) =>
        Assert.Equal(expected, Partitioners.VariableAxisSize(maxShardBytes, axis, maxShards: maxShards)(new[] { 4, 8, 16, 32 }, DType.Float32)[axis]);

    // The numbers are worked out by hand: bytes of the whole over the least size, then the bounds.
    [Theory]
    [InlineData(100, 2048, 2)]
    [InlineData(100, 1400, 3)]
    [InlineData(2, 256, 2)]
    [InlineData(100, 1, 16)]
    [InlineData(100, 1 << 20, 1)]
    public void Partitioning_by_least_size_keeps_the_bounds(int most, int least, int expected) =>
        Assert.Equal([expected, 1], Partitioners.MinMaxVariable(most, 0, least)(new[] { 16, 64 }, DType.Float32));

    [Fact]
    public void A_fixed_number_is_not_above_that_of_the_rows()
    {
        Assert.Equal([1, 3, 1], Partitioners.FixedSize(5, 1)(new[] { 9, 3, 9 }, DType.Float32));
        Assert.Throws<ArgumentException>(() => Partitioners.FixedSize(5, 1)(new[] { 9 }, DType.Float32));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Partitioners.FixedSize(0));
    }

    [Fact]
    public void Parts_get_the_variance_of_the_whole()
    {
        var graph = new Graph();
        var w = (PartitionedVariable)graph.GetVariable("w", new[] { 100, 50 }, initializer: new GlorotUniformInitializer(1), partitioner: Partitioners.FixedSize(50));
        var eye = (PartitionedVariable)graph.GetVariable("eye", new[] { 4, 4 }, initializer: new IdentityInitializer(2), partitioner: Partitioners.FixedSize(3));
        using Session session = Initialised(graph);
        double limit = Math.Sqrt(6.0 / 150);
        float most = session.Run(w.Value).Data<float>().ToArray().Max(Math.Abs);
        Assert.InRange(most, limit * 0.98, limit);
        Assert.Equal([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2], session.Run(eye.Value).Data<float>().ToArray());
    }

    [Fact]
    public void Reading_assigning_and_training_reach_every_part()
    {
        var graph = new Graph();
        var w = (PartitionedVariable)graph.GetVariable("w", new[] { 5, 2 }, initializer: new OnesInitializer(), partitioner: Partitioners.FixedSize(2));
        Output loss = graph.ReduceSum(graph.Square(graph.Multiply(w, 3.0)));
        Operation step = new GradientDescentOptimizer(0.01).Minimize(loss, varList: [w]);
        Output assigned = w.Assign(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 }, { 9, 10 } });
        using Session session = Initialised(graph);
        session.Run(step);
        Assert.All(session.Run(w.Value).Data<float>().ToArray(), static v => Assert.Equal(1 - (0.01f * 18), v, 1e-6f));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], session.Run(assigned).Data<float>().ToArray());
        Assert.Equal([7, 8, 9, 10], session.Run(w.Parts[1]).Data<float>().ToArray());
        Assert.Contains("Parts", Assert.Throws<InvalidOperationException>(() => w.Reference).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_partitions_what_is_made_inside_and_reuse_finds_it_again()
    {
        var graph = new Graph();
        using (graph.VariableScope("net", partitioner: Partitioners.FixedSize(2)))
        {
            Variable w = graph.GetVariable("w", new[] { 6, 2 });
            Assert.IsType<PartitionedVariable>(w);
            Assert.IsNotType<PartitionedVariable>(graph.GetVariable("step", Shape.Scalar));
            using VariableScope again = graph.VariableScope(graph.CurrentVariableScope, VariableReuse.Existing);
            Assert.Same(w, graph.GetVariable("w", new[] { 6, 2 }));
            GraphException other = Assert.Throws<GraphException>(() => graph.GetVariable("w", new[] { 6, 2 }, partitioner: Partitioners.FixedSize(3)));
            Assert.Contains("specified partitions [3, 1] and found partitions [2, 1]", other.Message, StringComparison.Ordinal);
        }

        using (graph.VariableScope("net"))
            Assert.Contains("net/w/part_0", Assert.Throws<GraphException>(() => graph.GetVariable("w", new[] { 6, 2 })).Message, StringComparison.Ordinal);
        GraphException two = Assert.Throws<GraphException>(() => graph.GetVariable("v", new[] { 6, 2 }, partitioner: static (_, _) => [2, 2]));
        Assert.Contains("along one dimension", two.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V1)]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V2)]
    public void Parts_are_saved_as_slices_and_restored_whole_or_in_other_parts(SaverDef.Types.CheckpointFormatVersion version)
    {
        using var folder = new TemporaryFolder();
        string prefix = Save(folder, Partitioners.FixedSize(3), version);

        using (Checkpoint checkpoint = Checkpoint.Open(prefix))
        {
            CheckpointEntry entry = Assert.Single(checkpoint.Tensors);
            Assert.Equal(("w", "[10,4]"), (entry.Name, entry.Shape.ToString()));
            Assert.Equal(["0,4:0,4", "4,3:0,4", "7,3:0,4"], entry.Slices.Select(static s => s.ToString()));
            Assert.Equal(Numbers, checkpoint["w"].Data<float>().ToArray());
        }

        Assert.Equal(Numbers, Restored(prefix, null));
        Assert.Equal(Numbers, Restored(prefix, Partitioners.FixedSize(4)));
        Assert.Equal(Numbers, Restored(prefix, Partitioners.FixedSize(2, axis: 1)));
        Assert.Equal(Numbers, Restored(Save(folder, null, version), Partitioners.FixedSize(4)));
    }

    // TensorFlow's own file p/cols of v2_sliced is cut along the second dimension at 130.
    [Fact]
    public void A_sliced_tensor_of_TensorFlows_own_checkpoint_is_read_under_other_partitionings()
    {
        GoldenCheckpoint golden = GoldenCheckpoint.Case("v2_sliced");
        using Checkpoint checkpoint = Checkpoint.Open(golden.Prefix);
        int[] expected = checkpoint["p/cols"].Data<int>().ToArray();
        foreach (Partitioner partitioner in new[] { Partitioners.FixedSize(2), Partitioners.FixedSize(7, axis: 1) })
        {
            var graph = new Graph();
            Variable cols = graph.GetVariable("p/cols", new[] { 2, 300 }, DType.Int32, partitioner: partitioner, trainable: false);
            using Session session = new(graph);
            new Saver(graph: graph).Restore(session, golden.Prefix);
            Assert.Equal(expected, session.Run(cols.Value).Data<int>().ToArray());
        }
    }

    private static string Save(TemporaryFolder folder, Partitioner? partitioner, SaverDef.Types.CheckpointFormatVersion version)
    {
        var graph = new Graph();
        Variable w = graph.GetVariable("w", new[] { 10, 4 }, partitioner: partitioner);
        Output assigned = w.Assign(graph.Reshape(Numbers, new[] { 10, 4 }));
        using Session session = Initialised(graph);
        session.Run(assigned);
        return new Saver([w], writeVersion: version).Save(session, folder[partitioner is null ? "whole" : "parts"]);
    }

    private static float[] Restored(string prefix, Partitioner? partitioner)
    {
        var graph = new Graph();
        Variable w = graph.GetVariable("w", new[] { 10, 4 }, partitioner: partitioner);
        using Session session = new(graph);
        new Saver(graph: graph).Restore(session, prefix);
        return session.Run(w.Value).Data<float>().ToArray();
    }

    private static Session Initialised(Graph graph)
    {
        Session session = new(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }
}
