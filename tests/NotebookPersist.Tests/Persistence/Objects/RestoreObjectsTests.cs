using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Objects;

public sealed class RestoreObjectsTests
{
    private const string Keras = "fixtures/savedmodel/rust-keras-multi-input-2.3/variables/variables.index";

    [Fact]
    public void A_checkpoint_of_TensorFlow_2_fills_a_graph_of_TensorFlow_1()
    {
        string path = SharedFiles.Path(Keras);
        var graph = new Graph();
        Variable kernel = Zeros(graph, "dense/kernel", 5, 3);
        Variable bias = Zeros(graph, "dense/bias", 3);
        Variable moment = Zeros(graph, "dense/bias/Adam/m", 3);
        Variable renamed = Zeros(graph, "head/weights", 6, 1);
        var saver = new Saver([kernel, bias, moment, renamed]);
        using var session = new Session(graph);
        RestorePlan plan = saver.Restore(session, path, new RestoreOptions { Map = new Dictionary<string, string> { ["head/weights"] = "test_out/kernel" } });

        Assert.True(plan.Fits);
        Assert.Equal([("dense/bias", RestoreNaming.Objects), ("dense/bias/Adam/m", RestoreNaming.Objects), ("dense/kernel", RestoreNaming.Objects), ("head/weights", RestoreNaming.Map)], plan.Of(RestoreOutcome.Renamed).Select(static i => (i.Name, i.Naming)));
        Assert.Equal(4 * (15 + 3 + 3 + 6), plan.ByteCount);
        Assert.Contains(plan.Of(RestoreOutcome.Extra), static i => i.Name == "Adam/beta_1");
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(checkpoint.Read("trainable_variables/0/.ATTRIBUTES/VARIABLE_VALUE").ToArray<float>(), session.Run(kernel.Value).ToArray<float>());
        Assert.Equal(checkpoint.Read("trainable_variables/1/.ATTRIBUTES/VARIABLE_VALUE").ToArray<float>(), session.Run(bias.Value).ToArray<float>());
        Assert.Equal(checkpoint.Read("trainable_variables/1/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE").ToArray<float>(), session.Run(moment.Value).ToArray<float>());
        Assert.Equal(checkpoint.Read("layer_with_weights-1/kernel/.ATTRIBUTES/VARIABLE_VALUE").ToArray<float>(), session.Run(renamed.Value).ToArray<float>());
    }

    [Fact]
    public void Variables_that_do_not_fit_are_all_told_and_none_is_changed()
    {
        var graph = new Graph();
        Variable kernel = Zeros(graph, "dense/kernel", 5, 3);
        var saver = new Saver([kernel, Zeros(graph, "dense/bias", 4), Zeros(graph, "test_out/kernal", 6, 1)]);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, SharedFiles.Path(Keras)));
        Assert.Equal(["test_out/kernal"], refused.Plan!.Of(RestoreOutcome.Missing).Select(static i => i.Name));
        Assert.Contains("'test_out/kernel'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["dense/bias"], refused.Plan.Of(RestoreOutcome.ShapeDiffers).Select(static i => i.Name));
        Assert.Equal(new float[15], session.Run(kernel.Value).ToArray<float>());
    }

    [Fact]
    public void A_checkpoint_of_TensorFlow_1_and_parts_of_variables_are_restored_too()
    {
        using var folder = new TemporaryFolder();
        var graph = new Graph();
        Variable whole = graph.Variable(new[] { 1f, 2f, 3f }, name: "v");
        using (var session = new Session(graph))
        {
            session.Run(graph.GlobalVariablesInitializer());
            new Saver([whole]).Save(session, folder["ckpt"]);
        }

        var other = new Graph();
        Variable plain = Zeros(other, "v/part_1", 2);
        var part = new Variable(plain.Reference, plain.Initializer, plain.Value, plain.InitialValue, plain.IsTrainable)
        {
            Slice = new SaveSliceInfoDef { FullName = "v", FullShape = { 3 }, VarOffset = { 1 }, VarShape = { 2 } },
        };
        using var reading = new Session(other);
        new Saver([part]).Restore(reading, folder["ckpt"]);
        Assert.Equal([2f, 3f], reading.Run(part.Value).ToArray<float>());
    }

    private static Variable Zeros(Graph graph, string name, params long[] shape) => graph.Variable(Tensor.Zeros(DType.Float32, shape), name: name);
}
