using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence;

public sealed class SavedModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_SavedModel_opens_and_lists_what_it_holds()
    {
        string[] folders = [.. Folders()];
        int tensors = 0, signatures = 0;
        foreach (string folder in folders)
        {
            SavedModel model = SavedModel.Load(folder);
            ModelInspection inspection = ModelInspection.Of(folder);
            Assert.Equal(ModelKind.SavedModel, inspection.Kind);
            Assert.NotEmpty(inspection.Operations!);
            Assert.NotNull(inspection.Collections);
            Assert.Equal(model.Signatures.Keys, inspection.Signatures!.Keys);
            Assert.Equal(model.VariablesPrefix is null, inspection.Tensors!.Count == 0);
            tensors += inspection.Tensors.Count;
            signatures += inspection.Signatures.Count;
        }

        output.WriteLine($"{folders.Length} SavedModels with {tensors} tensors and {signatures} signatures.");
        Assert.Equal((67, 481, 161), (folders.Length, tensors, signatures));
    }

    [Fact]
    public void Variables_signatures_and_objects_of_every_SavedModel_are_read_whether_it_can_be_run_or_not()
    {
        int refused = 0, tensors = 0, objects = 0, signatures = 0, withoutData = 0;
        foreach (string folder in Folders())
        {
            using LoadedModel? runs = TryLoad(folder);
            refused += runs is null ? 1 : 0;
            SavedModel model = SavedModel.Load(folder);
            signatures += model.Signatures.Count;
            Assert.All(model.Signatures.Values.SelectMany(static s => s.Inputs.Values), static i => Assert.NotEqual(TensorInfo.EncodingOneofCase.None, i.EncodingCase));
            if (model.VariablesPrefix is null)
                continue;
            using Checkpoint variables = model.OpenVariables();
            try
            {
                foreach (CheckpointEntry entry in variables.Tensors)
                {
                    Tensor value = variables.Read(entry.Name);
                    Assert.Equal((entry.DType, entry.Shape), (value.DType, value.Shape));
                    tensors++;
                }
            }
            catch (FileNotFoundException missing)
            {
                // Of some only the index was published.
                Assert.Contains(".data-", missing.Message, StringComparison.Ordinal);
                withoutData++;
                continue;
            }

            objects += model.ObjectGraph is null ? 0 : 1;
        }

        output.WriteLine($"{refused} cannot be run; {tensors} tensors, {signatures} signatures, {objects} object graphs read; {withoutData} without data.");
        Assert.True(tensors >= 400 && objects >= 15 && signatures == 161 && withoutData <= 1);
    }

    [Fact]
    public void Every_SavedModel_is_loaded_or_refused_with_one_clear_error()
    {
        var loaded = new List<string>();
        var refused = new List<string>();
        foreach (string folder in Folders())
        {
            string name = SharedFiles.Relative(folder);
            try
            {
                using LoadedModel model = LoadedModel.Load(folder);
                loaded.Add(name);
            }
            catch (Exception fault) when (fault is GraphException or RunException or IOException)
            {
                Assert.EndsWith(".", fault.Message.Split('\n')[0].TrimEnd(), StringComparison.Ordinal);
                refused.Add($"{name}: {fault.GetType().Name}: {fault.Message}");
            }
        }

        output.WriteLine($"{loaded.Count} load, {refused.Count} are refused.");
        refused.ForEach(output.WriteLine);
        loaded.ForEach(output.WriteLine);
        Assert.Equal(67, loaded.Count + refused.Count);
        Assert.Equal(67, loaded.Count);
    }

    [Fact]
    public void Every_signature_of_a_loaded_model_runs_or_names_the_node_that_does_not()
    {
        var faults = new List<string>();
        int ran = 0;
        foreach (string folder in Folders())
        {
            if (TryLoad(folder) is not { } model)
                continue;
            using LoadedModel loaded = model;
            foreach ((string key, SignatureDef signature) in model.Signatures.Where(static s => s.Key != "__saved_model_init_op"))
            {
                try
                {
                    var feeds = new FeedDict();
                    foreach (TensorInfo input in signature.Inputs.Values.SelectMany(Parts))
                        feeds[input.Name] = SomeValue(input, model.Graph.GetTensorByName(input.Name));
                    model.Session.Run([.. signature.Outputs.Values.SelectMany(Parts).Select(static o => (Fetch)o.Name)], feeds);
                    ran++;
                }
                catch (RunException fault)
                {
                    Assert.NotNull(fault.NodeName);
                    faults.Add($"{SharedFiles.Relative(folder)} {key}: {fault.Message}");
                }
            }
        }

        output.WriteLine($"{ran} signatures run, {faults.Count} do not.");
        faults.ForEach(output.WriteLine);
        Assert.True(ran >= 129, $"{ran} signatures ran.");
    }

    [Theory]
    [InlineData("tf-half-plus-two-1.1/00000123", 2f)]
    [InlineData("tf-half-plus-two-v2/00000123", 2f)]
    [InlineData("tf-half-plus-two-main-op/00000123", 2f)]
    [InlineData("tf-half-plus-two-pbtxt/00000123", 2f)]
    [InlineData("serving-half-plus-two-cpu/00000123", 2f)]
    [InlineData("serving-half-plus-two-mlmd/00000123", 2f)]
    [InlineData("serving-half-plus-three/00000123", 3f)]
    public void Half_plus_some_gives_that(string folder, float some)
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/" + folder));
        SignatureDef signature = model.Signatures["serving_default"];
        Tensor y = model.Session.Run(signature.Outputs.Values.Single().Name, new() { [signature.Inputs.Values.Single().Name] = new[,] { { 0f }, { 1f }, { 6f } } })!;
        Assert.Equal([some, some + 0.5f, some + 3f], y.ToArray<float>());
    }

    [Theory]
    [InlineData("tf-half-plus-two-2016-09-21-v1inside")]
    [InlineData("tf-half-plus-two-2016-10-12-v1inside")]
    [InlineData("tf-half-plus-two-2016-10-18-v2inside")]
    public void SavedModels_of_the_first_months_restore_their_variables(string folder)
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/" + folder));
        Assert.Equal(0.5f, (float)model.Session.Run("a:0")!);
        Assert.Equal(2f, (float)model.Session.Run("b:0")!);
    }

    [Fact]
    public void Matrices_are_halved_without_any_variables()
    {
        SavedModel stored = SavedModel.Load(SharedFiles.Path("fixtures/savedmodel/serving-matrix-half-plus-two/1"));
        Assert.Null(stored.VariablesPrefix);
        using LoadedModel model = LoadedModel.Load(stored.Path);
        SignatureDef signature = model.Signatures.Values.Single();
        Tensor x = Tensor.Of<float>(new long[] { 2, 3, 3 }, Enumerable.Range(0, 18).Select(static i => (float)i).ToArray());
        Tensor y = model.Session.Run(signature.Outputs.Values.Single().Name, new() { [signature.Inputs.Values.Single().Name] = x })!;
        Assert.Equal(Enumerable.Range(0, 18).Select(static i => (i / 2f) + 2), y.ToArray<float>());
    }

    [Fact]
    public void A_counter_counts_on_from_what_was_saved()
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/serving-counter/00000123"));
        float Step(string signature) => (float)model.Session.Run(model.Signatures[signature].Outputs.Values.Single().Name)!;
        float start = Step("get_counter");
        Assert.Equal(start + 1, Step("incr_counter"));
        Assert.Equal(start + 2, Step("incr_counter"));
        Assert.Equal(start + 2, Step("get_counter"));
        Assert.Equal(0f, Step("reset_counter"));
    }

    [Fact]
    public void Assets_are_found_where_the_folder_lies_now()
    {
        using var folder = new TemporaryFolder();
        string source = SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-main-op/00000123");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = folder[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        // The model assigns a constant instead of the asset that its collection names; here it assigns the asset.
        Protos.SavedModel stored = MessageFile.Read<Protos.SavedModel>(folder["saved_model.pb"]);
        stored.MetaGraphs[0].GraphDef.Node.Single(static n => n.Name == "Assign").Input[1] = "Const";
        MessageFile.Write(folder["saved_model.pb"], stored);
        using LoadedModel changed = LoadedModel.Load(folder.Path);
        using LoadedModel original = LoadedModel.Load(source);
        Assert.Equal(folder[Path.Combine("assets", "foo.txt")], (string)changed.Session.Run("filename_tensor:0")!);
        Assert.Equal("foo.txt", (string)original.Session.Run("filename_tensor:0")!);
    }

    [Fact]
    public void A_model_of_TensorFlow_2_loads_with_its_signatures()
    {
        string folder = SharedFiles.Path("fixtures/savedmodel/cppflow-multi-io");
        folder = Directory.EnumerateFiles(folder, "saved_model.pb", SearchOption.AllDirectories).Select(static f => Path.GetDirectoryName(f)!).First();
        using LoadedModel model = LoadedModel.Load(folder);
        Assert.Contains("serving_default", model.Signatures.Keys);
        Assert.NotEmpty(ModelInspection.Of(folder).Tensors!);
    }

    [Fact]
    public void Tags_that_are_not_there_are_told_with_those_that_are()
    {
        string folder = SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-1.1/00000123");
        Assert.Equal(["serve"], SavedModel.Load(folder).Tags);
        Assert.Equal(["serve"], SavedModel.Load(Path.Combine(folder, "saved_model.pb"), ["serve"]).Tags);
        string message = Assert.Throws<ArgumentException>(() => SavedModel.Load(folder, ["train", "gpu"])).Message;
        Assert.Contains("train,gpu", message, StringComparison.Ordinal);
        Assert.Contains("Tags there: serve", message, StringComparison.Ordinal);
    }

    // A sparse tensor is three.
    private static IEnumerable<TensorInfo> Parts(TensorInfo info) => info.CooSparse is { } sparse
        ? new[] { sparse.IndicesTensorName, sparse.ValuesTensorName, sparse.DenseShapeTensorName }.Select(static n => new TensorInfo { Name = n, TensorShape = new TensorShapeProto { UnknownRank = true } })
        : [info];

    // Zeros; of examples one with the features that the models of the collection ask for.
    private static Tensor SomeValue(TensorInfo input, Output fed)
    {
        long[] shape = input.TensorShape is { UnknownRank: false } known ? [.. known.Dim.Select(static d => Math.Max(d.Size, 1))]
            : fed.Shape.HasRank ? [.. fed.Shape.Select(static d => Math.Max(d, 1))]
            : [1];
        if (fed.DType != DType.String)
            return Tensor.Zeros(fed.DType, shape);
        var example = new Example { Features = new Features() };
        foreach (string name in new[] { "x", "x2", "b", "culmen_length_mm", "culmen_depth_mm", "flipper_length_mm", "body_mass_g" })
            example.Features.Feature.Add(name, new Feature { FloatList = new FloatList { Value = { 1f } } });
        example.Features.Feature.Add("a", new Feature { BytesList = new BytesList { Value = { ByteString.CopyFromUtf8("text") } } });
        return Tensor.OfStrings(shape, [.. Enumerable.Repeat(example.ToByteArray(), (int)Shape.Create(shape).ElementCount)]);
    }

    private static LoadedModel? TryLoad(string folder)
    {
        try
        {
            return LoadedModel.Load(folder);
        }
        catch (Exception refused) when (refused is GraphException or RunException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Folders() =>
        SharedFiles.Enumerate("fixtures/savedmodel", "saved_model.pb*").Select(static f => Path.GetDirectoryName(f)!).Distinct(StringComparer.Ordinal);
}
