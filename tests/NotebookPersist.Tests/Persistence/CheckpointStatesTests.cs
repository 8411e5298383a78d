using NotebookPersist.Formats;
using Xunit;

namespace NotebookPersist.Tests.Persistence;

public sealed class CheckpointStatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_was_moved_still_restores()
    {
        (Graph graph, Session session) = Saved("old");
        Directory.Move(_folder["old"], _folder["new"]);
        Assert.Equal(_folder["new/m-2"], CheckpointStates.Latest(_folder["new"]));
        new Saver(graph: graph).Restore(session, _folder["new"]);
    }

    [Fact]
    public void Paths_of_another_machine_mean_the_files_beside()
    {
        Saved("here");
        File.WriteAllText(
            _folder["here/checkpoint"],
            "model_checkpoint_path: \"/home/somebody/model/m-2\"\nall_model_checkpoint_paths: \"/home/somebody/model/m-1\"\nall_model_checkpoint_paths: \"/home/somebody/model/m-2\"\n");
        Assert.Equal(_folder["here/m-2"], CheckpointStates.Latest(_folder["here"]));
        Assert.Equal([_folder["here/m-1"], _folder["here/m-2"]], CheckpointStates.Get(_folder["here"])!.AllModelCheckpointPaths);
    }

    [Fact]
    public void A_state_is_written_relative_to_its_folder()
    {
        Saved("here");
        Assert.Equal(
            "model_checkpoint_path: \"m-2\"\nall_model_checkpoint_paths: \"m-1\"\nall_model_checkpoint_paths: \"m-2\"\n",
            File.ReadAllText(_folder["here/checkpoint"]));
    }

    [Fact]
    public void TensorFlows_own_state_files_are_read()
    {
        Assert.Equal(5, CheckpointStates.Get(SharedFiles.Path("fixtures/metagraph/flappybird-dqn"))!.AllModelCheckpointPaths.Count);
        Assert.Null(CheckpointStates.Latest(SharedFiles.Path("fixtures/metagraph/flappybird-dqn")));
        string housing = SharedFiles.Path("fixtures/v2ckpt/cloudml-housing-2shard");
        Assert.Equal(Path.Combine(housing, "model.ckpt-1000"), CheckpointStates.Latest(housing));
    }

    [Theory]
    [InlineData("model_checkpoint_path: \"m", CheckpointFault.BadText)]
    [InlineData("something: else {", CheckpointFault.BadText)]
    [InlineData("all_model_checkpoint_paths: \"m\"", CheckpointFault.BadText)]
    [InlineData("", CheckpointFault.BadText)]
    public void A_broken_state_names_its_file(string text, CheckpointFault fault)
    {
        File.WriteAllText(_folder["checkpoint"], text);
        CheckpointFormatException broken = Assert.Throws<CheckpointFormatException>(() => CheckpointStates.Latest(_folder.Path));
        Assert.Equal((fault, _folder["checkpoint"]), (broken.Fault, broken.Path));
        Assert.Contains(_folder["checkpoint"], broken.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointFormatException>(() => CheckpointStates.Resolve(_folder.Path));
    }

    [Fact]
    public void A_state_whose_checkpoint_is_gone_proposes_those_that_are_there()
    {
        Saved("here");
        File.Delete(_folder["here/m-2.index"]);
        Assert.Null(CheckpointStates.Latest(_folder["here"]));
        string message = Assert.Throws<FileNotFoundException>(() => CheckpointStates.Resolve(_folder["here"])).Message;
        Assert.Contains("m-2", message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder["here/m-1"]}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_state_is_null_and_no_error()
    {
        Assert.Null(CheckpointStates.Get(_folder.Path));
        Assert.Null(CheckpointStates.Latest(_folder["absent"]));
    }

    [Fact]
    public void A_state_cannot_take_the_name_of_its_checkpoint() =>
        Assert.Contains("conflicts", Assert.Throws<ArgumentException>(() => CheckpointStates.Update(_folder.Path, _folder["checkpoint"], [])).Message, StringComparison.Ordinal);

    private (Graph Graph, Session Session) Saved(string folder)
    {
        var graph = new Graph();
        graph.Variable(1f, name: "a");
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var saver = new Saver(graph: graph);
        saver.Save(session, Path.Combine(_folder[folder], "m"), globalStep: 1);
        saver.Save(session, Path.Combine(_folder[folder], "m"), globalStep: 2);
        return (graph, session);
    }
}
