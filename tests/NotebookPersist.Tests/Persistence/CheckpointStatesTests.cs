using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
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

    [Theory]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V1)]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V2)]
    public void The_only_checkpoint_of_a_folder_without_a_state_file_is_meant(SaverDef.Types.CheckpointFormatVersion version)
    {
        var graph = new Graph();
        graph.Variable(graph.Constant(1f), name: "w");
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var saver = new Saver(graph: graph, writeVersion: version);
        saver.Save(session, _folder["only/m"], writeState: false);
        Assert.Equal(_folder["only/m"], CheckpointStates.Resolve(_folder["only"]).Prefix);
        saver.Restore(session, _folder["only"]);
        saver.Save(session, _folder["only/n"], writeState: false);
        string message = Assert.Throws<FileNotFoundException>(() => CheckpointStates.Resolve(_folder["only"])).Message;
        Assert.Contains($"'{_folder["only/m"]}'", message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder["only/n"]}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_restore_is_said_in_words()
    {
        (Graph graph, Session session) = Saved("old");
        string? none = CheckpointStates.Latest(_folder["nosuchdir"]);
        Assert.Contains("LatestCheckpoint", Assert.Throws<ArgumentNullException>(() => new Saver(graph: graph).Restore(session, none!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meta_graph_is_found_by_any_name_and_a_missing_one_names_those_near()
    {
        Saved("old");
        foreach (string name in new[] { "old/m-2", "old/m-2.meta", "old/m-2.index", "old" })
            Assert.NotEmpty(MetaGraphFiles.Read(_folder[name]).GraphDef.Node);
        Assert.Contains("'m-2.meta'", Assert.Throws<FileNotFoundException>(() => MetaGraphFiles.Read(_folder["old/m-3.meta"])).Message, StringComparison.Ordinal);
        MessageFile.Write(_folder["g.pb"], MetaGraphFiles.Read(_folder["old"]).GraphDef);
        Assert.Contains("tf.ImportGraphDef", Assert.Throws<CheckpointFormatException>(() => MetaGraphFiles.Read(_folder["g.pb"])).Message, StringComparison.Ordinal);
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
