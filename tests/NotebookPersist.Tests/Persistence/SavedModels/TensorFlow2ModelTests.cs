using NotebookPersist.Formats.Npy;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.SavedModels;

/// <summary>Models that TensorFlow 2 wrote: variables restored by a function, signatures that call functions.</summary>
public sealed class TensorFlow2ModelTests
{
    [Fact]
    public void A_network_gives_what_its_authors_stored_with_it()
    {
        string folder = SharedFiles.Path("fixtures/savedmodel/tract-keras-tf2-io");
        using var stored = NpzReader.Open(Path.Combine(folder, "io.npz"));
        using LoadedModel model = Load("tract-keras-tf2-io/my_model");
        string input = model.Signatures["serving_default"].Inputs.Keys.Single();
        float y = model.Run(new Dictionary<string, Tensor> { [input] = stored.Read("input") }).Values.Single().ToArray<float>().Single();
        Assert.Equal(stored.Read("output").ToArray<float>().Single(), y, 1e-5f);
    }

    [Fact]
    public void Variables_have_the_stored_values_and_layers_compute_with_them()
    {
        string folder = SharedFiles.Path("fixtures/savedmodel/scisharp-keras-simple-with-npy");
        Tensor bias0 = NpyFile.Read(Path.Combine(folder, "bias0.npy"));
        Tensor kernel1 = NpyFile.Read(Path.Combine(folder, "kernel1.npy"));
        using LoadedModel model = Load("scisharp-keras-simple-with-npy");
        Assert.Equal(bias0.ToArray<float>(), model.Session.Run("dense/bias/Read/ReadVariableOp:0")!.ToArray<float>());
        Assert.Equal(kernel1.ToArray<float>(), model.Session.Run("dense_1/kernel/Read/ReadVariableOp:0")!.ToArray<float>());

        // Two dense layers, the first with relu: computed again by plain loops.
        float[] x = [.. Enumerable.Range(0, 784).Select(static i => i % 7 / 7f)];
        float[] kernel0 = model.Session.Run("dense/kernel/Read/ReadVariableOp:0")!.ToArray<float>();
        float[] bias1 = model.Session.Run("dense_1/bias/Read/ReadVariableOp:0")!.ToArray<float>();
        double[] hidden = [.. Layer([.. x.Select(static v => (double)v)], kernel0, bias0.ToArray<float>()).Select(static h => Math.Max(h, 0))];
        double[] logits = Layer(hidden, kernel1.ToArray<float>(), bias1);
        float[] given = model.Run(new Dictionary<string, Tensor> { ["input_1"] = Tensor.Of<float>([1, 28, 28, 1], x) }).Values.Single().ToArray<float>();
        double sum = logits.Sum(Math.Exp);
        double[] softmax = [.. logits.Select(l => Math.Exp(l) / sum)];
        double[] expected = Math.Abs(given.Sum() - 1) < 1e-4 ? softmax : logits;
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], given[i], 1e-4);
    }

    [Theory]
    [InlineData("tfjs-node/times_three_float", "serving_default", 4.0, 12.0)]
    [InlineData("tfjs-node/times_two_int", "serving_default", 5, 10)]
    [InlineData("tfjs-node/module_with_multiple_signatures", "serving_default", 4.0, 12.0)]
    [InlineData("tfjs-node/module_with_multiple_signatures", "timestwo", 4.0, 8.0)]
    [InlineData("serving-half-plus-two-tf2-cpu/00000123", "serving_default", 6.0, 5.0)]
    [InlineData("serving-half-plus-two-tf2-cpu/00000123", "classify_x2_to_y3", 6.0, 6.0)]
    [InlineData("serving-half-plus-two-tf2-cpu/00000123", "regress_x2_to_y3", 6.0, 6.0)]
    public void A_signature_computes_with_restored_variables(string folder, string signature, double x, double expected)
    {
        using LoadedModel model = Load(folder);
        SignatureDef definition = model.Signatures[signature];
        TensorInfo input = definition.Inputs.Values.Single();
        Tensor value = Tensor.Zeros((DType)input.Dtype, [.. input.TensorShape.Dim.Select(static d => Math.Max(d.Size, 1))]);
        value = value.DType == DType.Int32 ? Tensor.Of<int>(value.Shape, [(int)x]) : Tensor.Of<float>(value.Shape, [(float)x]);
        IReadOnlyDictionary<string, Tensor> results = model.Run(new Dictionary<string, Tensor> { [definition.Inputs.Keys.Single()] = value }, signature);
        Assert.Equal(expected, results.Values.Select(static r => r.ItemAt<double>(0)).Last(), 1e-6);
    }

    [Fact]
    public void Examples_are_parsed_as_TensorFlow_2_parses_them()
    {
        using LoadedModel model = Load("serving-half-plus-two-tf2-cpu/00000123");
        Tensor Examples(string feature) => Tensor.OfStrings([3], [.. new[] { 0f, 1f, 20f }.Select(x =>
            Google.Protobuf.MessageExtensions.ToByteArray(new Example { Features = new Features { Feature = { [feature] = new Feature { FloatList = new FloatList { Value = { x } } } } } }))]);
        Assert.Equal([2f, 2.5f, 12f], model.Run(new Dictionary<string, Tensor> { ["inputs"] = Examples("x") }, "regress_x_to_y").Values.Single().ToArray<float>());
        Assert.Equal([2f, 2.5f, 12f], model.Run(new Dictionary<string, Tensor> { ["inputs"] = Examples("x") }, "classify_x_to_y").Values.Single().ToArray<float>());
    }

    [Fact]
    public void A_function_trains_the_variables_it_is_called_with()
    {
        using LoadedModel model = Load("rust-regression-savedmodel");
        float Read(string signature) => model.Run(new Dictionary<string, Tensor>(), signature)["output"].ItemAt<float>(0);
        (float w, float b) = (Read("w"), Read("b"));
        Tensor x = Tensor.Of<float>([4], [0, 0.1f, 0.2f, 0.3f]), y = Tensor.Of<float>([4], [1, 1.2f, 1.4f, 1.6f]);
        if (model.Signatures["train"].Inputs["x"].TensorShape is { UnknownRank: false, Dim.Count: 2 })
            (x, y) = (x.Reshaped([4, 1]), y.Reshaped([4, 1]));
        float loss = float.PositiveInfinity;
        for (int step = 0; step < 200; step++)
        {
            float next = model.Run(new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y }, "train")["loss"].ItemAt<float>(0);
            Assert.True(next <= loss, $"Step {step}: the loss rose from {loss} to {next}.");
            loss = next;
        }

        // 2 x + 1.
        Assert.NotEqual((w, b), (Read("w"), Read("b")));
        Assert.True(loss < 0.05f, $"loss {loss}, w {Read("w")}, b {Read("b")}");
        Assert.Equal(200, model.Session.Run("SGD/iter/Read/ReadVariableOp:0")!.ItemAt<long>(0));
    }

    [Fact]
    public void What_a_function_would_restore_is_told_and_compared_before()
    {
        SavedModel stored = SavedModel.Load(SharedFiles.Path("fixtures/savedmodel/scisharp-keras-simple-with-npy"));
        using var session = new Session(new Graph());
        stored.Restore(session);
        var saver = new Saver(stored.MetaGraph.SaverDef, session.Graph);
        RestorePlan plan = saver.PlanRestore(stored.VariablesPrefix!);
        Assert.True(plan.Fits);
        Assert.Equal(8, plan.Restored.Count());
        Assert.Contains("layer_with_weights-0/bias/.ATTRIBUTES/VARIABLE_VALUE", saver.Names);

        // Another checkpoint has none of its variables.
        using LoadedModel other = Load("tfjs-node/times_three_float");
        RestoreException fault = Assert.Throws<RestoreException>(() =>
            saver.Restore(session, SavedModel.Load(SharedFiles.Path("fixtures/savedmodel/tfjs-node/times_three_float")).VariablesPrefix!));
        Assert.Contains("layer_with_weights-0/bias", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_that_is_not_there_and_inputs_that_do_not_fit_are_told()
    {
        using LoadedModel model = Load("java-using-python/model");
        Assert.Contains("'add'", Assert.Throws<ArgumentException>(() => model.Run(new Dictionary<string, Tensor>(), "sub")).Message, StringComparison.Ordinal);
        Assert.Contains("'a', 'b'", Assert.Throws<ArgumentException>(() => model.Run(new Dictionary<string, Tensor> { ["c"] = 1f }, "add")).Message, StringComparison.Ordinal);
    }

    private static LoadedModel Load(string folder) => LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/" + folder));

    private static double[] Layer(double[] x, float[] kernel, float[] bias)
    {
        double[] y = [.. bias.Select(static b => (double)b)];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
                y[j] += x[i] * kernel[(i * y.Length) + j];
        }

        return y;
    }
}
