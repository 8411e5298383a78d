using System.Runtime.CompilerServices;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Facade;

/// <summary>What people write who bring a program from Python compiles and does the same.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class PythonHabitsTests : IDisposable
{
    public PythonHabitsTests() => tf.ResetDefaultGraph();

    public void Dispose() => tf.ResetDefaultGraph();

    [Fact]
    public void A_size_that_is_not_known_is_written_as_null()
    {
        Assert.Equal("(?, 784)", tf.Placeholder(tf.Float32, [null, 784]).Shape.ToPythonString());
        Assert.Equal([-1, 28, 28, 1], tf.Placeholder(tf.Float32, [null, 28, 28, 1]).GetShape().AsList());
        Shape known = [2, 3];
        Assert.Equal([2, 3, 4], Shape.OfSizes([.. known, 4]).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.OfSizes([-2]));
    }

    [Fact]
    public void A_variable_stands_wherever_a_value_does()
    {
        Variable w = tf.GetVariable("w", [2, 2], initializer: tf.OnesInitializer()), flag = tf.Variable(true, trainable: false);
        Output histogram = tf.Summary.Histogram("weights", w);
        Output flat = tf.Layers.Flatten(w);
        Output chosen = tf.Cond(flag, () => w, () => w * 2f);
        Output[] all = [w, flat];
        using Session session = tf.Session();
        session.Run(tf.GlobalVariablesInitializer());

        Assert.Equal("w/read", histogram.Operation.Inputs[1].Operation.Name);
        Assert.Equal([1f, 1f, 1f, 1f], session.Run(chosen).ToArray<float>());
        Assert.Equal("w/read:0", all[0].Name);
        // The handle itself is what an assignment wants.
        Assert.Equal([3f, 3f, 3f, 3f], session.Run(tf.Assign(w, new[,] { { 3f, 3f }, { 3f, 3f } })).ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => _ = (Output)(Variable)null!);
    }

    [Fact]
    public void A_model_for_serving_is_written_and_loaded_by_the_modules_of_Python()
    {
        using var folder = new TemporaryFolder();
        Output x = tf.Placeholder(tf.Float32, [null], name: "x");
        Variable w = tf.GetVariable("w", [], initializer: tf.ConstantInitializer(3f));
        Output y = tf.Multiply(x, w, name: "y");
        using (Session session = tf.Session(graph: tf.GetDefaultGraph()))
        {
            session.Run(tf.GlobalVariablesInitializer());
            tf.Train.Saver().Save(session, folder["ckpt"]);
            using var builder = new SavedModelBuilder(folder["export"]);
            SignatureDef signature = tf.SavedModel.BuildSignatureDef(
                inputs: new Dictionary<string, TensorInfo> { ["x"] = tf.SavedModel.BuildTensorInfo(x) },
                outputs: new Dictionary<string, TensorInfo> { ["y"] = tf.SavedModel.BuildTensorInfo(y) },
                methodName: tf.SavedModel.SignatureConstants.PredictMethodName);
            builder.AddMetaGraphAndVariables(
                session, [tf.SavedModel.TagConstants.Serving], signatureDefMap: new Dictionary<string, SignatureDef> { [tf.SavedModel.SignatureConstants.DefaultServingSignatureDefKey] = signature });
            builder.Save();
        }

        Assert.True(tf.SavedModel.Loader.MaybeSavedModelDirectory(folder["export"]));
        using Session loaded = tf.Session(graph: new Graph());
        SignatureDef stored = tf.SavedModel.Loader.Load(loaded, [tf.SavedModel.TagConstants.Serving], folder["export"]).SignatureDef["serving_default"];
        Assert.Equal([6f], loaded.Run(stored.Outputs["y"].Name, new() { [stored.Inputs["x"].Name] = new[] { 2f } })!.ToArray<float>());

        tf.ResetDefaultGraph();
        using (tf.VariableScope("other"))
            w = tf.GetVariable("w", []);
        tf.Train.InitFromCheckpoint(folder["ckpt"], new Dictionary<string, string> { ["w"] = "other/w" });
        using Session again = tf.Session();
        again.Run(tf.GlobalVariablesInitializer());
        Assert.Equal(3f, (float)again.Run(w));
    }

    [Fact]
    public void A_dimension_is_written_as_a_number_or_a_list()
    {
        Output x = tf.Constant(new[,] { { 3f, 4f } });
        using Session session = tf.Session();

        Assert.Equal([5f], session.Run(tf.Norm(x, axis: 1)).ToArray<float>());
        Assert.Equal(5f, (float)session.Run(tf.Norm(x)));
        Assert.Equal("(2,)", tf.Squeeze(x, 0).Shape.ToPythonString());
        Assert.Equal("(2,)", tf.Squeeze(x, [0]).Shape.ToPythonString());
        Assert.Equal("(2,)", tf.Squeeze(x, axis: null).Shape.ToPythonString());
        Assert.Equal([3.5f], session.Run(tf.Nn.Moments(x, 1).Mean).ToArray<float>());
        Assert.Equal([0.6f, 0.8f], session.Run(tf.ClipByNorm(x, 1, axes: 1)).ToArray<float>());
        Assert.Equal(3.5f, (float)session.Run(tf.Nn.Moments(x, [0, 1]).Mean));
        Assert.Throws<ArgumentException>(() => tf.Nn.Moments(x, default));
    }

    [Fact]
    public void A_run_takes_and_gives_several_values_as_a_tuple_or_a_list()
    {
        Output x = tf.Placeholder(tf.Float32, [null], name: "x");
        Variable v = tf.Variable(0f);
        Output y = x * 2;
        Operation step = tf.AssignAdd(v, 1f).Op;
        using Session session = tf.Session();
        session.Run(tf.GlobalVariablesInitializer());

        (Tensor? none, Tensor? doubled) = session.Run((step, y), feedDict: new() { [x] = new[] { 1f, 2f } });
        var (_, again, count) = session.Run([step, y, v], new() { [x] = new[] { 3f } });

        Assert.Null(none);
        Assert.Equal([2f, 4f], doubled!.ToArray<float>());
        Assert.Equal([6f], again!.ToArray<float>());
        Assert.Equal(2f, (float)count!);
        Assert.Contains("as many names", Assert.Throws<ArgumentException>(() => _ = Two(session.Run([y, v, v], new() { [x] = new[] { 3f } }))).Message, StringComparison.Ordinal);

        static Tensor? Two(Tensor?[] values)
        {
            (Tensor? first, Tensor? _) = values;
            return first;
        }
    }

    [Fact]
    public void Values_are_computed_in_the_session_that_is_open()
    {
        Output x = tf.Constant(3f);
        Assert.Throws<InvalidOperationException>(() => x.Eval());
        using (tf.Session())
            Assert.Equal(3f, (float)x.Eval());
        Assert.Throws<InvalidOperationException>(() => x.Eval());

        using Session interactive = tf.InteractiveSession(tf.ConfigProto(intraOpParallelismThreads: 1, allowSoftPlacement: true));
        using Session other = tf.Session();
        Assert.Same(interactive, Session.Current);
        Assert.Equal(1, interactive.Options.ThreadCount);
    }

    [Fact]
    public void An_interactive_session_leaves_other_graphs_to_their_own_sessions()
    {
        var graph = new Graph();
        Output there = graph.Constant(2f);
        using Session other = tf.Session(graph);
        using Session interactive = tf.InteractiveSession();
        Assert.Equal(3f, (float)tf.Constant(3f).Eval());
        Assert.Equal(2f, (float)there.Eval());
        using (interactive.AsDefault())
            Assert.Throws<ArgumentException>(() => there.Eval());
    }

    [Fact]
    public void An_interactive_session_that_was_closed_is_let_go()
    {
        WeakReference closed = Closed();
        GC.Collect();
        Assert.False(closed.IsAlive);

        Session first = tf.InteractiveSession();
        using Session second = tf.InteractiveSession();
        first.Close();
        Assert.Same(second, Session.Current);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Closed()
        {
            using Session session = tf.InteractiveSession();
            return new WeakReference(session);
        }
    }

    [Fact]
    public void Windows_are_lists_and_activations_are_any_functions()
    {
        Output images = tf.Placeholder(tf.Float32, [null, 28, 28, 1]);
        Output h = tf.Layers.Conv2D(images, 4, kernelSize: [5, 5], strides: [2, 2], padding: "same", activation: x => tf.Nn.LeakyRelu(x, alpha: 0.1));
        h = tf.Layers.MaxPooling2D(h, poolSize: [2, 2], strides: 2);
        Output y = tf.Layers.Dense(tf.Layers.Flatten(h), 3, activation: Doubled, name: "out");

        Assert.Equal("(?, 7, 7, 4)", h.Shape.ToPythonString());
        Assert.Equal("AddV2", y.Op.Type);
        Assert.Throws<ArgumentException>(() => tf.Layers.Conv2D(images, 4, [1, 2, 3]));

        static Output Doubled(Output x) => x + x;
    }

    [Fact]
    public void Variables_are_shared_where_reuse_is_true()
    {
        Variable made;
        using (tf.VariableScope("s", reuse: false))
            made = tf.GetVariable("v", [1]);
        using (tf.VariableScope("s", reuse: true))
            Assert.Same(made, tf.GetVariable("v", [1]));
        using (tf.VariableScope("s", reuse: tf.AutoReuse))
            Assert.Equal("s/w:0", tf.GetVariable("w", [1]).Name);
        using (tf.VariableScope(null, defaultName: "auto"))
            Assert.Equal("auto/k:0", tf.GetVariable("k", [1]).Name);
    }

    [Fact]
    public void Loops_and_maps_take_lists_tuples_and_arrays()
    {
        using Session session = tf.Session();
        Assert.Equal(10, (int)session.Run(tf.WhileLoop(i => tf.Less(i, 10), i => tf.Add(i, 1), [tf.Constant(0)])));

        TensorArray array = tf.TensorArray(tf.Float32, size: 0, dynamicSize: true);
        (_, TensorArray filled) = tf.WhileLoop((i, t) => i < 3, (i, t) => (i + 1, t.Write(i, tf.Cast(i, tf.Float32))), (tf.Constant(0), array));
        Assert.Equal([0f, 1f, 2f], session.Run(filled.Stack()).ToArray<float>());

        (Output fibonacci, _) = tf.Scan((a, _) => (a.Second, a.First + a.Second), tf.Range(6), initializer: (0, 1));
        Assert.Equal([1, 1, 2, 3, 5, 8], session.Run(fibonacci).ToArray<int>());
        Output products = tf.MapFn(e => e.First * e.Second, (tf.Constant(new[] { 1, 2 }), tf.Constant(new[] { 10, 20 })), dtype: tf.Int32);
        Assert.Equal([10, 40], session.Run(products).ToArray<int>());
    }

    [Fact]
    public void Lists_that_code_has_gathered_are_added_joined_and_differentiated()
    {
        List<Variable> weights = [tf.Variable(1f), tf.Variable(2f)];
        var losses = weights.Select(w => tf.Nn.L2Loss(w)).ToList();
        tf.AddToCollection("losses", losses[0]);
        using Session session = tf.Session();
        session.Run(tf.GlobalVariablesInitializer());

        Assert.Equal(2.5f, (float)session.Run(tf.AddN(losses)));
        Assert.Equal(0.5f, (float)session.Run(tf.AddN(tf.GetCollection("losses"))));
        Assert.Equal([0.5f, 2f], session.Run(tf.Stack(losses)).ToArray<float>());
        Output?[] gradients = tf.Gradients(tf.AddN(losses), tf.TrainableVariables());
        Assert.Equal([1f, 2f], session.Run([gradients[0]!, gradients[1]!]).Select(static g => (float)g!));
        (Output half, Output _) = tf.Split(tf.Constant(new[] { 1, 2 }), 2);
        Assert.Equal([1], session.Run(half).ToArray<int>());
    }

    [Fact]
    public void Values_come_out_as_arrays_and_numbers()
    {
        Tensor t = new float[,] { { 1, 2 }, { 3, 4 } };
        Assert.Equal(3f, ((float[,])t)[1, 0]);
        Assert.Equal(4f, (float)t[1, -1]);
        Assert.Equal([3f, 4f], t[1].ToArray<float>());
        Assert.Throws<ArgumentOutOfRangeException>(() => t[2]);
        Assert.Contains("Single[]", Assert.Throws<InvalidCastException>(() => (long[])t).Message.Replace("Int64[]", "Single[]", StringComparison.Ordinal), StringComparison.Ordinal);
        Tensor list = new List<float> { 1, 2 };
        Assert.Equal([1f, 2f], list.ToArray<float>());
    }

    [Fact]
    public void Graph_elements_maps_and_lookups_are_as_wanted()
    {
        Output x = tf.Placeholder(tf.Float32, [null], name: "x");
        Output y = tf.Multiply(x, 2f, name: "y");
        Protos.GraphDef definition = tf.GetDefaultGraph().AsGraphDef();
        Assert.Equal("y", y.Op.Name);
        tf.ResetDefaultGraph();
        GraphElement imported = tf.ImportGraphDef(definition, inputMap: new() { ["x:0"] = tf.Constant(new[] { 3f }) }, returnElements: ["y:0"])[0];
        using Session session = tf.Session();
        Assert.Equal([6f], session.Run(imported)!.ToArray<float>());
        Assert.Equal([6f], session.Run([imported])[0]!.ToArray<float>());

        Output table = tf.Constant(new float[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([3f, 4f], session.Run(tf.Nn.EmbeddingLookup(table, [1])).ToArray<float>());
        Assert.Throws<ArgumentException>(() => tf.Nn.Dropout(table));
        Assert.Equal(table.Shape, tf.Nn.Dropout(table, rate: 0.5).Shape);
    }
}
