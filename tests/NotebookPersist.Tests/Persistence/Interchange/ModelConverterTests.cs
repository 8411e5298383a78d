using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Formats;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Interchange;

public sealed class ModelConverterTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("w.safetensors", "safetensors")]
    [InlineData("w.npz", "npz")]
    [InlineData("copy/model.ckpt", "checkpoint-v2")]
    public void Every_real_checkpoint_goes_there_and_back_with_equal_bits(string target, string kind)
    {
        int count = 0;
        foreach (string index in SharedFiles.Enumerate("fixtures/v2ckpt", "*.index").Concat(SharedFiles.Enumerate("fixtures/v1ckpt", "*.ckpt")))
        {
            // Of some only the index was published.
            if (index.EndsWith(".index", StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(index, ".data-00000-of-00001")))
                continue;
            using TensorSource original = TensorSource.Open(index);
            if (original.Entries.Sum(static e => e.ByteCount) > 64 << 20)
                continue;
            ConversionReport there = ModelConverter.Convert(index, _folder[target], new ConversionOptions { Skip = true });
            Assert.Equal(kind, there.TargetKind);
            Assert.Equal(original.Entries.Count, there.Tensors.Count + there.Skipped.Count);
            Assert.All(there.Skipped, static s => Assert.Contains("string", s.Reason, StringComparison.Ordinal));
            ModelConverter.Convert(_folder[target], _folder["back/model.ckpt"]);
            using TensorSource back = TensorSource.Open(_folder["back/model.ckpt"]);
            Assert.Equal(there.Tensors.Count, back.Entries.Count);
            foreach (ConvertedTensor converted in there.Tensors)
                AssertSame(original.Read(converted.Name), back.Read(converted.Name));
            count++;
        }

        output.WriteLine($"{count} checkpoints.");
        Assert.True(count >= 4);
    }

    [Fact]
    public void The_source_is_never_the_target_and_what_is_there_is_replaced_only_where_asked_for()
    {
        SaveBundle("m", ("w", new[] { 1f, 2f }));
        ModelConverter.Convert(_folder["m"], _folder["w.npz"]);
        var careful = new ConversionOptions { Replace = false };
        Assert.Contains("--force", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["w.npz"], careful)).Message, StringComparison.Ordinal);
        Assert.Contains("--force", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["w.npz"], _folder["m"], careful)).Message, StringComparison.Ordinal);
        foreach (string own in new[] { "m", "m.index" })
            Assert.Contains("is the source itself", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder[own], _folder["m"], new ConversionOptions { To = ModelKind.CheckpointV2 })).Message, StringComparison.Ordinal);
        Assert.Contains("is the source itself", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["w.npz"], _folder["w.npz"])).Message, StringComparison.Ordinal);
        Assert.Contains("names a folder", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["x/"], new ConversionOptions { To = ModelKind.CheckpointV2 })).Message, StringComparison.Ordinal);
        Assert.Contains("another kind", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["x.npz"], new ConversionOptions { To = ModelKind.CheckpointV2 })).Message, StringComparison.Ordinal);
        Assert.Equal([1f, 2f], TensorSource.Open(_folder["w.npz"]).Read("w").ToArray<float>());
    }

    [Fact]
    public void V1_checkpoints_are_written_and_refuse_types_they_lack()
    {
        SaveBundle("m", ("a/w", Tensor.Of<float>(new long[] { 2 }, [1, 2])), ("s", SampleTensors.Strings("x", "")), ("h", SampleTensors.OfType(DType.BFloat16, 2)));
        var options = new ConversionOptions { To = ModelKind.CheckpointV1 };
        Assert.Contains("V1 has no stored form for bfloat16", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["old.ckpt"], options)).Message, StringComparison.Ordinal);
        ModelConverter.Convert(_folder["m"], _folder["old.ckpt"], options with { Skip = true });
        using TensorSource old = TensorSource.Open(_folder["old.ckpt"]);
        Assert.Equal("checkpoint-v1", old.KindName);
        Assert.Equal([1f, 2f], old.Read("a/w").ToArray<float>());
        AssertSame(SampleTensors.Strings("x", ""), old.Read("s"));
    }

    [Fact]
    public void Array_files_are_inspected_and_compared_like_checkpoints()
    {
        string source = WriteNpz(("a", Tensor.Scalar(1f)), ("b", Tensor.Of<int>(new long[] { 2 }, [3, 4])));
        ModelConverter.Convert(source, _folder["w.safetensors"]);
        ModelInspection inspection = ModelInspection.Of(_folder["w.safetensors"], verify: true);
        Assert.Equal((ModelKind.SafeTensors, true), (inspection.Kind, inspection.IsSound));
        Assert.Equal([("b", DType.Int32), ("a", DType.Float32)], inspection.Tensors!.OrderByDescending(static t => t.Name, StringComparer.Ordinal).Select(static t => (t.Name, t.DType)));
        Assert.Equal([3, 4], ModelInspection.ReadTensor(source, "b").ToArray<int>());
        Assert.Contains("no graph to run", Assert.Throws<ArgumentException>(() => LoadedModel.Load(source)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_chosen_by_patterns_and_changed_by_a_map()
    {
        string source = WriteNpz(("dense/kernel", Tensor.Of<float>(new long[] { 2 }, [1, 2])), ("dense/bias", Tensor.Scalar(3f)), ("step", Tensor.Scalar(4L)));
        ConversionReport report = ModelConverter.Convert(source, _folder["m.ckpt"], new ConversionOptions
        {
            Names = ["dense/*", "st?p"],
            Map = new Dictionary<string, string> { ["dense/kernel"] = "W1" },
        });
        Assert.Equal(["W1", "dense/bias", "step"], report.Tensors.Select(static t => t.NewName).Order(StringComparer.Ordinal));
        using (Checkpoint checkpoint = Checkpoint.Open(_folder["m.ckpt"]))
            Assert.Equal([1f, 2f], checkpoint["W1"].ToArray<float>());
        ModelConverter.Convert(source, _folder["one.npy"], new ConversionOptions { Names = ["step"] });
        Assert.Equal(4L, (long)TensorSource.Open(_folder["one.npy"]).Read("one"));
    }

    [Fact]
    public void Mistakes_are_told_before_anything_is_written()
    {
        string source = WriteNpz(("a", Tensor.Scalar(1f)), ("b", Tensor.Scalar(2f)));
        void Refused(string target, string expected, ConversionOptions? options = null) =>
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => ModelConverter.Convert(source, _folder[target], options)).Message, StringComparison.Ordinal);
        Refused("x.npz", "'c' fits no tensor", new ConversionOptions { Names = ["c"] });
        Refused("x.npz", "'c' is to be renamed", new ConversionOptions { Map = new Dictionary<string, string> { ["c"] = "d" } });
        Refused("x.npz", "'a' and 'b' would both be called 'b'", new ConversionOptions { Map = new Dictionary<string, string> { ["a"] = "b" } });
        Refused("x.npy", "chosen are 2 tensors");
        Refused("x.h5", "does not tell what to write");
        Refused("x.index", "Give its prefix");
        Refused("x.pb", "no graph");
        Assert.Equal([Path.GetFileName(source)], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_target_cannot_hold_is_named_or_left_out_on_request()
    {
        string source = WriteNpz(("w", Tensor.Scalar(1f)), ("words", SampleTensors.Strings("a")), ("z", Tensor.Zeros(DType.Complex128, Shape.Scalar)));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ModelConverter.Convert(source, _folder["w.safetensors"]));
        Assert.Contains("cannot hold 2 of the tensors: 'words' (the format has no type for string); 'z'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--skip", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["w.safetensors"]));
        ConversionReport report = ModelConverter.Convert(source, _folder["w.safetensors"], new ConversionOptions { Skip = true });
        Assert.Equal(["words", "z"], report.Skipped.Select(static s => s.Name));
        Assert.Equal(["w"], report.Tensors.Select(static t => t.Name));
    }

    [Fact]
    public void Types_that_numpy_lacks_are_not_turned_into_others_in_silence()
    {
        SaveBundle("m", ("b", SampleTensors.OfType(DType.BFloat16, 2)), ("q", SampleTensors.OfType(DType.QInt8, 2)));
        Assert.Contains("'b' (NumPy has no type for bfloat16); 'q'", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["m.npz"])).Message, StringComparison.Ordinal);
        ModelConverter.Convert(_folder["m"], _folder["m.safetensors"], new ConversionOptions { Names = ["b"] });
        AssertSame(SampleTensors.OfType(DType.BFloat16, 2), TensorSource.Open(_folder["m.safetensors"]).Read("b"));
    }

    [Fact]
    public void Constants_of_a_frozen_graph_and_variables_of_a_saved_model_are_sources()
    {
        int frozen = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures/frozen", "*.pb").Where(static p => new FileInfo(p).Length < 8 << 20).Take(20))
        {
            ConversionReport report = ModelConverter.Convert(path, _folder["c.npz"], new ConversionOptions { Skip = true });
            using TensorSource source = TensorSource.Open(path);
            using TensorSource written = TensorSource.Open(_folder["c.npz"]);
            foreach (ConvertedTensor tensor in report.Tensors)
                AssertSame(source.Read(tensor.Name), written.Read(tensor.Name));
            frozen++;
        }

        int saved = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures/savedmodel", "saved_model.pb*"))
        {
            if (NotebookPersist.SavedModel.Load(path).VariablesPrefix is null)
                continue;
            using TensorSource variables = TensorSource.Open(path);
            ConversionReport report = ModelConverter.Convert(Path.GetDirectoryName(path)!, _folder["s.npz"], new ConversionOptions { Skip = true });
            Assert.Equal(variables.Entries.Count, report.Tensors.Count + report.Skipped.Count);
            saved += report.Tensors.Count > 0 ? 1 : 0;
        }

        output.WriteLine($"{frozen} frozen graphs, {saved} SavedModels.");
        Assert.True(frozen >= 3 && saved >= 1);
    }

    [Fact]
    public void Every_graph_goes_to_text_and_back_unchanged()
    {
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.pb").Concat(SharedFiles.Enumerate("fixtures", "*.meta")).Where(static p => new FileInfo(p).Length < 2 << 20))
        {
            // Descriptions beside a model are other messages.
            if (path.Contains("savedmodel", StringComparison.Ordinal) && Path.GetFileName(path) != "saved_model.pb" && !path.EndsWith(".meta", StringComparison.Ordinal))
                continue;
            string text = _folder[Path.GetFileName(path) == "saved_model.pb" ? "saved_model.pbtxt" : "g.pbtxt"];
            string again = _folder[Path.GetFileName(path)];
            ConversionReport report = ModelConverter.Convert(path, text, new ConversionOptions());
            ModelConverter.Convert(text, again, new ConversionOptions { AsText = false });
            IMessage expected = report.SourceKind == "metagraph" ? Known<MetaGraphDef>(path)
                : report.SourceKind == "savedmodel" ? Known<Protos.SavedModel>(path)
                : Known<GraphDef>(path);
            Assert.True(expected.Equals(expected.Descriptor.Parser.ParseFrom(File.ReadAllBytes(again))), SharedFiles.Relative(path));
            File.Delete(again);
            File.Delete(text);
            count++;
        }

        output.WriteLine($"{count} graphs.");
        Assert.True(count >= 350);
    }

    [Fact]
    public void Fields_that_text_cannot_name_are_not_lost_in_silence()
    {
        byte[] graph = [.. new GraphDef { Node = { new NodeDef { Name = "a", Op = "NoOp" } } }.ToByteArray(), 0xFA, 0x07, 1, 65];
        File.WriteAllBytes(_folder["g.pb"], graph);
        var strict = new ConversionOptions { Strict = true };
        Assert.Contains("tensorflow.GraphDef field 127", Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["g.pb"], _folder["g.pbtxt"], strict)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["g.pbtxt"]));
        ConversionReport report = ModelConverter.Convert(_folder["g.pb"], _folder["g.pbtxt"]);
        Assert.Equal(1, report.NodeCount);
        Assert.Equal(["tensorflow.GraphDef field 127"], report.LostFields);
        Assert.Contains("Lost fields of a later release: tensorflow.GraphDef field 127.", report.ToString(), StringComparison.Ordinal);

        // From binary to binary nothing is lost.
        Assert.Empty(ModelConverter.Convert(_folder["g.pb"], _folder["copy.pb"], new ConversionOptions { AsText = false }).LostFields);
        Assert.Equal(graph, File.ReadAllBytes(_folder["copy.pb"]));

        File.AppendAllText(_folder["g.pbtxt"], "later_field: 1\nnode { name: \"b\" op: \"NoOp\" later { inner: 2 } later { inner: 3 } 99: 4 }\n");
        Assert.Contains("later_field", Assert.Throws<CheckpointFormatException>(() => ModelConverter.Convert(_folder["g.pbtxt"], _folder["h.pb"], strict)).Message, StringComparison.Ordinal);
        report = ModelConverter.Convert(_folder["g.pbtxt"], _folder["h.pb"]);
        Assert.Equal(2, report.NodeCount);
        Assert.Equal(["tensorflow.NodeDef field later (2 times)", "tensorflow.GraphDef field later_field", "tensorflow.NodeDef field 99"], report.LostFields);
        Assert.Equal(ModelKind.GraphDef, ModelKinds.Of(_folder["g.pbtxt"]));
        Assert.Contains("Fields of a later release mean nothing here", Assert.Single(ModelInspection.Of(_folder["g.pbtxt"]).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_are_not_known_are_found_at_every_depth()
    {
        var attr = new AttrValue { List = new AttrValue.Types.ListValue { I = { 1, 2, 300 }, F = { 1f, 2f } } };
        byte[] known = new GraphDef { Node = { new NodeDef { Name = "a", Op = "NoOp", Attr = { ["x"] = attr } } }, Versions = new VersionDef { Producer = 27, BadConsumers = { 1, 2 } } }.ToByteArray();
        var unknown = new List<string>();
        File.WriteAllBytes(_folder["k.pb"], known);
        MessageFile.Read<GraphDef>(_folder["k.pb"], unknown: unknown);
        Assert.Empty(unknown);

        // A node of: name, a group with a group in it, a map entry with a field 5, and a name of the wrong kind.
        byte[] node = [0x0A, 1, (byte)'n', 0x53, 0x5B, 0x08, 1, 0x5C, 0x54, 0x2A, 5, 0x0A, 1, (byte)'k', 0x28, 7, 0x0D, 1, 2, 3, 4];
        File.WriteAllBytes(_folder["u.pb"], [0x0A, (byte)node.Length, .. node]);
        MessageFile.Read<GraphDef>(_folder["u.pb"], unknown: unknown);
        Assert.Equal(["tensorflow.NodeDef field 10", "tensorflow.NodeDef.AttrEntry field 5", "tensorflow.NodeDef field 1"], unknown);
    }

    [Fact]
    public void Numbers_at_the_edges_survive_text()
    {
        var tensor = new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 8 } } } };
        tensor.FloatVal.AddRange([float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, -0f, 1.17549435E-38f, 0.1f]);
        var graph = new GraphDef { Node = { new NodeDef { Name = "c", Op = "Const", Attr = { ["value"] = new AttrValue { Tensor = tensor }, ["f"] = new AttrValue { F = float.NaN }, ["s"] = new AttrValue { S = ByteString.CopyFrom(0, 1, 0xFF, (byte)'"', (byte)'\\', (byte)'\n', (byte)'7') } } } } };
        File.WriteAllBytes(_folder["g.pb"], graph.ToByteArray());
        ModelConverter.Convert(_folder["g.pb"], _folder["g.pbtxt"]);
        ModelConverter.Convert(_folder["g.pbtxt"], _folder["h.pb"]);
        NodeDef node = MessageFile.Read<GraphDef>(_folder["h.pb"]).Node[0];
        Assert.Equal(tensor, node.Attr["value"].Tensor);
        Assert.Equal(graph.Node[0].Attr["s"], node.Attr["s"]);
        Assert.True(float.IsNaN(node.Attr["f"].F));
    }

    [Fact]
    public void A_session_is_exported_and_imported_all_or_nothing()
    {
        (Graph graph, Session session) = Model();
        Variable w = graph.GetCollection<Variable>(GraphKeys.GlobalVariables)[0];
        using (TensorSource values = TensorSource.Of(session))
            ModelConverter.Write(values, _folder["w.safetensors"], new ConversionOptions { Map = new Dictionary<string, string> { ["scope/w"] = "layer.weight" } });
        session.Run(graph.Assign(w.Reference, Tensor.Zeros(DType.Float32, new long[] { 2 })).Operation);
        int nodes = graph.Operations.Count;
        using TensorSource file = TensorSource.Open(_folder["w.safetensors"]);
        RestoreException missing = Assert.Throws<RestoreException>(() => VariableImport.Run(session, file));
        Assert.Contains("scope/w", missing.Message, StringComparison.Ordinal);
        Assert.Equal([0f, 0f], session.Run(w).ToArray<float>());
        RestorePlan plan = VariableImport.Run(session, file, map: new Dictionary<string, string> { ["layer.weight"] = "scope/w" });
        Assert.True(plan.Fits);
        Assert.Equal([1f, 2f], session.Run(w).ToArray<float>());
        Assert.Equal(nodes, graph.Operations.Count);
    }

    [Fact]
    public void An_import_that_does_not_fit_changes_no_variable_and_tells_each()
    {
        (Graph graph, Session session) = Model();
        string source = WriteNpz(("scope/w", Tensor.Of<float>(new long[] { 3 }, [7, 8, 9])), ("scope/b", Tensor.Scalar(5.0)), ("other", Tensor.Scalar(1f)));
        using TensorSource file = TensorSource.Open(source);
        RestoreException fault = Assert.Throws<RestoreException>(() => VariableImport.Run(session, file));
        Assert.Equal(
            [("scope/b", RestoreOutcome.DTypeDiffers), ("scope/w", RestoreOutcome.ShapeDiffers), ("other", RestoreOutcome.Extra)],
            fault.Plan!.Items.Select(static i => (i.Name, i.Outcome)));
        foreach (Variable variable in graph.GetCollection<Variable>(GraphKeys.GlobalVariables))
            Assert.NotEqual(5f, session.Run(variable).ToArray<float>()[0]);
    }

    private static (Graph Graph, Session Session) Model()
    {
        var graph = new Graph();
        Output shared = graph.Constant(Tensor.Of<float>(new long[] { 2 }, [1, 2]), name: "start");
        graph.Variable(shared, name: "scope/w");
        graph.Variable(Tensor.Scalar(3f), name: "scope/b");
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return (graph, session);
    }

    // Some files called .pb are text.
    private static T Known<T>(string path)
        where T : IMessage<T>, new() => new MessageParser<T>(static () => new T()).WithDiscardUnknownFields(true).ParseFrom(MessageFile.Read<T>(path).ToByteArray());

    private string WriteNpz(params (string Name, Tensor Value)[] tensors)
    {
        using var writer = NotebookPersist.Formats.Npy.NpzWriter.Create(_folder["source.npz"]);
        foreach ((string name, Tensor value) in tensors)
            writer.Add(name, value);
        writer.Finish();
        return _folder["source.npz"];
    }

    private void SaveBundle(string prefix, params (string Name, Tensor Value)[] tensors)
    {
        using var writer = NotebookPersist.Formats.Bundles.BundleWriter.Create(_folder[prefix]);
        foreach ((string name, Tensor value) in tensors)
            writer.Add(name, value);
        writer.Finish();
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal((expected.DType, expected.Shape), (actual.DType, actual.Shape));
        if (expected.DType == DType.String)
            Assert.Equal(expected.Strings.ToArray(), actual.Strings.ToArray());
        else
            Assert.True(expected.Bytes.SequenceEqual(actual.Bytes));
    }
}
