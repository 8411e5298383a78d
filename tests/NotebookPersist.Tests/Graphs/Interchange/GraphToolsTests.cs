using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Interchange;

public sealed class GraphToolsTests
{
    [Fact]
    public void A_subgraph_holds_what_its_nodes_need_in_the_old_order()
    {
        var graph = new Graph();
        Variable v = graph.Variable(1f, name: "v");
        graph.Identity(v, "out");
        graph.Constant(2f, name: "unused");
        GraphDef cut = GraphTools.ExtractSubGraph(graph.ToGraphDef(), ["out"]);
        Assert.Equal(["v", "v/read", "out"], cut.Node.Select(static n => n.Name));
        Assert.Equal(134, cut.Versions.Producer);
        var e = Assert.Throws<ArgumentException>(() => GraphTools.ExtractSubGraph(graph.ToGraphDef(), ["ouut"]));
        Assert.Contains("'ouut' is not in graph. Near names: 'out'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezing_puts_constants_in_the_place_of_variables()
    {
        var graph = new Graph();
        Variable v = graph.Variable(new[] { 1f, 2f }, name: "v");
        graph.Identity(v, "out");
        GraphDef frozen = GraphTools.ConvertVariablesToConstants(graph.ToGraphDef(), ["out"], new Dictionary<string, Tensor> { ["v"] = new[] { 3f, 4f } });
        NodeDef constant = frozen.Node.Single(static n => n.Name == "v");
        Assert.Equal("Const", constant.Op);
        Assert.Equal(["dtype", "value"], constant.Attr.Keys.Order(StringComparer.Ordinal));
        Assert.Null(frozen.Versions);
        var again = new Graph();
        again.ImportGraphDef(frozen, "");
        Assert.True(again.GetTensorByName("out:0").Shape.Equals([2]));
    }

    [Fact]
    public void Freezing_follows_handles_of_resource_variables_to_their_reads()
    {
        GraphDef stored = Text("""
            node { name: "h" op: "VarHandleOp" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }
            node { name: "e" op: "Enter" input: "h" attr { key: "T" value { type: DT_RESOURCE } } attr { key: "frame_name" value { s: "f" } } }
            node { name: "r" op: "ReadVariableOp" input: "e" attr { key: "dtype" value { type: DT_FLOAT } } }
            node { name: "i" op: "Const" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 1 } } } }
            node { name: "g" op: "ResourceGather" input: "h" input: "i" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "Tindices" value { type: DT_INT32 } } }
            node { name: "a" op: "AssignVariableOp" input: "h" input: "r" attr { key: "dtype" value { type: DT_FLOAT } } }
            """);
        var values = new Dictionary<string, Tensor> { ["h"] = new[] { 1f, 2f } };
        Dictionary<string, NodeDef> frozen = GraphTools.ConvertVariablesToConstants(stored, ["r", "g"], values).Node.ToDictionary(static n => n.Name);
        Assert.Equal("Const", frozen["h"].Op);
        Assert.Equal(DataType.DtFloat, frozen["e"].Attr["T"].Type);
        Assert.Equal("Identity", frozen["r"].Op);
        Assert.Equal("GatherV2", frozen["g"].Op);
        Assert.Equal(["h", "i", "g/axis"], frozen["g"].Input);
        var e = Assert.Throws<GraphException>(() => GraphTools.ConvertVariablesToConstants(stored, ["a"], values));
        Assert.Contains("node 'a' (AssignVariableOp) uses variable 'h'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_nodes_go_and_their_consumers_keep_their_inputs()
    {
        GraphDef stored = Text("""
            node { name: "x" op: "Placeholder" }
            node { name: "c" op: "CheckNumerics" input: "x" }
            node { name: "i" op: "Identity" input: "c" }
            node { name: "kept" op: "Identity" input: "i" }
            node { name: "waited" op: "Identity" input: "i" }
            node { name: "out" op: "Relu" input: "i" input: "^waited" }
            """);
        GraphDef slim = GraphTools.RemoveTrainingNodes(stored, ["kept"]);
        Assert.Equal(["x", "kept", "waited", "out"], slim.Node.Select(static n => n.Name));
        Assert.Equal(["x", "^waited"], slim.Node[^1].Input);
        Assert.Equal(["x"], slim.Node[1].Input);
    }

    [Fact]
    public void The_frozen_graph_of_a_reference_model_has_the_nodes_that_TensorFlow_kept()
    {
        MetaGraphDef meta = MessageFile.Read<MetaGraphDef>(SharedFiles.Path("fixtures/v2ckpt/mlnet-cifar/model.ckpt.meta"));
        GraphDef expected = MessageFile.Read<GraphDef>(SharedFiles.Path("fixtures/v2ckpt/mlnet-cifar/frozen_model.pb"));
        Assert.Equal(["Output"], OutputInference.Infer(expected).Names);
        Dictionary<string, Tensor> values = expected.Node.Where(static n => n.Op == "Const").ToDictionary(static n => n.Name, static n => TensorProtos.Decode(n.Attr["value"].Tensor, n.Name));
        GraphDef frozen = GraphTools.ConvertVariablesToConstants(meta.GraphDef, ["Output"], values);
        Assert.Equal(expected.Node.Select(static n => (n.Name, n.Op)), frozen.Node.Select(static n => (n.Name, n.Op)));
    }

    [Fact]
    public void Every_frozen_reference_graph_has_outputs_proposed_with_a_reason()
    {
        string[] without = [.. StoredGraphs.Bare()
            .Where(static g => g.GraphDef.Node.Any(static n => n.Op == "Placeholder") && g.GraphDef.Node.Any(static n => n.Input.Count > 0))
            .Where(static g => OutputInference.Infer(g.GraphDef) is not { Names.Count: > 0, Reason.Length: > 0 })
            .Select(static g => g.Name)];
        Assert.Empty(without);
    }

    [Fact]
    public void Outputs_are_not_looked_for_in_branches_and_loops()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        Output chosen = graph.Cond(graph.ReduceSum(x) > 0f, () => graph.Cond(graph.ReduceMax(x) > 1f, () => graph.Relu(x), () => graph.Tanh(x)), () => graph.Zeros(new[] { 2 }), name: "cond");
        (_, Output last) = graph.WhileLoop((i, v) => i < 3, (i, v) => (i + 1, v * 2f), (graph.Constant(0), chosen));
        graph.Identity(last, "doubled");
        Assert.Equal(["doubled"], OutputInference.Infer(graph.AsGraphDef()).Names);

        var bare = new Graph();
        Output y = bare.Placeholder(DType.Float32, new[] { 2 }, "y");
        Output merged = bare.Cond(bare.ReduceSum(y) > 0f, () => bare.Relu(y), () => bare.Tanh(y));
        Assert.Equal([merged.Operation.Name], OutputInference.Infer(bare.AsGraphDef()).Names);
    }

    private static GraphDef Text(string text) => NotebookPersist.Formats.Text.TextFormat.Parse<GraphDef>(System.Text.Encoding.UTF8.GetBytes(text));
}
