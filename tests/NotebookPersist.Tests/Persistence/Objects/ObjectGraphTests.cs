using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Notebooks;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Notebooks.Display;
using Xunit;
using Xunit.Abstractions;
using Trackable = NotebookPersist.Protos.TrackableObjectGraph.Types.TrackableObject;

namespace NotebookPersist.Tests.Persistence.Objects;

public sealed class ObjectGraphTests(ITestOutputHelper output)
{
    private const string Value = "/.ATTRIBUTES/VARIABLE_VALUE";

    [Fact]
    public void Every_object_based_fixture_gives_each_tensor_a_name_that_reads_it()
    {
        int checkpoints = 0, tensors = 0, named = 0, slots = 0;
        foreach (string index in SharedFiles.Enumerate("fixtures", "*.index"))
        {
            using Checkpoint checkpoint = Checkpoint.Open(index);
            if (!checkpoint.Tensors.Any(static t => t.Name == ObjectGraph.Key) || !Directory.EnumerateFiles(Path.GetDirectoryName(index)!, "*.data-*").Any())
                continue;
            ObjectGraph graph = checkpoint.ObjectGraph!;
            checkpoints++;
            slots += graph.Nodes.Count(static n => n.SlotOf is not null);
            Assert.Equal("", graph.Root.Path);
            Assert.StartsWith("Object graph: ", graph.ToString(), StringComparison.Ordinal);
            bool hasData = CanRead(checkpoint);
            foreach (CheckpointEntry tensor in checkpoint.Tensors.Where(static t => t.Name != ObjectGraph.Key))
            {
                tensors++;
                string friendly = checkpoint.FriendlyName(tensor.Name)!;
                Assert.NotNull(friendly);
                Assert.Equal(tensor.Name, checkpoint.FindKey(friendly));
                Assert.Equal(tensor.Name, checkpoint.FindKey(friendly + ":0"));
                named += friendly.Contains(".ATTRIBUTES", StringComparison.Ordinal) ? 0 : 1;
                if (hasData)
                    Assert.True(TensorText.Elements(checkpoint.Read(friendly)) == TensorText.Elements(checkpoint.Read(tensor.Name)), friendly);
            }
        }

        output.WriteLine($"{checkpoints} object-based checkpoints, {tensors} tensors, {named} named, {slots} slots.");
        Assert.Equal(tensors, named);
        Assert.Equal(26, checkpoints);
        Assert.True(slots >= 50, $"{slots} slots.");
    }

    [Fact]
    public void Every_SavedModel_of_TensorFlow_2_tells_its_objects()
    {
        int models = 0, variables = 0, valued = 0;
        var kinds = new HashSet<ObjectKind>();
        foreach (string folder in SharedFiles.Enumerate("fixtures/savedmodel", "saved_model.pb*").Select(static f => Path.GetDirectoryName(f)!).Distinct(StringComparer.Ordinal))
        {
            SavedModel model = SavedModel.Load(folder);
            if (model.ObjectGraph is not { } graph)
                continue;
            models++;
            kinds.UnionWith(graph.Nodes.Select(static n => n.Kind));
            variables += graph.Nodes.Count(static n => n.Kind == ObjectKind.Variable);
            valued += graph.Nodes.Count(static n => n.Kind == ObjectKind.Variable && n.Attributes.Count > 0);
            Assert.Same(graph, model.ObjectGraph);
            Assert.NotEmpty(Fragments.Render(graph).Html!);
        }

        output.WriteLine($"{models} SavedModels with objects, {variables} variables, {valued} with values; kinds: {string.Join(", ", kinds)}.");
        Assert.True(models >= 25, $"{models} models.");
        Assert.True(valued >= 80, $"{valued} of {variables} variables have values.");
        Assert.Superset(new HashSet<ObjectKind> { ObjectKind.Object, ObjectKind.Variable, ObjectKind.Function }, kinds);
    }

    [Fact]
    public void A_model_of_Keras_is_read_by_the_names_of_its_layers()
    {
        string folder = SharedFiles.Path("fixtures/savedmodel/rust-keras-multi-input-2.3");
        using Checkpoint variables = SavedModel.Load(folder).OpenVariables();
        Assert.Equal("layer_with_weights-1/kernel" + Value, variables.NameMap()["test_out/kernel"]);
        Assert.Equal("layer_with_weights-1/kernel" + Value, variables.NameMap()["layer_with_weights-1/kernel"]);
        Assert.Equal("test_out/kernel", variables.FriendlyName("layer_with_weights-1/kernel" + Value));
        string slot = $"layer_with_weights-1/bias/.OPTIMIZER_SLOT/optimizer/m{Value}";
        Assert.Equal("test_out/bias/Adam/m", variables.FriendlyName(slot));
        foreach (string name in new[] { "test_out/bias/Adam/m", "Adam/test_out/bias/m", "layer_with_weights-1/bias/optimizer/m" })
            Assert.Equal(slot, variables.FindKey(name));
        Assert.Equal([1L], ModelInspection.ReadTensor(folder, "test_out/bias").Shape.Dimensions);

        ModelInspection inspection = ModelInspection.Of(folder);
        Assert.Equal("test_out/kernel", inspection.Tensors!.Single(static t => t.Name == "layer_with_weights-1/kernel" + Value).FriendlyName);
        MimeBundle shown = Fragments.Render(inspection);
        Assert.Contains("test_out/bias/Adam/m", shown.Text, StringComparison.Ordinal);
        Assert.Contains("<details", shown.Html, StringComparison.Ordinal);
        KeyNotFoundException missing = Assert.Throws<KeyNotFoundException>(() => variables.Read("test_out/kernal"));
        Assert.Contains("'test_out/kernel'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_objects_and_cycles_are_told_once()
    {
        ObjectGraph graph = Parse(
            Node(("model", 1), ("again", 1)),
            Node(("layer", 2), ("owner", 0)),
            Variable("dense/kernel", "model/layer" + Value));
        Assert.Equal("model/layer", graph.Nodes[2].Path);
        Assert.Equal(
            """
            Object graph: 3 objects, 1 values
            root
              model
                layer  dense/kernel  [model/layer/.ATTRIBUTES/VARIABLE_VALUE]
                owner  -> root
              again  -> model
            """,
            graph.ToString());
    }

    [Fact]
    public void Escaped_names_and_names_of_several_tensors_are_told_apart()
    {
        ObjectGraph graph = Parse(
            Node(("a.b/c", 1), ("d", 2), ("e", 3)),
            Variable("", "a..b.Sc" + Value),
            Variable("Variable", "d" + Value),
            Variable("Variable", "e" + Value));
        Assert.Equal("a.b/c", graph.FriendlyName("a..b.Sc" + Value));
        Assert.Equal("a.b/c", graph.Nodes[1].Path);
        Assert.Equal("d", graph.FriendlyName("d" + Value));
        Assert.DoesNotContain("Variable", graph.NameMap.Keys);
        Assert.Equal(["a.b/c", "d", "e"], graph.NameMap.Keys.Order(StringComparer.Ordinal));
        Assert.Null(graph.FriendlyName("nothing"));
    }

    [Fact]
    public void Slots_lie_below_the_variable_they_are_kept_for()
    {
        var optimizer = new Trackable();
        optimizer.SlotVariables.Add(new Trackable.Types.SlotVariableReference { OriginalVariableNodeId = 1, SlotName = "m", SlotVariableNodeId = 3 });
        ObjectGraph graph = Parse(
            Node(("kernel", 1), ("opt", 2)),
            Variable("kernel", "kernel" + Value),
            optimizer,
            Variable("training/Adam/kernel/m", $"kernel/.OPTIMIZER_SLOT/opt/m{Value}"));
        Assert.Equal("kernel/opt/m", graph.Nodes[3].Path);
        Assert.Equal("kernel/training/Adam/m", graph.FriendlyName($"kernel/.OPTIMIZER_SLOT/opt/m{Value}"));
        Assert.Contains("m  of kernel  kernel/training/Adam/m", graph.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_are_not_there_and_ways_too_deep_are_refused()
    {
        Assert.Contains("a child of object 0 is object 7, but there are 1 objects", Refused(Node(("x", 7))), StringComparison.Ordinal);
        Assert.Contains("object -1", Refused(Node(("x", -1))), StringComparison.Ordinal);
        var optimizer = new Trackable();
        optimizer.SlotVariables.Add(new Trackable.Types.SlotVariableReference { SlotVariableNodeId = 5 });
        Assert.Contains("a slot of object 0 is object 5", Refused(optimizer), StringComparison.Ordinal);
        Assert.Contains("more than 1000 steps", Refused([.. Enumerable.Range(0, 1200).Select(static i => Node(("x", i == 1199 ? 0 : i + 1)))]), StringComparison.Ordinal);
        Assert.Contains("holds no objects", Refused(), StringComparison.Ordinal);
        Assert.Throws<CheckpointFormatException>(() => ObjectGraph.Parse([0x0A, 0xFF], "broken"));

        // Slots of slots in a ring lead nowhere, but end.
        var ring = new Trackable();
        ring.SlotVariables.Add(new Trackable.Types.SlotVariableReference { OriginalVariableNodeId = 1, SlotName = "m", SlotVariableNodeId = 2 });
        ring.SlotVariables.Add(new Trackable.Types.SlotVariableReference { OriginalVariableNodeId = 2, SlotName = "m", SlotVariableNodeId = 1 });
        Assert.Equal("(object 1)", Parse(ring, Node(), Node()).Nodes[1].Path);
    }

    [Fact]
    public void Fields_of_later_releases_are_passed_over_and_kept()
    {
        using var bytes = new MemoryStream();
        var writer = new CodedOutputStream(bytes);
        Variable("w", "w" + Value).WriteTo(writer);
        writer.WriteTag(5, WireFormat.WireType.LengthDelimited);
        writer.WriteBytes(ByteString.CopyFrom(8, 1));
        writer.Flush();
        var later = Trackable.Parser.ParseFrom(bytes.ToArray());
        Assert.Equal(bytes.ToArray(), later.ToByteArray());
        Assert.Equal("w", Parse(Node(("w", 1)), later).FriendlyName("w" + Value));
    }

    [Fact]
    public void A_damaged_object_graph_leaves_the_values_readable()
    {
        using var folder = new TemporaryFolder();
        using (BundleWriter writer = BundleWriter.Create(folder["ckpt"]))
        {
            writer.Add(ObjectGraph.Key, Tensor.OfStrings(Shape.Scalar, [Graph(Node(("x", 9))).ToByteArray()]));
            writer.Add("w" + Value, (Tensor)3f);
            writer.Finish();
        }

        using Checkpoint checkpoint = Checkpoint.Open(folder["ckpt"]);
        Assert.Equal(3f, (float)checkpoint.Read("w" + Value));
        Assert.Throws<CheckpointFormatException>(() => checkpoint.Read("w"));
        ModelInspection inspection = ModelInspection.Of(folder["ckpt"]);
        Assert.False(inspection.IsSound);
        Assert.Contains("object 9", inspection.Tensors!.Single(static t => t.Name == ObjectGraph.Key).Fault, StringComparison.Ordinal);
        Assert.Null(inspection.Tensors!.Single(static t => t.Name != ObjectGraph.Key).Fault);
    }

    [Fact]
    public void A_checkpoint_of_TensorFlow_1_has_no_objects()
    {
        using Checkpoint checkpoint = Checkpoint.Open(SharedFiles.Enumerate("golden-tf115/checkpoints", "*.index").First());
        Assert.Null(checkpoint.ObjectGraph);
        Assert.Empty(checkpoint.NameMap());
        Assert.Null(checkpoint.FriendlyName(checkpoint.Tensors[0].Name));
    }

    private static bool CanRead(Checkpoint checkpoint) => checkpoint.Verify().Count == 0;

    private static string Refused(params Trackable[] nodes) => Assert.Throws<CheckpointFormatException>(() => Parse(nodes)).Message;

    private static ObjectGraph Parse(params Trackable[] nodes) => ObjectGraph.Parse(Graph(nodes).ToByteArray(), "test");

    private static TrackableObjectGraph Graph(params Trackable[] nodes) => new() { Nodes = { nodes } };

    private static Trackable Node(params (string Name, int Id)[] children)
    {
        var node = new Trackable();
        node.Children.AddRange(children.Select(static c => new Trackable.Types.ObjectReference { LocalName = c.Name, NodeId = c.Id }));
        return node;
    }

    private static Trackable Variable(string fullName, string key) => new()
    {
        Attributes = { new Trackable.Types.SerializedTensor { Name = "VARIABLE_VALUE", FullName = fullName, CheckpointKey = key } },
    };
}
