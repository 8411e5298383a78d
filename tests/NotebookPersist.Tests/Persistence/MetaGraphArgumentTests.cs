using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence;

/// <summary>The arguments of TensorFlow's export, import and state functions that are seldom used.</summary>
public sealed class MetaGraphArgumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;

    public MetaGraphArgumentTests()
    {
        _graph.Variable(1f, name: "v");
        using (_graph.NameScope("part"))
            _graph.Identity(_graph.Placeholder(DType.Float32, Shape.Scalar, "x"), name: "y");
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Where_nodes_were_made_is_written_beside_on_request()
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["m"], 1, saveDebugInfo: true);
        GraphDebugInfo info = MessageFile.Read<GraphDebugInfo>(_folder["m-1.debug"]);
        Assert.Equal(_graph.Operations.Select(static o => o.Name).Order(StringComparer.Ordinal), info.Traces.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(info.Files);

        saver.ExportMetaGraph(_folder["part.meta"], exportScope: "part", asText: true, saveDebugInfo: true);
        Assert.True(MessageFile.IsTextFile(_folder["part.debug"]));
        Assert.Equal(["part/x", "part/y"], MessageFile.Read<GraphDebugInfo>(_folder["part.debug"]).Traces.Keys.Order(StringComparer.Ordinal));

        saver.Save(_session, _folder["n"], 1);
        Assert.False(File.Exists(_folder["n-1.debug"]));
        saver.Save(_session, _folder["o"], writeMetaGraph: false, saveDebugInfo: true);
        Assert.False(File.Exists(_folder["o.debug"]));
    }

    [Fact]
    public void A_meta_graph_can_say_more_of_itself_and_hold_other_nodes()
    {
        var info = new MetaGraphDef.Types.MetaInfoDef { MetaGraphVersion = "7", Tags = { "mine" } };
        GraphDef part = _graph.ToGraphDef();
        NodeDef[] kept = [.. part.Node.Where(static n => n.Name.StartsWith("part", StringComparison.Ordinal))];
        part.Node.Clear();
        part.Node.AddRange(kept);
        part.Node[0].Device = "/device:GPU:0";
        MetaGraphDef written = MetaGraphFiles.Export(_folder["g.meta"], _graph, clearDevices: true, collectionList: [], metaInfoDef: info, graphDef: part);
        Assert.Equal("7", written.MetaInfoDef.MetaGraphVersion);
        Assert.Equal(["mine"], written.MetaInfoDef.Tags);
        Assert.Equal(["Identity", "Placeholder"], written.MetaInfoDef.StrippedOpList.Op.Select(static o => o.Name));
        Assert.Equal(["part/x", "part/y"], written.GraphDef.Node.Select(static n => n.Name));
        Assert.Equal("", written.GraphDef.Node[0].Device);
        Assert.Equal("/device:GPU:0", part.Node[0].Device);
        Assert.Equal("", info.TensorflowVersion);
        Assert.Equal(written, MessageFile.Read<MetaGraphDef>(_folder["g.meta"]));
    }

    [Fact]
    public void Unbound_inputs_go_by_the_collection_that_is_named()
    {
        Output outside = _graph.Constant(3f, name: "outside");
        using (_graph.NameScope("inner"))
            _graph.Identity(outside, name: "in");
        MetaGraphDef stored = MetaGraphFiles.Export(null, _graph, exportScope: "inner", unboundInputsColName: "open");
        Assert.Contains("open", stored.CollectionDef.Keys);
        var fresh = new Graph();
        Assert.Contains("unbound inputs", Assert.Throws<ArgumentException>(() => MetaGraphFiles.Import(stored, graph: fresh, unboundInputsColName: "open")).Message, StringComparison.Ordinal);
        string input = stored.CollectionDef["open"].BytesList.Value.Single().ToStringUtf8();
        MetaGraphFiles.Import(stored, graph: fresh, inputMap: new Dictionary<string, Output> { [input] = fresh.Constant(4f) }, unboundInputsColName: "open");
        Assert.DoesNotContain("open", fresh.CollectionKeys);
        Assert.Equal(4f, (float)new Session(fresh).Run("in:0")!);
    }

    [Fact]
    public void A_saver_of_one_scope_is_told_without_the_scope()
    {
        Saver inner;
        using (_graph.NameScope("s"))
            inner = new Saver(graph: _graph);
        SaverDef told = inner.ToProto("s")!;
        Assert.Equal("save/Const:0", told.FilenameTensorName);
        Assert.Null(inner.ToProto("other"));
        Assert.Equal(inner.Definition, inner.ToProto());
        Saver again = Saver.FromProto(told, "s", _graph);
        again.Save(_session, _folder["m"]);
        Assert.True(CheckpointStates.Exists(_folder["m"]));
    }

    [Fact]
    public void A_state_is_made_without_writing_it()
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1.5);
        CheckpointState state = CheckpointStates.Generate("/a", "/a/m-2", ["/a/m-1"], relativePaths: false, [time, time], time);
        Assert.Equal("/a/m-2", state.ModelCheckpointPath);
        Assert.Equal(["/a/m-1", "/a/m-2"], state.AllModelCheckpointPaths);
        Assert.Equal([1.5, 1.5], state.AllModelCheckpointTimestamps);
        Assert.Equal(1.5, state.LastPreservedTimestamp);
        Assert.Equal(["m-1", "m-2"], tf.Train.GenerateCheckpointStateProto("/a", "/a/m-2", ["/a/m-1"]).AllModelCheckpointPaths);

        // What TensorFlow writes into a folder that is told relatively, and of paths told so.
        Assert.Equal("m-2", CheckpointStates.Generate("models", "models/m-2", relativePaths: false).ModelCheckpointPath);
        Assert.Equal("models/m-2", CheckpointStates.Generate("/a", "models/m-2", relativePaths: false).ModelCheckpointPath);
        Assert.Contains(
            "timestamps, if provided, must match",
            Assert.Throws<ArgumentException>(() => CheckpointStates.Generate("/a", "/a/m-2", ["/a/m-1"], timestamps: [time])).Message,
            StringComparison.Ordinal);
        Assert.Empty(CheckpointStates.Generate("/a", "/a/m-2", timestamps: []).AllModelCheckpointTimestamps);
    }
}
