using Google.Protobuf;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Interchange;

public sealed class GraphUnfreezerTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_frozen_model_becomes_variables_that_give_the_same_answers_and_freeze_to_the_same_graph()
    {
        GraphDef frozen = Frozen(out float[] expected);
        GraphFreezer.Write(_folder["frozen.pb"], frozen);
        UnfrozenModel model = GraphUnfreezer.Unfreeze(_folder["frozen.pb"], _folder["ckpt/model"]);
        Assert.Equal(["b", "w"], model.Variables.Order(StringComparer.Ordinal));

        using LoadedModel loaded = LoadedModel.Load(_folder["ckpt"]);
        Assert.Equal(expected, Run(loaded.Session, "predictions:0"));
        Graph graph = loaded.Session.Graph;
        Assert.Equal("VariableV2", graph.GetOperationByName("w").Type);
        Assert.Equal(["w/read"], graph.Operations.Where(static o => o.Type == "Identity" && o.Inputs[0].Operation.Name == "w").Select(static o => o.Name));
        Assert.Equal(2, graph.GetCollection<Variable>(GraphKeys.TrainableVariables).Count);

        FrozenGraph again = GraphFreezer.FreezeCheckpoint(_folder["ckpt"], ["predictions"]);
        Assert.Equal(frozen.Node.Select(static n => (n.Name, n.Op)).Order(), again.GraphDef.Node.Select(static n => (n.Name, n.Op)).Order());
        using var session = new Session(new Graph());
        session.Graph.ImportGraphDef(again.GraphDef, name: "");
        Assert.Equal(expected, Run(session, "predictions:0"));
    }

    [Fact]
    public void What_was_unfrozen_can_be_trained()
    {
        GraphFreezer.Write(_folder["frozen.pb"], Frozen(out float[] before));
        GraphUnfreezer.Unfreeze(_folder["frozen.pb"], _folder["model"]);
        using LoadedModel loaded = LoadedModel.Load(_folder["model"]);
        Graph graph = loaded.Session.Graph;
        Output loss = graph.ReduceMean(graph.Square(graph.GetTensorByName("predictions:0")));
        Operation train = new GradientDescentOptimizer(0.1f).Minimize(loss);
        loaded.Session.Run(train, new() { ["x:0"] = X });
        Assert.NotEqual(before, Run(loaded.Session, "predictions:0"));
    }

    [Fact]
    public void Constants_without_a_read_node_are_chosen_by_size_or_by_name_and_get_one()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new long[] { 1, 8 }, "x");
        Output big = graph.Constant(Tensor.Of<float>(new long[] { 8, 8 }, [.. Enumerable.Range(0, 64).Select(static i => i / 64f)]), name: "big");
        Output small = graph.Constant(Tensor.Of<float>(new long[] { 8 }, [1, 2, 3, 4, 5, 6, 7, 8]), name: "small");
        graph.Identity(graph.Add(graph.MatMul(x, big), small), "out");
        GraphFreezer.Write(_folder["f.pb"], graph.ToGraphDef());
        float[] expected;
        using (var session = new Session(graph))
            expected = session.Run("out:0", new() { ["x:0"] = Tensor.Of<float>(new long[] { 1, 8 }, [1, 1, 1, 1, 1, 1, 1, 1]) })!.ToArray<float>();

        Assert.Equal(["big"], GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["a"]).Variables);
        Assert.Equal(["big", "small"], GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["b"], new UnfreezeOptions { MinElementCount = 8 }).Variables.Order(StringComparer.Ordinal));
        Assert.Equal(["small"], GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["c"], new UnfreezeOptions { Names = ["s*"] }).Variables);
        foreach (string prefix in new[] { "a", "b", "c" })
        {
            using LoadedModel loaded = LoadedModel.Load(_folder[prefix]);
            Assert.Equal(expected, loaded.Session.Run("out:0", new() { ["x:0"] = Tensor.Of<float>(new long[] { 1, 8 }, [1, 1, 1, 1, 1, 1, 1, 1]) })!.ToArray<float>());
        }

        Assert.Contains("fits no tensor", Assert.Throws<ArgumentException>(() => GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["d"], new UnfreezeOptions { Names = ["none"] })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "looks like a former variable",
            Assert.Throws<ArgumentException>(() => GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["d"], new UnfreezeOptions { MinElementCount = 1000 })).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["d.index"]));
    }

    [Fact]
    public void A_constant_that_tells_more_elements_than_there_are_is_named()
    {
        var huge = new TensorProto { Dtype = DataType.DtFloat, TensorShape = new() { Dim = { new TensorShapeProto.Types.Dim { Size = 1L << 40 }, new TensorShapeProto.Types.Dim { Size = 1L << 30 } } } };
        var node = new NodeDef { Name = "huge", Op = "Const", Attr = { ["dtype"] = new AttrValue { Type = DataType.DtFloat }, ["value"] = new AttrValue { Tensor = huge } } };
        File.WriteAllBytes(_folder["f.pb"], new GraphDef { Node = { node } }.ToByteArray());
        Exception fault = Assert.ThrowsAny<Exception>(() => GraphUnfreezer.Unfreeze(_folder["f.pb"], _folder["m"]));
        Assert.IsNotType<OverflowException>(fault);
        Assert.Contains("[1099511627776,1073741824]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("huge", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["m.index"]));
    }

    [Fact]
    public void Every_real_frozen_graph_with_weights_unfreezes_and_its_values_come_back()
    {
        int count = 0, variables = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures/frozen", "*.pb").Where(static p => new FileInfo(p).Length < 8 << 20))
        {
            if (ModelKinds.Of(path) != ModelKind.GraphDef)
                continue;
            UnfrozenModel model;
            try
            {
                model = GraphUnfreezer.Unfreeze(path, _folder["m"]);
            }
            catch (ArgumentException none) when (none.Message.Contains("looks like a former variable", StringComparison.Ordinal))
            {
                continue;
            }
            catch (GraphException unknown) when (unknown.Message.Contains("op type", StringComparison.OrdinalIgnoreCase) || unknown.Message.Contains("not registered", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            using TensorSource constants = TensorSource.Open(path);
            using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
            foreach (string name in model.Variables)
                Assert.True(constants.Read(name).Bytes.SequenceEqual(checkpoint[name].Bytes), $"{SharedFiles.Relative(path)}: {name}");
            count++;
            variables += model.Variables.Count;
        }

        output.WriteLine($"{count} graphs, {variables} variables.");
        Assert.True(count >= 2);
    }

    private static readonly float[,] X = { { 0.1f, -0.7f, 3f } };

    private static GraphDef Frozen(out float[] expected)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new long[] { -1, 3 }, "x");
        Variable w = graph.Variable(Tensor.Of<float>(new long[] { 3, 2 }, [1, 2, 3, 4, 5, 6]), name: "w");
        Variable b = graph.Variable(Tensor.Of<float>(new long[] { 2 }, [0.5f, -0.5f]), name: "b");
        graph.Identity(graph.Add(graph.MatMul(x, w.Value), b.Value), "predictions");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        expected = Run(session, "predictions:0");
        return GraphFreezer.Freeze(session, ["predictions"]).GraphDef;
    }

    private static float[] Run(Session session, string fetch) => session.Run(fetch, new() { ["x:0"] = X })!.ToArray<float>();
}
