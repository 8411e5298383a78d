using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Graphs.Interchange;

public sealed class GraphDefImporterTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_reference_graph_is_written_again_as_it_was_read()
    {
        var faults = new List<string>();
        int nodes = 0, graphs = 0;
        foreach (StoredGraphs.StoredGraph stored in StoredGraphs.All())
        {
            var graph = new Graph();
            try
            {
                graph.ImportGraphDef(stored.GraphDef, "", producerOpList: stored.OpList);
                faults.AddRange(Differences(stored.GraphDef, graph.ToGraphDef(), graph).Take(3).Select(d => $"{stored.Name}: {d}"));
            }
            catch (GraphException e)
            {
                faults.Add($"{stored.Name}: {e.Message}");
            }

            nodes += stored.GraphDef.Node.Count;
            graphs++;
        }

        output.WriteLine($"{graphs} graphs, {nodes} nodes.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(graphs >= 300, $"Only {graphs} reference graphs were found.");
    }

    [Fact]
    public void Names_get_the_scope_import_by_default_and_import_1_the_second_time()
    {
        var graph = new Graph();
        GraphDef stored = Chain();
        graph.ImportGraphDef(stored);
        GraphElement second = graph.ImportGraphDef(stored, returnElements: ["b:0"])[0];
        Assert.Equal(["import/a", "import/b", "import_1/a", "import_1/b"], graph.Operations.Select(static o => o.Name));
        Assert.Equal("import_1/b:0", second.ToOutput().Name);
        Assert.Equal("import_1/a", second.Operation.Inputs[0].InputName);
    }

    [Fact]
    public void Names_already_taken_are_numbered_when_there_is_no_scope()
    {
        var graph = new Graph();
        graph.ImportGraphDef(Chain(), "");
        GraphDef again = Chain();
        again.Node[1].Attr["_class"] = Strings("loc:@a");
        graph.ImportGraphDef(again, "");
        Assert.Equal(["a", "b", "a_1", "b_1"], graph.Operations.Select(static o => o.Name));
        Assert.Equal("a_1", graph.GetOperationByName("b_1").Inputs[0].InputName);
        Assert.Equal(["loc:@a_1"], graph.GetOperationByName("b_1").Attributes.Strings("_class"));
        Assert.Equal("a_2", graph.Constant(1f, name: "a").Operation.Name);
    }

    [Fact]
    public void Nodes_may_come_in_any_order_and_at_any_depth()
    {
        var stored = new GraphDef();
        const int depth = 100_000;
        for (int i = depth; i > 0; i--)
            stored.Node.Add(Node($"n{i}", "Identity", [$"n{i - 1}"], Type("T", DataType.DtFloat)));
        stored.Node.Add(Node("n0", "Placeholder", [], Type("dtype", DataType.DtFloat)));
        var graph = new Graph();
        Output last = graph.ImportGraphDef(stored, "", returnElements: [$"n{depth}:0"])[0];
        Assert.Equal(depth + 1, graph.Operations.Count);
        Assert.Equal($"n{depth - 1}", last.Operation.Inputs[0].InputName);
    }

    [Fact]
    public void Mapped_inputs_replace_stored_ones_and_unknown_keys_are_named()
    {
        var graph = new Graph();
        Output mine = graph.Constant(new[] { 1f, 2f }, name: "mine");
        Output b = graph.ImportGraphDef(Chain(), inputMap: new Dictionary<string, Output> { ["a"] = mine }, returnElements: ["b"])[0];
        Assert.Same(mine, b.Operation.Inputs[0]);
        Assert.True(b.Shape.Equals([2]), b.Shape.ToString());
        var e = Assert.Throws<ArgumentException>(() => graph.ImportGraphDef(Chain(), inputMap: new Dictionary<string, Output> { ["nobody:1"] = mine }));
        Assert.Contains("Attempted to map inputs that were not found in graph_def: [nobody:1]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_types_are_carried_along_with_the_outputs_that_are_used()
    {
        var stored = new GraphDef();
        stored.Node.Add(Node("x", "Placeholder", [], Type("dtype", DataType.DtFloat)));
        stored.Node.Add(Node("odd", "SomethingNobodyKnows", ["x"], Type("T", DataType.DtInt64)));
        stored.Node.Add(Node("use", "Identity", ["odd:2"], Type("T", DataType.DtInt64)));
        stored.Node.Add(Node("other", "Identity", ["odd"], Type("T", DataType.DtBool)));
        var graph = new Graph();
        graph.ImportGraphDef(stored, "");
        Operation odd = graph.GetOperationByName("odd");
        Assert.Null(odd.Definition);
        Assert.Equal(3, odd.Outputs.Count);
        Assert.Equal(DType.Int64, odd[2].DType);
        Assert.Empty(Differences(stored, graph.ToGraphDef(), graph));
    }

    [Fact]
    public void A_loop_is_closed_through_its_merge()
    {
        var stored = new GraphDef();
        stored.Node.Add(Node("x", "Placeholder", [], Type("dtype", DataType.DtFloat)));
        stored.Node.Add(Node("next", "NextIteration", ["merge"], Type("T", DataType.DtFloat)));
        stored.Node.Add(Node("merge", "Merge", ["x", "next"], Type("T", DataType.DtFloat), ("N", new AttrValue { I = 2 })));
        var graph = new Graph();
        graph.ImportGraphDef(stored, "");
        Operation merge = graph.GetOperationByName("merge");
        Assert.Equal("next", merge.Inputs[1].InputName);
        Assert.Contains(merge, graph.GetTensorByName("next:0").Consumers);
        Assert.Empty(Differences(stored, graph.ToGraphDef(), graph));
    }

    public static TheoryData<string, Action<GraphDef>> Faults() => new()
    {
        { "Node 'b': Unknown input node 'nobody'", static g => g.Node[1].Input[0] = "nobody" },
        { "Node 'a' is not unique", static g => g.Node[1].Name = "a" },
        { "Node 'b' does not specify an operation", static g => g.Node[1].Op = "" },
        { "Node '-b': Node name contains invalid characters", static g => g.Node[1].Name = "-b" },
        { "Node 'b': Control dependencies must come after regular dependencies", static g => g.Node[1].Input.Insert(0, "^a") },
        { "Node 'b' expects to be colocated with unknown node 'nobody'", static g => g.Node[1].Attr["_class"] = Strings("loc:@nobody") },
        { "Input 0 of node b was passed float from a:0 incompatible with expected int32.", static g => g.Node[1].Attr["T"] = new AttrValue { Type = DataType.DtInt32 } },
        { "Node 'b': Connecting to invalid output 1 of source node a which has 1 outputs.", static g => g.Node[1].Input[0] = "a:1" },
        { "NodeDef missing attr 'T'", static g => g.Node[1].Attr.Remove("T") },
        { "had value with type 'I' when 'Type' expected", static g => g.Node[1].Attr["T"] = new AttrValue { I = 1 } },
        { "nodes in a cycle", static g => g.Node[1].Input[0] = "b" },
        { "GraphDef min consumer version 1000 above current version 134", static g => g.Versions = new VersionDef { MinConsumer = 1000 } },
        { "expected inputs 'float' do not match 2 inputs", static g => g.Node[1].Input.Add("a") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Invalid_graphs_are_refused_as_TensorFlow_refuses_them_and_leave_nothing(string message, Action<GraphDef> damage)
    {
        GraphDef stored = Chain();
        damage(stored);
        var graph = new Graph();
        graph.Constant(1f, name: "before");
        var e = Assert.Throws<GraphException>(() => graph.ImportGraphDef(stored, ""));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(["before"], graph.Operations.Select(static o => o.Name));
    }

    [Fact]
    public void Exported_nodes_tell_shapes_when_asked_and_sort_control_inputs()
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32, [-1, 3], "a");
        using (graph.ControlDependencies(graph.NoOp("z"), graph.NoOp("y")))
            graph.Identity(a, "b");
        GraphDef stored = graph.ToGraphDef(addShapes: true);
        NodeDef b = stored.Node.Single(static n => n.Name == "b");
        Assert.Equal(["a", "^y", "^z"], b.Input);
        Assert.Equal([-1L, 3L], b.Attr["_output_shapes"].List.Shape.Single().Dim.Select(static d => d.Size));
        Assert.Empty(stored.Node.Single(static n => n.Name == "y").Attr["_output_shapes"].List.Shape);
        Assert.Equal(134, stored.Versions.Producer);
        Assert.False(graph.ToGraphDef().Node[0].Attr.ContainsKey("_output_shapes"));
    }

    /// <summary>Ways in which a graph written again is not what was read; attributes that were filled in with defaults are none.</summary>
    private static IEnumerable<string> Differences(GraphDef before, GraphDef after, Graph graph)
    {
        if (before.Node.Count != after.Node.Count)
            yield return $"{before.Node.Count} nodes became {after.Node.Count}";
        var byName = after.Node.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        foreach (NodeDef was in before.Node)
        {
            if (!byName.TryGetValue(was.Name, out NodeDef? now))
            {
                yield return $"node '{was.Name}' is gone";
                continue;
            }

            if (was.Op != now.Op || was.Device != now.Device)
                yield return $"node '{was.Name}' is {now.Op} on '{now.Device}'";
            // A control input given twice, or out of order, is the same as one in its place.
            IEnumerable<string> data = was.Input.Where(static i => !i.StartsWith('^')).Select(static i => i.EndsWith(":0", StringComparison.Ordinal) ? i[..^2] : i);
            IEnumerable<string> controls = was.Input.Where(static i => i.StartsWith('^')).Distinct().Order(StringComparer.Ordinal);
            if (!data.Concat(controls).SequenceEqual(now.Input))
                yield return $"node '{was.Name}' has inputs [{string.Join(", ", now.Input)}]";
            OpSignature signature = graph.GetOperationByName(was.Name).Signature;
            foreach ((string name, AttrValue value) in was.Attr)
            {
                bool dropped = !now.Attr.TryGetValue(name, out AttrValue? kept);
                if (name == "_output_shapes" || (dropped && signature.FindAttr(name) is null && !name.StartsWith('_')))
                    continue;
                if (dropped || !value.ToByteString().Equals(kept!.ToByteString()))
                    yield return $"attribute '{name}' of node '{was.Name}' ({was.Op}) changed";
            }

            foreach ((string name, AttrValue value) in now.Attr)
            {
                if (!was.Attr.ContainsKey(name) && !value.Equals(signature.FindAttr(name)?.Default))
                    yield return $"attribute '{name}' of node '{was.Name}' ({was.Op}) was added";
            }
        }

        if (!(before.Versions ?? new VersionDef()).Equals(after.Versions) && after.Library is null)
            yield return $"versions {before.Versions} became {after.Versions}";
        if (before.Library is { } library && !library.Equals(after.Library) && library.Function.Count + library.Gradient.Count > 0)
            yield return "the function library changed";
    }

    private static GraphDef Chain()
    {
        var graph = new GraphDef { Versions = new VersionDef { Producer = 134 } };
        graph.Node.Add(Node("a", "Placeholder", [], Type("dtype", DataType.DtFloat)));
        graph.Node.Add(Node("b", "Identity", ["a"], Type("T", DataType.DtFloat)));
        return graph;
    }

    private static NodeDef Node(string name, string op, string[] inputs, params (string Name, AttrValue Value)[] attrs)
    {
        var node = new NodeDef { Name = name, Op = op };
        node.Input.AddRange(inputs);
        foreach ((string key, AttrValue value) in attrs)
            node.Attr.Add(key, value);
        return node;
    }

    private static (string Name, AttrValue Value) Type(string name, DataType type) => (name, new AttrValue { Type = type });

    private static AttrValue Strings(params string[] texts)
    {
        var list = new AttrValue.Types.ListValue();
        list.S.AddRange(texts.Select(ByteString.CopyFromUtf8));
        return new AttrValue { List = list };
    }
}
