using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.SavedModels;

public sealed class SavedModelBuilderTests
{
    private const string MainOpFixture = "fixtures/savedmodel/tf-half-plus-two-main-op/00000123";

    [Fact]
    public void A_simple_save_is_loaded_listed_and_run()
    {
        using var folder = new TemporaryFolder();
        string export = folder["model"];
        using (var half = new HalfPlusTwo())
        {
            string file = SavedModel.SimpleSave(half.Session, export, new Dictionary<string, Output> { ["x"] = half.X }, new Dictionary<string, Output> { ["y"] = half.Y });
            Assert.Equal(Path.Combine(export, "saved_model.pb"), file);
        }

        Assert.Equal(["saved_model.pb", "variables"], Directory.EnumerateFileSystemEntries(export).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["variables.data-00000-of-00001", "variables.index"],
            Directory.EnumerateFiles(Path.Combine(export, "variables")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([export], Directory.EnumerateFileSystemEntries(folder.Path));
        ModelInspection inspection = ModelInspection.Of(export, verify: true);
        Assert.Equal(ModelKind.SavedModel, inspection.Kind);
        Assert.Equal(["a", "b"], inspection.Tensors!.Select(static t => t.Name));
        Assert.True(inspection.IsSound);

        using LoadedModel model = LoadedModel.Load(export);
        SignatureDef signature = model.Signatures["serving_default"];
        Assert.Equal("tensorflow/serving/predict", signature.MethodName);
        Tensor y = model.Session.Run(signature.Outputs["y"].Name, new() { [signature.Inputs["x"].Name] = new[] { 0f, 1f, 6f } })!;
        Assert.Equal([2f, 2.5f, 5f], y.ToArray<float>());
    }

    [Fact]
    public void What_a_fixture_of_TensorFlow_holds_is_written_again_alike()
    {
        string source = SharedFiles.Path(MainOpFixture);
        Protos.SavedModel expected = MessageFile.Read<Protos.SavedModel>(Path.Combine(source, "saved_model.pb"));
        using var folder = new TemporaryFolder();
        using var session = new Session(new Graph());
        SavedModel loaded = SavedModel.Load(source);
        loaded.Restore(session);
        session.Graph.ClearCollection("saved_model_main_op");
        session.Graph.ClearCollection("saved_model_assets");
        File.Copy(Path.Combine(source, "assets", "foo.txt"), folder["foo.txt"]);
        Output asset = session.Graph.Constant(folder["foo.txt"], name: "original_asset");
        MetaGraphDef stored = expected.MetaGraphs.Single();
        string mainOp = stored.CollectionDef["saved_model_main_op"].NodeList.Value.Single();
        using (var builder = new SavedModelBuilder(folder["out"]))
        {
            builder.AddMetaGraphAndVariables(
                session,
                loaded.Tags,
                loaded.Signatures,
                [asset],
                session.Graph.GetOperationByName(mainOp.Split(':')[0]),
                saver: new Saver(stored.SaverDef, session.Graph));
            builder.Save();
        }

        Assert.Equal(Layout(source), Layout(folder["out"]));
        Protos.SavedModel written = MessageFile.Read<Protos.SavedModel>(folder[Path.Combine("out", "saved_model.pb")]);
        Assert.Equal(expected.SavedModelSchemaVersion, written.SavedModelSchemaVersion);
        MetaGraphDef metaGraph = written.MetaGraphs.Single();
        Assert.Equal(stored.MetaInfoDef.Tags, metaGraph.MetaInfoDef.Tags);
        Assert.Equal(stored.SignatureDef, metaGraph.SignatureDef);
        Assert.Equal(stored.SaverDef, metaGraph.SaverDef);
        Assert.Equal(Nodes(stored), Nodes(metaGraph).SkipLast(1));
        Assert.Equal(stored.CollectionDef.Keys.Order(StringComparer.Ordinal), metaGraph.CollectionDef.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(stored.CollectionDef["saved_model_main_op"].KindCase, metaGraph.CollectionDef["saved_model_main_op"].KindCase);
        Google.Protobuf.WellKnownTypes.Any any = metaGraph.CollectionDef["saved_model_assets"].AnyList.Value.Single();
        Assert.Equal(stored.CollectionDef["saved_model_assets"].AnyList.Value.Single().TypeUrl, any.TypeUrl);
        var file = AssetFileDef.Parser.ParseFrom(any.Value);
        Assert.Equal(("foo.txt", "original_asset:0"), (file.Filename, file.TensorInfo.Name));
        Assert.Equal(Variables(stored), Variables(metaGraph));

        using LoadedModel again = LoadedModel.Load(folder["out"]);
        Assert.Equal(0.5f, (float)again.Session.Run("a:0")!);
    }

    [Fact]
    public void Meta_graphs_share_variables_and_are_told_apart_by_all_their_tags()
    {
        using var folder = new TemporaryFolder();
        using var half = new HalfPlusTwo();
        using (var builder = new SavedModelBuilder(folder["model"]))
        {
            builder.AddMetaGraphAndVariables(half.Session, [SavedModelTags.Serving, SavedModelTags.Gpu]);
            builder.AddMetaGraph([SavedModelTags.Serving], stripDefaultAttrs: true, graph: half.Graph);
            Assert.Throws<InvalidOperationException>(() => builder.AddMetaGraphAndVariables(half.Session, [SavedModelTags.Training]));
            Assert.Equal(Path.Combine(folder["model"], "saved_model.pbtxt"), builder.Save(asText: true));
        }

        Assert.Equal(["serve"], SavedModel.Load(folder["model"], ["serve"]).Tags);
        Assert.Equal(["serve", "gpu"], SavedModel.Load(folder["model"], ["gpu"]).Tags);
        using var session = new Session(new Graph());
        MetaGraphDef loaded = SavedModel.Load(session, ["gpu", "serve"], folder["model"], importScope: "taken");
        Assert.Equal(2f, (float)session.Run("taken/b:0")!);
        Assert.Equal("a", loaded.GraphDef.Node[0].Name.Split('/')[0]);
        Assert.Contains("Tags there: serve,gpu; serve", Assert.Throws<ArgumentException>(() => SavedModel.Load(session, ["gpu"], folder["model"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Main_and_init_operations_are_run_after_loading()
    {
        using var folder = new TemporaryFolder();
        foreach (bool bySignature in new[] { false, true })
        {
            using var half = new HalfPlusTwo();
            Operation op = half.Graph.Group([half.Graph.Assign(half.B.Reference, 7f).Operation], "after");
            string export = folder[$"model{bySignature}"];
            using (var builder = new SavedModelBuilder(export))
            {
                builder.AddMetaGraphAndVariables(half.Session, ["serve"], mainOp: bySignature ? null : op, initOp: bySignature ? op : null);
                builder.Save();
            }

            using LoadedModel model = LoadedModel.Load(export);
            Assert.Equal(7f, (float)model.Session.Run("b:0")!);
            Assert.Equal(bySignature, model.Signatures.ContainsKey("__saved_model_init_op"));
        }
    }

    [Fact]
    public void Assets_of_one_name_are_numbered_and_same_files_are_kept_once()
    {
        using var folder = new TemporaryFolder();
        foreach ((string parent, string text) in new[] { ("1", "one"), ("2", "two"), ("3", "one") })
        {
            Directory.CreateDirectory(folder[parent]);
            File.WriteAllText(folder[Path.Combine(parent, "vocab.txt")], text);
        }

        using var half = new HalfPlusTwo();
        foreach (string parent in new[] { "1", "2", "3" })
            half.Graph.AddToCollection(GraphKeys.AssetFilepaths, half.Graph.Constant(folder[Path.Combine(parent, "vocab.txt")], name: "asset" + parent));
        SavedModel.SimpleSave(half.Session, folder["model"], new Dictionary<string, Output> { ["x"] = half.X }, new Dictionary<string, Output> { ["y"] = half.Y });
        Assert.Equal("one", File.ReadAllText(folder[Path.Combine("model", "assets", "vocab.txt")]));
        Assert.Equal("two", File.ReadAllText(folder[Path.Combine("model", "assets", "vocab.txt_1")]));
        Assert.Equal(2, Directory.EnumerateFiles(folder[Path.Combine("model", "assets")]).Count());
    }

    [Fact]
    public void A_folder_with_something_in_it_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine.txt"], "");
        Assert.Contains("isn't empty", Assert.Throws<IOException>(() => new SavedModelBuilder(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("file has that name", Assert.Throws<IOException>(() => new SavedModelBuilder(folder["mine.txt"])).Message, StringComparison.Ordinal);

        // Filled while the model was being written.
        using var half = new HalfPlusTwo();
        Directory.CreateDirectory(folder["model"]);
        using (var builder = new SavedModelBuilder(folder["model"] + "/"))
        {
            builder.AddMetaGraphAndVariables(half.Session, ["serve"]);
            File.WriteAllText(folder[Path.Combine("model", "other.txt")], "");
            Assert.Throws<IOException>(() => builder.Save());
            File.Delete(folder[Path.Combine("model", "other.txt")]);
            builder.Save();
            Assert.Throws<ObjectDisposedException>(() => builder.Save());
        }

        Assert.True(SavedModel.IsAt(folder["model"]));
    }

    [Fact]
    public void Without_a_save_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        using var half = new HalfPlusTwo(initialize: false);
        using (var builder = new SavedModelBuilder(folder["model"]))
        {
            Assert.Throws<InvalidOperationException>(() => builder.Save());
            Assert.Throws<InvalidOperationException>(() => builder.AddMetaGraph(["serve"], graph: half.Graph));
            Assert.Throws<RunException>(() => builder.AddMetaGraphAndVariables(half.Session, ["serve"]));
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
            half.Session.Run(half.Graph.GlobalVariablesInitializer());
            builder.AddMetaGraphAndVariables(half.Session, ["serve"]);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_model_without_variables_is_a_model()
    {
        using var folder = new TemporaryFolder();
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        Output y = graph.Multiply(x, 2f);
        using var session = new Session(graph);
        SavedModel.SimpleSave(session, folder["model"], new Dictionary<string, Output> { ["x"] = x }, new Dictionary<string, Output> { ["y"] = y });
        Assert.Null(SavedModel.Load(folder["model"]).VariablesPrefix);
        Assert.Throws<InvalidOperationException>(() => SavedModel.Load(folder["model"]).OpenVariables());
        using LoadedModel model = LoadedModel.Load(folder["model"]);
        Assert.Equal(6f, (float)model.Session.Run(y.Name, new() { ["x:0"] = 3f })!);
    }

    [Fact]
    public void Signatures_that_cannot_be_served_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var half = new HalfPlusTwo();
        using var builder = new SavedModelBuilder(folder["model"]);
        var nameless = new SignatureDef { Inputs = { ["x"] = new TensorInfo { Dtype = DataType.DtFloat } } };
        var typeless = new SignatureDef { Inputs = { ["x"] = new TensorInfo { Name = "x:0" } } };
        var foreign = new SignatureDef { Inputs = { ["x"] = new TensorInfo { Name = "nowhere:0", Dtype = DataType.DtFloat } } };
        Assert.Contains("names no tensor", Refused("s", nameless), StringComparison.Ordinal);
        Assert.Contains("has no type", Refused("s", typeless), StringComparison.Ordinal);
        Assert.Contains("'nowhere:0'", Refused("s", foreign), StringComparison.Ordinal);
        Assert.Contains("reserved", Refused("__saved_model_init_op", new SignatureDef()), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SignatureDefs.Predict(new Dictionary<string, Output>(), new Dictionary<string, Output> { ["y"] = half.Y }));
        Assert.Contains("must be a string tensor", Assert.Throws<ArgumentException>(() => SignatureDefs.Regression(half.X, half.Y)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SignatureDefs.Classification(half.X));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));

        string Refused(string key, SignatureDef signature) =>
            Assert.Throws<ArgumentException>(() => builder.AddMetaGraphAndVariables(half.Session, ["serve"], new Dictionary<string, SignatureDef> { [key] = signature })).Message;
    }

    [Fact]
    public void Classification_and_regression_are_described_as_in_the_fixture()
    {
        MetaGraphDef stored = SavedModel.Load(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-1.1/00000123")).MetaGraph;
        using var session = new Session(new Graph());
        SavedModel.Load(session, ["serve"], SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-1.1/00000123"));
        int compared = 0;
        foreach (SignatureDef signature in stored.SignatureDef.Values)
        {
            Output input = session.Graph.GetTensorByName(signature.Inputs.Values.Single().Name);
            Output output = session.Graph.GetTensorByName(signature.Outputs.Values.Single().Name);
            SignatureDef? built = signature.MethodName switch
            {
                SignatureNames.RegressMethod when input.DType == DType.String => SignatureDefs.Regression(input, output),
                SignatureNames.ClassifyMethod when input.DType == DType.String => SignatureDefs.Classification(input, scores: output),
                SignatureNames.PredictMethod => SignatureDefs.Predict(
                    new Dictionary<string, Output> { [signature.Inputs.Keys.Single()] = input }, new Dictionary<string, Output> { [signature.Outputs.Keys.Single()] = output }),
                _ => null,
            };
            if (built is null)
                continue;
            Assert.Equal(signature.MethodName, built.MethodName);
            Assert.Equal(signature.Inputs.Select(static i => (i.Key, i.Value.Name, i.Value.Dtype)), built.Inputs.Select(static i => (i.Key, i.Value.Name, i.Value.Dtype)));
            Assert.Equal(signature.Outputs.Select(static i => (i.Key, i.Value.Name, i.Value.Dtype)), built.Outputs.Select(static i => (i.Key, i.Value.Name, i.Value.Dtype)));
            compared++;
        }

        Assert.True(compared >= 3, $"{compared} signatures compared.");
    }

    [Fact]
    public void An_asset_outside_of_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        string source = SharedFiles.Path(MainOpFixture);
        Protos.SavedModel stored = MessageFile.Read<Protos.SavedModel>(Path.Combine(source, "saved_model.pb"));
        stored.MetaGraphs[0].CollectionDef.Remove("saved_model_assets");
        stored.MetaGraphs[0].AssetFileDef.Add(new AssetFileDef { Filename = "../../secret", TensorInfo = new TensorInfo { Name = "Const:0" } });
        MessageFile.Write(folder["saved_model.pb"], stored);
        Assert.Contains("'../../secret'", Assert.Throws<NotebookPersist.Formats.CheckpointFormatException>(() => LoadedModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    // Later releases than the fixture's tell more of each variable.
    private static IEnumerable<(string, string, string)> Variables(MetaGraphDef metaGraph) => metaGraph.CollectionDef["variables"].BytesList.Value
        .Select(static v => VariableDef.Parser.ParseFrom(v))
        .Select(static v => (v.VariableName, v.InitializerName, v.SnapshotName));

    // Control inputs have no order.
    private static IEnumerable<string> Nodes(MetaGraphDef metaGraph) =>
        metaGraph.GraphDef.Node.Select(static n => $"{n.Op} {n.Name} {string.Join(',', n.Input.OrderBy(static i => i.StartsWith('^') ? i : "", StringComparer.Ordinal))}");

    private static IEnumerable<string> Layout(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);

    /// <summary>y = 0.5 x + 2, as TensorFlow's own example has it.</summary>
    private sealed class HalfPlusTwo : IDisposable
    {
        public HalfPlusTwo(bool initialize = true)
        {
            Graph = new Graph();
            Variable a = Graph.Variable(0.5f, name: "a");
            B = Graph.Variable(2f, name: "b");
            X = Graph.Placeholder(DType.Float32, Shape.Unknown, "x");
            Y = Graph.Add(Graph.Multiply(a, X), B, name: "y");
            Session = new Session(Graph);
            if (initialize)
                Session.Run(Graph.GlobalVariablesInitializer());
        }

        public Graph Graph { get; }

        public Session Session { get; }

        public Variable B { get; }

        public Output X { get; }

        public Output Y { get; }

        public void Dispose() => Session.Dispose();
    }
}
