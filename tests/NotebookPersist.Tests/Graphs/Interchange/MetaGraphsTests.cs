using Google.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Interchange;

public sealed class MetaGraphsTests
{
    [Fact]
    public void Every_reference_meta_graph_gives_its_collections_and_keeps_them_when_written_again()
    {
        var faults = new List<string>();
        int collections = 0;
        foreach (StoredGraphs.StoredGraph stored in StoredGraphs.Meta())
        {
            var graph = new Graph();
            MetaGraphDef meta = stored.MetaGraph!;
            try
            {
                MetaGraphs.Import(graph, meta);
                MetaGraphDef again = MetaGraphs.Export(graph, meta.SaverDef);
                foreach ((string key, CollectionDef was) in meta.CollectionDef)
                {
                    collections++;
                    int count = Count(was);
                    if (graph.GetCollection(key).Count != count)
                        faults.Add($"{stored.Name}: collection '{key}' has {graph.GetCollection(key).Count} items instead of {count}");
                    else if (count > 0 && was.KindCase != again.CollectionDef[key].KindCase)
                        faults.Add($"{stored.Name}: collection '{key}' became {again.CollectionDef[key].KindCase} instead of {was.KindCase}");
                }
            }
            catch (GraphException e)
            {
                faults.Add($"{stored.Name}: {e.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(collections > 100, $"Only {collections} collections were compared.");
    }

    [Fact]
    public void A_variable_is_described_as_TensorFlow_describes_it_and_shared_between_collections()
    {
        var graph = new Graph();
        graph.Variable(new[] { 1f, 2f }, name: "v");
        graph.Variable(0, name: "step", trainable: false);
        MetaGraphDef meta = MetaGraphs.Export(graph);
        VariableDef definition = VariableDef.Parser.ParseFrom(meta.CollectionDef["variables"].BytesList.Value[0]);
        Assert.Equal(
            new VariableDef { VariableName = "v:0", InitialValueName = "v/initial_value:0", InitializerName = "v/Assign", SnapshotName = "v/read:0", Trainable = true },
            definition);
        Assert.Single(meta.CollectionDef["trainable_variables"].BytesList.Value);
        Assert.Equal("1.15.0", meta.MetaInfoDef.TensorflowVersion);
        Assert.Equal(["Assign", "Const", "Identity", "VariableV2"], meta.MetaInfoDef.StrippedOpList.Op.Select(static o => o.Name));

        var other = new Graph();
        MetaGraphs.Import(other, MetaGraphDef.Parser.ParseFrom(meta.ToByteArray()));
        IReadOnlyList<Variable> variables = other.GetCollection<Variable>("variables");
        Assert.Equal(["v:0", "step:0"], variables.Select(static v => v.Name));
        Assert.Equal([true, false], variables.Select(static v => v.IsTrainable));
        Assert.Same(variables[0], other.GetCollection<Variable>("trainable_variables")[0]);
    }

    [Fact]
    public void Names_in_collections_and_saver_follow_the_import_scope()
    {
        var graph = new Graph();
        Variable v = graph.Variable(1f, name: "v");
        graph.AddToCollection("train_op", v.Initializer);
        graph.AddToCollection("losses", v.Value);
        MetaGraphDef meta = MetaGraphs.Export(graph, new SaverDef { FilenameTensorName = "save/Const:0", RestoreOpName = "save/restore_all" });
        var other = new Graph();
        MetaGraphs.Import(other, meta, importScope: "tower");
        ImportedMetaGraph second = MetaGraphs.Import(other, meta, importScope: "tower");
        Assert.Equal("tower_1/", second.Scope);
        Assert.Equal("save/Const:0", second.Saver?.FilenameTensorName);
        Assert.Equal(["tower/v/Assign", "tower_1/v/Assign"], other.GetCollection<Operation>("train_op").Select(static o => o.Name));
        Assert.Equal("tower_1/v/read:0", other.GetCollection<Output>("losses")[1].Name);
    }

    [Fact]
    public void Plain_values_keep_their_kind_and_what_has_none_is_left_out_with_a_warning()
    {
        var graph = new Graph();
        graph.Constant(1f);
        graph.AddToCollection("texts", "a");
        graph.AddToCollection("counts", 3);
        graph.AddToCollection("rates", 0.5);
        graph.AddToCollection("odd", new object());
        var warnings = new List<string>();
        MetaGraphDef meta = MetaGraphs.Export(graph, warnings: warnings);
        Assert.Equal(["counts", "rates", "texts"], meta.CollectionDef.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("'odd'", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal([3L], meta.CollectionDef["counts"].Int64List.Value);
        Assert.Equal([0.5f], meta.CollectionDef["rates"].FloatList.Value);
    }

    [Fact]
    public void Devices_and_default_attributes_can_be_left_out()
    {
        var graph = new Graph();
        using (graph.Device("/gpu:0"))
            graph.Variable(1f, name: "v");
        Assert.Contains(MetaGraphs.Export(graph).GraphDef.Node, static n => n.Device == "/device:GPU:0");
        MetaGraphDef bare = MetaGraphs.Export(graph, clearDevices: true, stripDefaultAttrs: true);
        Assert.True(bare.MetaInfoDef.StrippedDefaultAttrs);
        NodeDef v = bare.GraphDef.Node.Single(static n => n.Name == "v");
        Assert.Equal("", v.Device);
        Assert.False(v.Attr.ContainsKey("container"));
        Assert.True(v.Attr.ContainsKey("_output_shapes"));
    }

    private static int Count(CollectionDef definition) => definition.KindCase switch
    {
        CollectionDef.KindOneofCase.NodeList => definition.NodeList.Value.Count,
        CollectionDef.KindOneofCase.BytesList => definition.BytesList.Value.Count,
        CollectionDef.KindOneofCase.Int64List => definition.Int64List.Value.Count,
        CollectionDef.KindOneofCase.FloatList => definition.FloatList.Value.Count,
        CollectionDef.KindOneofCase.AnyList => definition.AnyList.Value.Count,
        _ => 0,
    };
}
