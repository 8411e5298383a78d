using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Persistence;

/// <summary>The nodes that savers are made of, on checkpoints that TensorFlow 1.15.5 wrote.</summary>
public sealed class SavingOpsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("all rows", "", 0, 40)]
    [InlineData("rows of one part", "10 4 3,3:-", 12, 12)]
    [InlineData("rows of two parts", "10 4 2,3:0,4", 8, 12)]
    public void RestoreV2_reads_any_part_of_a_partitioned_tensor(string part, string slice, int first, int count)
    {
        Tensor rows = RestoreV2("v2_sliced/model.ckpt", "p/rows", slice, DType.Float32);
        Assert.True(Enumerable.Range(first, count).Select(static i => i * 0.5f).SequenceEqual(rows.ToArray<float>()), part);
    }

    [Theory]
    [InlineData("p/rows", "10 5 -:-", DType.Float32, RunErrorCode.InvalidArgument, "shape in shape_and_slice spec [10,5] does not match")]
    [InlineData("nope", "", DType.Float32, RunErrorCode.NotFound, "Key nope not found in checkpoint")]
    [InlineData("p/grid", "", DType.Float32, RunErrorCode.InvalidArgument, "expected dtype float does not equal original dtype double")]
    public void RestoreV2_refuses_what_TensorFlow_refuses(string name, string slice, DType dtype, RunErrorCode code, string message)
    {
        RunException refused = Assert.Throws<RunException>(() => RestoreV2("v2_sliced/model.ckpt", name, slice, dtype));
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10 4 2,30:0,4", "out of bounds")]
    [InlineData("10 4 x,3:0,4", "Expected a pair of numbers or '-' but got 'x,3'")]
    [InlineData("10", "at least two elements")]
    public void A_part_that_cannot_be_is_refused_when_the_graph_is_built(string slice, string message) => Assert.Contains(
        message, Assert.Throws<GraphException>(() => new Graph().RestoreV2("m", ["w"], [slice], [DType.Float32])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("v1_sharded/model.ckpt-7")]
    [InlineData("v1_sharded/model.ckpt-7-?????-of-00002")]
    [InlineData("v1_sharded/model.ckpt-7-00001-of-00002")]
    public void Restore_and_RestoreSlice_read_shards_by_their_pattern(string pattern)
    {
        var graph = new Graph();
        string path = Path.Combine(SharedFiles.Golden, "checkpoints", pattern);
        Output whole = graph.AddOperation("Restore", null, new AttributeList { { "dt", DType.Float32 } }, path, "p/rows")[0];
        Output part = graph.AddOperation("RestoreSlice", null, new AttributeList { { "dt", DType.Float32 } }, path, "p/rows", "10 4 2,2:-")[0];
        using var session = new Session(graph);
        Tensor?[] read = session.Run([whole, part]);
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => i * 0.5f), read[0]!.ToArray<float>());
        Assert.Equal(Enumerable.Range(8, 8).Select(static i => i * 0.5f), read[1]!.ToArray<float>());
    }

    [Fact]
    public void Shards_have_the_names_of_TensorFlow()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        Assert.Equal("m-00002-of-00010", (string)session.Run(graph.ShardedFilename("m", 2, 10)));
        Assert.Equal("m-?????-of-00010", (string)session.Run(graph.AddOperation("ShardedFilespec", null, null, "m", 10)[0]));
    }

    [Fact]
    public void SaveV2_stores_parts_and_refuses_one_of_another_shape()
    {
        var graph = new Graph();
        string prefix = _folder["m"];
        Operation save = graph.SaveV2(
            prefix, ["w", "w"], ["3 2 0,1:-", "3 2 1,2:-"], [graph.Constant(new[,] { { 1f, 2f } }), graph.Constant(new[,] { { 3f, 4f }, { 5f, 6f } })]);
        Operation wrong = graph.SaveV2(_folder["wrong"], ["w"], ["3 2 0,2:-"], [graph.Constant(new[,] { { 1f, 2f } })]);
        using var session = new Session(graph);
        session.Run(save);
        using CheckpointReader reader = CheckpointReader.Open(prefix);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], reader.Read("w").ToArray<float>());
        Assert.Contains("does not match the shape of the tensor", Assert.Throws<RunException>(() => session.Run(wrong)).Message, StringComparison.Ordinal);
        Assert.Equal(["m.data-00000-of-00001", "m.index"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MergeV2Checkpoints_joins_parts_of_one_tensor_from_several_files()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        session.Run(graph.SaveV2(_folder["_temp/part-0"], ["w", "a"], ["2 1 0,1:-", ""], [graph.Constant(new[,] { { 1f } }), graph.Constant(7)]));
        session.Run(graph.SaveV2(_folder["_temp/part-1"], ["w"], ["2 1 1,1:-"], [graph.Constant(new[,] { { 2f } })]));
        session.Run(graph.AddOperation("MergeV2Checkpoints", null, null, new[] { _folder["_temp/part-0"], _folder["_temp/part-1"] }, _folder["m"]));
        using CheckpointReader reader = CheckpointReader.Open(_folder["m"]);
        Assert.Equal([1f, 2f], reader.Read("w").ToArray<float>());
        Assert.Equal(7, (int)reader.Read("a"));
        Assert.False(Directory.Exists(_folder["_temp"]));
    }

    private static Tensor RestoreV2(string prefix, string name, string slice, DType dtype)
    {
        var graph = new Graph();
        Operation restore = graph.RestoreV2(Path.Combine(SharedFiles.Golden, "checkpoints", prefix), [name], [slice], [dtype]);
        using var session = new Session(graph);
        return session.Run(restore[0]);
    }
}
