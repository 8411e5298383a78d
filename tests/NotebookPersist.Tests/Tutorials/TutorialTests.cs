using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Tutorials;

/// <summary>The tutorial programs T1 to T8, each with its stated result.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class TutorialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TutorialTests() => tf.ResetDefaultGraph();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void T1_predicts_saves_and_has_the_27_operations_of_TensorFlow()
    {
        (Session session, Output input, Output predictions) = BuildFirst(y => tf.Greater(y, 50, name: "predictions"));
        var saver = new Saver();
        Assert.True((bool)session.Run(predictions, new() { [input] = new[] { 10f } }));
        saver.Save(session, _folder["ckpt/model.ckpt"]);

        Assert.Equal(
            ["checkpoint", "model.ckpt.data-00000-of-00001", "model.ckpt.index", "model.ckpt.meta"],
            Directory.GetFiles(_folder["ckpt"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            "input_holder Const W1 W1/Assign W1/read Const_1 B1 B1/Assign B1/read mul add predictions/y predictions init "
            + "save/filename/input save/filename save/Const save/SaveV2/tensor_names save/SaveV2/shape_and_slices save/SaveV2 "
            + "save/control_dependency save/RestoreV2/tensor_names save/RestoreV2/shape_and_slices save/RestoreV2 save/Assign "
            + "save/Assign_1 save/restore_all",
            string.Join(' ', tf.GetDefaultGraph().Operations.Select(static o => o.Name)));
    }

    [Fact]
    public void T1_nodes_have_the_types_inputs_and_attributes_of_TensorFlow()
    {
        BuildFirst(y => tf.Greater(y, 50, name: "predictions"));
        _ = new Saver();
        Dictionary<string, NodeDef> nodes = tf.GetDefaultGraph().ToGraphDef().Node.ToDictionary(static n => n.Name);

        Assert.Equal(("Placeholder", ""), (nodes["input_holder"].Op, Inputs(nodes["input_holder"])));
        Assert.Equal(1, nodes["input_holder"].Attr["shape"].Shape.Dim[0].Size);
        Assert.Equal(("VariableV2", ""), (nodes["W1"].Op, Inputs(nodes["W1"])));
        Assert.Equal(["container", "dtype", "shape", "shared_name"], nodes["W1"].Attr.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Assign", "W1,Const"), (nodes["W1/Assign"].Op, Inputs(nodes["W1/Assign"])));
        Assert.Equal(["T", "_class", "use_locking", "validate_shape"], nodes["W1/Assign"].Attr.Keys.Order(StringComparer.Ordinal));
        Assert.True(nodes["W1/Assign"].Attr["use_locking"].B);
        Assert.Equal("loc:@W1", nodes["W1/Assign"].Attr["_class"].List.S.Single().ToStringUtf8());
        Assert.Equal(("Identity", "W1"), (nodes["W1/read"].Op, Inputs(nodes["W1/read"])));
        Assert.Equal("loc:@W1", nodes["W1/read"].Attr["_class"].List.S.Single().ToStringUtf8());
        Assert.Equal(("Mul", "input_holder,W1/read"), (nodes["mul"].Op, Inputs(nodes["mul"])));
        Assert.Equal(("AddV2", "mul,B1/read"), (nodes["add"].Op, Inputs(nodes["add"])));
        Assert.Equal(50f, nodes["predictions/y"].Attr["value"].Tensor.FloatVal.Single());
        Assert.Equal(("Greater", "add,predictions/y"), (nodes["predictions"].Op, Inputs(nodes["predictions"])));
        Assert.Equal(("NoOp", "^B1/Assign,^W1/Assign"), (nodes["init"].Op, Inputs(nodes["init"])));
        Assert.Equal("model", nodes["save/filename/input"].Attr["value"].Tensor.StringVal.Single().ToStringUtf8());
        Assert.Equal(("PlaceholderWithDefault", "save/filename/input"), (nodes["save/filename"].Op, Inputs(nodes["save/filename"])));
        Assert.Equal(("PlaceholderWithDefault", "save/filename"), (nodes["save/Const"].Op, Inputs(nodes["save/Const"])));
        Assert.Equal(["B1", "W1"], nodes["save/SaveV2/tensor_names"].Attr["value"].Tensor.StringVal.Select(static s => s.ToStringUtf8()));
        Assert.Equal(("SaveV2", "save/Const,save/SaveV2/tensor_names,save/SaveV2/shape_and_slices,B1,W1"), (nodes["save/SaveV2"].Op, Inputs(nodes["save/SaveV2"])));
        Assert.Equal(("Identity", "save/Const,^save/SaveV2"), (nodes["save/control_dependency"].Op, Inputs(nodes["save/control_dependency"])));
        Assert.Equal("loc:@save/Const", nodes["save/control_dependency"].Attr["_class"].List.S.Single().ToStringUtf8());
        Assert.All(["save/RestoreV2", "save/RestoreV2/tensor_names", "save/RestoreV2/shape_and_slices"], n => Assert.Equal("/device:CPU:0", nodes[n].Device));
        Assert.Equal("save/Const,save/RestoreV2/tensor_names,save/RestoreV2/shape_and_slices", Inputs(nodes["save/RestoreV2"]));
        Assert.Equal("B1,save/RestoreV2", Inputs(nodes["save/Assign"]));
        Assert.Equal("W1,save/RestoreV2:1", Inputs(nodes["save/Assign_1"]));
        Assert.Equal("^save/Assign,^save/Assign_1", Inputs(nodes["save/restore_all"]));
    }

    [Fact]
    public void T2_freezes_to_nine_operations_that_give_61()
    {
        (Session session, Output input, Output predictions) = BuildFirst(y => tf.Add(y, 10, name: "predictions"));
        Assert.Equal(61f, (float)session.Run(predictions, new() { [input] = new[] { 10f } }));
        GraphDef frozen = tf.GraphUtil.ConvertVariablesToConstants(session, tf.GetDefaultGraph().ToGraphDef(), ["predictions"]);
        GraphFreezer.Write(_folder["pb/add_model.pb"], frozen);

        Assert.Equal(
            ["B1", "B1/read", "W1", "W1/read", "add", "input_holder", "mul", "predictions", "predictions/y"],
            frozen.Node.Select(static n => n.Name).Order(StringComparer.Ordinal));
        tf.ResetDefaultGraph();
        tf.ImportGraphDef(MessageFile.Read<GraphDef>(_folder["pb/add_model.pb"]), name: "");
        Assert.Equal(61f, (float)new Session().Run("predictions:0", new() { ["input_holder:0"] = new[] { 10f } })!);
    }

    [Fact]
    public void T3_freezes_a_checkpoint_folder_and_keeps_the_prediction()
    {
        (Session session, _, _) = BuildFirst(y => tf.Greater(y, 50, name: "predictions"));
        new Saver().Save(session, _folder["ckpt/model.ckpt"]);
        FrozenGraph frozen = GraphFreezer.FreezeCheckpoint(_folder["ckpt"], ["predictions"]);
        GraphFreezer.Write(_folder["pb/frozen_model.pb"], frozen.GraphDef);

        using LoadedModel model = LoadedModel.Load(_folder["pb/frozen_model.pb"]);
        Assert.True((bool)model.Session.Run("predictions:0", new() { ["input_holder:0"] = new[] { 10f } })!);
        Assert.Equal(9, frozen.GraphDef.Node.Count);
        Assert.Contains("nosuch", Assert.Throws<ArgumentException>(() => GraphFreezer.FreezeCheckpoint(_folder["ckpt"], ["nosuch"])).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => GraphFreezer.FreezeCheckpoint(_folder["pb"]));
    }

    [Fact]
    public void T4_names_files_by_step_and_keeps_the_newest_four()
    {
        Variable w1 = tf.Variable(tf.RandomNormal(new[] { 2 }), name: "w1");
        Variable w2 = tf.Variable(tf.RandomNormal(new[] { 5 }), name: "w2");
        var clock = new ManualClock();
        var saver = new Saver(maxToKeep: 4, keepCheckpointEveryNHours: 2, time: clock);
        using var session = new Session();
        session.Run(tf.GlobalVariablesInitializer());
        saver.Save(session, _folder["a/my_test_model"], globalStep: 1000);
        Assert.Equal(
            ["checkpoint", "my_test_model-1000.data-00000-of-00001", "my_test_model-1000.index", "my_test_model-1000.meta"],
            Directory.GetFiles(_folder["a"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        for (int hour = 0; hour < 9; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            saver.Save(session, _folder["b/m"], globalStep: hour, writeMetaGraph: false);
        }

        // Five left the list (the first is the step of the other folder); of those, the first one after every two hours stays.
        Assert.Equal(["m-5", "m-6", "m-7", "m-8"], saver.LastCheckpoints.Select(Path.GetFileName));
        string[] kept = [.. Directory.GetFiles(_folder["b"], "*.index").Select(static f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["m-2", "m-4", "m-5", "m-6", "m-7", "m-8"], kept);
        Assert.Empty(Directory.GetFiles(_folder["b"], "*.meta"));

        new Saver([w1, w2]).Save(session, _folder["c/m"]);
        new Saver(new Dictionary<string, Variable> { ["first"] = w1 }).Save(session, _folder["d/m"]);
        using Checkpoint listed = Checkpoint.Open(_folder["c"]);
        using Checkpoint renamed = Checkpoint.Open(_folder["d"]);
        Assert.Equal(["w1", "w2"], listed.Tensors.Select(static t => t.Name));
        Assert.Equal(["first"], renamed.Tensors.Select(static t => t.Name));
    }

    [Fact]
    public void T5_restores_to_the_last_bit()
    {
        Variable w1 = tf.Variable(tf.RandomNormal(new[] { 2 }), name: "w1");
        using var session = new Session();
        session.Run(tf.GlobalVariablesInitializer());
        float[] before = session.Run(w1).ToArray<float>();
        new Saver().Save(session, _folder["m"]);

        tf.ResetDefaultGraph();
        Saver saver = tf.Train.ImportMetaGraph(_folder["m.meta"])!;
        using var fresh = new Session();
        saver.Restore(fresh, tf.Train.LatestCheckpoint(_folder.Path)!);
        Assert.Equal(before, fresh.Run("w1:0")!.ToArray<float>());
    }

    [Fact]
    public void T6_to_T8_give_24_60_and_120()
    {
        Output w1 = tf.Placeholder(tf.Float32, name: "w1");
        Output w2 = tf.Placeholder(tf.Float32, name: "w2");
        Variable bias = tf.Variable(2.0, name: "bias");
        Output op = tf.Multiply(tf.Add(w1, w2), bias, name: "op_to_restore");
        using var session = new Session();
        session.Run(tf.GlobalVariablesInitializer());
        Assert.Equal(24f, (float)session.Run(op, new() { [w1] = 4, [w2] = 8 }));
        new Saver().Save(session, _folder["my_test_model"], globalStep: 1000);

        tf.ResetDefaultGraph();
        using var user = new Session();
        tf.Train.ImportMetaGraph(_folder["my_test_model-1000.meta"])!.Restore(user, tf.Train.LatestCheckpoint(_folder.Path)!);
        Graph graph = tf.GetDefaultGraph();
        var feed = new FeedDict { [graph.GetTensorByName("w1:0")] = 13.0, [graph.GetTensorByName("w2:0")] = 17.0 };
        Output restored = graph.GetTensorByName("op_to_restore:0");
        Assert.Equal(60f, (float)user.Run(restored, feed));
        Assert.Equal(120f, (float)user.Run(tf.Multiply(restored, 2), feed));
    }

    private static (Session Session, Output Input, Output Predictions) BuildFirst(Func<Output, Output> predict)
    {
        Output input = tf.Placeholder(tf.Float32, shape: [1], name: "input_holder");
        Variable weight = tf.Variable(tf.Constant(5.0, shape: [1]), name: "W1");
        Variable offset = tf.Variable(tf.Constant(1.0, shape: [1]), name: "B1");
        Output predictions = predict((input * weight) + offset);
        Operation init = tf.GlobalVariablesInitializer();
        var session = new Session();
        session.Run(init);
        return (session, input, predictions);
    }

    private static string Inputs(NodeDef node) => string.Join(',', node.Input);

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan time) => _now += time;
    }
}
