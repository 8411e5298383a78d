using NotebookPersist.Formats.Bundles;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Saving;

public sealed class IncrementalSaveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly SaveOptions _incremental = new() { Incremental = true };

    public IncrementalSaveTests()
    {
        _graph.Variable(_graph.Fill(new[] { 4000 }, 1.5f), name: "body/weights");
        _graph.Variable(new[] { 1L, 2L }, name: "body/steps");
        _graph.Variable(new[] { 1f, 2f }, name: "head/weights");
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Only_what_changed_is_written()
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["m-1"], options: _incremental);
        Change("head/weights");
        saver.Save(_session, _folder["m-2"], options: _incremental);

        Assert.Equal(2 * sizeof(float), new FileInfo(_folder["m-2.data-00000-of-00002"]).Length);
        Assert.Equal(File.ReadAllBytes(_folder["m-1.data-00000-of-00001"]), File.ReadAllBytes(_folder["m-2.data-00001-of-00002"]));
        using BundleReader reader = BundleReader.Open(_folder["m-2"]);
        Assert.Equal([11f, 12f], reader.Read("head/weights").ToArray<float>());
        Assert.Equal([1L, 2L], reader.Read("body/steps").ToArray<long>());
        Assert.All(reader.Read("body/weights").ToArray<float>(), static w => Assert.Equal(1.5f, w));
    }

    [Fact]
    public void Deleting_an_old_checkpoint_leaves_those_that_share_its_files()
    {
        var saver = new Saver(graph: _graph, maxToKeep: 1);
        for (int step = 1; step <= 4; step++)
        {
            Change("head/weights");
            saver.Save(_session, _folder["m"], step, options: _incremental);
        }

        Assert.False(File.Exists(_folder["m-3.index"]));
        using Checkpoint checkpoint = Checkpoint.Open(_folder["m-4"]);
        Assert.Empty(checkpoint.Verify());
        Assert.Equal([41f, 42f], checkpoint["head/weights"].ToArray<float>());
    }

    [Fact]
    public void A_checkpoint_without_changes_shares_everything()
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["m-1"], options: _incremental);
        saver.Save(_session, _folder["m-2"], options: _incremental);
        Assert.True(File.Exists(_folder["m-2.data-00000-of-00001"]));
        using Checkpoint checkpoint = Checkpoint.Open(_folder["m-2"]);
        Assert.Empty(checkpoint.Verify());
        Assert.Equal(3, checkpoint.Tensors.Count);
    }

    [Theory]
    [InlineData("m-1.index")]
    [InlineData("m-1.data-00000-of-00001")]
    public void An_earlier_checkpoint_that_is_damaged_is_not_built_upon(string damaged)
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["m-1"], options: _incremental);
        File.WriteAllBytes(_folder[damaged], [1, 2, 3]);
        saver.Save(_session, _folder["m-2"], options: _incremental);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["m-2"]);
        Assert.Empty(checkpoint.Verify());
        Assert.Equal(3, checkpoint.Tensors.Count);
    }

    [Fact]
    public void A_file_that_is_mostly_out_of_use_is_not_kept()
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["m-1"], options: _incremental);
        Change("body/weights");
        saver.Save(_session, _folder["m-2"], options: _incremental);
        Assert.True(File.Exists(_folder["m-2.data-00000-of-00001"]));
        Assert.Equal(new FileInfo(_folder["m-1.data-00000-of-00001"]).Length, new FileInfo(_folder["m-2.data-00000-of-00001"]).Length);
    }

    [Fact]
    public void What_it_wrote_first_does_not_change_when_the_prefix_is_used_again()
    {
        var saver = new Saver(graph: _graph);
        for (int i = 0; i < 3; i++)
        {
            Change("head/weights");
            saver.Save(_session, _folder["m"], options: _incremental);
            using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
            Assert.Empty(checkpoint.Verify());
            Assert.Equal((10 * (i + 1)) + 1, checkpoint["head/weights"].ToArray<float>()[0]);
        }
    }

    private void Change(string name)
    {
        Tensor old = _session.Run(name + ":0")!;
        _session.Run(name + "/Assign", new FeedDict { [_graph.GetOperationByName(name + "/Assign").Inputs[1]] = new Tensor(old.DType, old.Shape, Raised(old)) });
    }

    private static Memory.TensorBuffer Raised(Tensor old)
    {
        float[] values = [.. old.ToArray<float>().Select(static v => v + 10)];
        return Memory.TensorBuffer.Wrap(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());
    }
}
