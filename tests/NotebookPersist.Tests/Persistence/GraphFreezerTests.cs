using Google.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence;

public sealed class GraphFreezerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_graph_freezes_to_what_prediction_needs_with_equal_bits()
    {
        (Graph graph, Session session) = TrainedModel();
        FrozenGraph frozen = GraphFreezer.Freeze(session);

        Assert.Equal(["predictions"], frozen.OutputNames);
        Assert.Contains("usual name", frozen.OutputReason, StringComparison.Ordinal);
        Assert.Equal(2, frozen.VariableCount);
        Assert.Equal(graph.Operations.Count, frozen.OriginalNodeCount);
        Assert.DoesNotContain(frozen.GraphDef.Node, static n => n.Op is "VariableV2" or "ApplyGradientDescent" || n.Name.StartsWith("gradients", StringComparison.Ordinal));
        var x = new[,] { { 0.1f, -0.7f, 3f } };
        Assert.Equal(session.Run("predictions:0", new() { ["x:0"] = x })!.ToArray<float>(), Run(frozen.GraphDef, "predictions:0", new() { ["x:0"] = x }));
    }

    [Fact]
    public void Several_outputs_are_kept_and_the_caller_is_named_as_their_chooser()
    {
        (_, Session session) = TrainedModel();
        FrozenGraph frozen = GraphFreezer.Freeze(session, ["predictions", "loss"]);
        Assert.Equal(["predictions", "loss"], frozen.OutputNames);
        Assert.Contains("named by the caller", frozen.ToString(), StringComparison.Ordinal);
        Assert.Contains(frozen.GraphDef.Node, static n => n.Name == "loss");
    }

    [Fact]
    public void Outputs_without_a_usual_name_are_those_that_nobody_uses()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        _ = graph.Identity(x * graph.Variable(3f, name: "w").Value, "tripled");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        FrozenGraph frozen = GraphFreezer.Freeze(session);
        Assert.Equal(["tripled"], frozen.OutputNames);
        Assert.Contains("no other operation", frozen.OutputReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_and_tensors_are_told_with_near_names()
    {
        (_, Session session) = TrainedModel();
        Assert.Contains("'predictions'", Assert.Throws<ArgumentException>(() => GraphFreezer.Freeze(session, ["prediction"])).Message, StringComparison.Ordinal);
        Assert.Contains("refer to a Tensor", Assert.Throws<ArgumentException>(() => GraphFreezer.Freeze(session, ["predictions:0"])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "No output can be inferred", Assert.Throws<ArgumentException>(() => GraphFreezer.Freeze(new Session(new Graph()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_graph_freezes_to_itself()
    {
        (_, Session session) = TrainedModel();
        GraphDef frozen = GraphFreezer.Freeze(session).GraphDef;
        var graph = new Graph();
        graph.ImportGraphDef(frozen, name: "");
        using var again = new Session(graph);
        FrozenGraph twice = GraphFreezer.Freeze(again, ["predictions"]);
        Assert.Equal(0, twice.VariableCount);
        Assert.Equal(frozen.Node.Select(static n => n.Name), twice.GraphDef.Node.Select(static n => n.Name));
    }

    [Theory]
    [InlineData("serving-half-plus-two-mkl/00000123")]
    [InlineData("serving-half-plus-two-cpu-with-config/00000123")]
    [InlineData("vespa-external-modelv1")]
    public void Resource_variables_of_TensorFlow_freeze_with_equal_bits(string folder)
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/" + folder));
        SignatureDef signature = model.Signatures["serving_default"];
        string output = signature.Outputs.Values.First().Name;
        var feeds = new FeedDict();
        foreach (TensorInfo input in signature.Inputs.Values)
        {
            long[] shape = [.. input.TensorShape.Dim.Select(static d => d.Size < 0 ? 2 : d.Size)];
            feeds[input.Name] = Tensor.Of<float>(shape, Enumerable.Range(0, (int)shape.Aggregate(1L, static (a, b) => a * b)).Select(static i => MathF.Cos(i)).ToArray());
        }

        FrozenGraph frozen = GraphFreezer.Freeze(model.Session, [output.Split(':')[0]]);

        Assert.Contains(model.Graph.Operations, static o => o.Type == "VarHandleOp");
        Assert.True(frozen.VariableCount > 0);
        Assert.DoesNotContain(frozen.GraphDef.Node, static n => n.Op is "VarHandleOp" or "ReadVariableOp");
        Assert.Equal(model.Session.Run(output, feeds)!.ToArray<float>(), Run(frozen.GraphDef, output, feeds));
    }

    [Fact]
    public void Handles_of_resource_variables_freeze_through_Identity_and_gathers()
    {
        var graph = new Graph();
        Output handle = graph.VarHandleOp(DType.Float32, new[] { 3, 2 }, name: "table");
        Operation assign = graph.AssignVariableOp(handle, new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } });
        Output passed = graph.Identity(handle, "passed");
        graph.Identity(graph.ReadVariableOp(passed, DType.Float32) * 2f, "doubled");
        GraphDef stored = graph.ToGraphDef();
        stored.Node.Add(new NodeDef
        {
            Name = "row",
            Op = "ResourceGather",
            Input = { "passed", "at" },
            Attr = { ["dtype"] = new AttrValue { Type = DataType.DtFloat }, ["Tindices"] = new AttrValue { Type = DataType.DtInt32 } },
        });
        stored.Node.Add(new NodeDef { Name = "at", Op = "Placeholder", Attr = { ["dtype"] = new AttrValue { Type = DataType.DtInt32 }, ["shape"] = new AttrValue { Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 1 } } } } } });
        var whole = new Graph();
        whole.ImportGraphDef(stored, name: "");
        using var session = new Session(whole);

        Assert.Contains("uninitialized", Assert.Throws<RunException>(() => GraphFreezer.Freeze(session, ["row"])).Message, StringComparison.Ordinal);
        session.Run(assign.Name);
        FreezeReport report = GraphFreezer.FreezeToFile(session, _folder["r.pb"], new FreezeOptions { OutputNames = ["row", "doubled"] });
        Assert.Equal(VerificationOutcome.Verified, report.Verification.Outcome);
        Assert.Equal(1, report.VariableCount);
        Assert.Contains(report.Operations, static o => o is { Name: "row", Type: "GatherV2" });
        Assert.Contains(report.Operations, static o => o is { Name: "row/axis", Type: "Const" });
        Assert.Contains(report.Operations, static o => o is { Name: "passed", Type: "Identity" });
        Assert.DoesNotContain(report.Operations, static o => o.Type is "VarHandleOp" or "ReadVariableOp" or "ResourceGather");
    }

    [Fact]
    public void A_table_behind_an_output_is_refused_with_the_reason()
    {
        var graph = new Graph();
        graph.ImportGraphDef(
            new GraphDef
            {
                Node =
                {
                    new NodeDef { Name = "words", Op = "HashTableV2", Attr = { ["key_dtype"] = new AttrValue { Type = DataType.DtString }, ["value_dtype"] = new AttrValue { Type = DataType.DtInt64 } } },
                    new NodeDef { Name = "found", Op = "LookupTableSizeV2", Input = { "words" } },
                },
            },
            name: "");
        using var session = new Session(graph);
        GraphException refused = Assert.Throws<GraphException>(() => GraphFreezer.FreezeToFile(session, _folder["t.pb"], new FreezeOptions { OutputNames = ["found"] }));
        Assert.Contains("table 'words' (HashTableV2)", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_graph_of_more_than_2_GiB_is_refused_before_anything_is_written()
    {
        // Nine nodes share one untouched block, so that no memory is used.
        ByteString block = UnsafeByteOperations.UnsafeWrap(new byte[256 << 20]);
        var graph = new GraphDef();
        for (int i = 0; i < 9; i++)
            graph.Node.Add(new NodeDef { Name = $"c{i}", Op = "Const", Attr = { ["value"] = new AttrValue { Tensor = new TensorProto { TensorContent = block } } } });
        GraphException refused = Assert.Throws<GraphException>(() => GraphFreezer.Write(_folder["pb/large.pb"], graph));
        Assert.Contains("larger than 2GB", refused.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_size_is_counted_as_Protobuf_counts_it()
    {
        (Graph graph, _) = TrainedModel();
        GraphDef graphDef = graph.ToGraphDef();
        Assert.Equal(graphDef.CalculateSize(), GraphFreezer.ByteCount(graphDef));
    }

    [Fact]
    public void A_checkpoint_without_graph_says_what_is_missing()
    {
        (Graph graph, Session session) = TrainedModel();
        new Saver(graph: graph).Save(session, _folder["m"], writeMetaGraph: false);
        Assert.Contains("m.meta' does not exist", Assert.Throws<FileNotFoundException>(() => GraphFreezer.FreezeCheckpoint(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static float[] Run(GraphDef graphDef, string output, FeedDict feeds)
    {
        var graph = new Graph();
        graph.ImportGraphDef(graphDef, name: "");
        using var session = new Session(graph);
        return session.Run(output, feeds)!.ToArray<float>();
    }

    private static (Graph Graph, Session Session) TrainedModel()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 1, 3 }, "x");
        Variable w = graph.Variable(new[,] { { 0.5f }, { 0.25f }, { -1f } }, name: "w");
        Variable b = graph.Variable(new[] { 0.125f }, name: "b");
        Output predictions = graph.Identity(graph.MatMul(x, w.Value) + b.Value, "predictions");
        Output loss = graph.ReduceMean(graph.Square(predictions), name: "loss");
        Operation train = new GradientDescentOptimizer(0.1f).Minimize(loss);
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        session.Run(train, new() { [x] = new[,] { { 1f, 2f, 3f } } });
        return (graph, session);
    }
}
