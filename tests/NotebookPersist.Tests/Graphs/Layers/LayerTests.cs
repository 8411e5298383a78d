using Xunit;

namespace NotebookPersist.Tests.Graphs.Layers;

/// <summary>Layers: names of variables and nodes as TensorFlow 1.15's, values, losses and updates.</summary>
public sealed class LayerTests
{
    [Fact]
    public void A_network_has_the_variable_names_of_TensorFlow()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 8, 8, 3 });
        Output h = LayerFunctions.Conv2D(x, 4, 3, activation: graph.Relu);
        h = LayerFunctions.MaxPooling2D(h, 2, 2);
        h = LayerFunctions.Conv2D(h, 5, (3, 3), padding: "same", useBias: false);
        h = LayerFunctions.BatchNormalization(h, training: true);
        h = LayerFunctions.AveragePooling2D(h, 3, 3);
        h = LayerFunctions.Conv2DTranspose(h, 2, 3, 2, "same");
        h = LayerFunctions.Flatten(h);
        h = LayerFunctions.Dropout(h, 0.4, training: true);
        h = LayerFunctions.Dense(h, 7, graph.Tanh);
        h = LayerFunctions.Dense(h, 2, name: "logits");
        Assert.Equal(
            [
                "conv2d/kernel", "conv2d/bias", "conv2d_1/kernel",
                "batch_normalization/gamma", "batch_normalization/beta", "batch_normalization/moving_mean", "batch_normalization/moving_variance",
                "conv2d_transpose/kernel", "conv2d_transpose/bias", "dense/kernel", "dense/bias", "logits/kernel", "logits/bias",
            ],
            graph.GlobalVariables().Select(static v => v.OperationName));
        Assert.Equal(11, graph.TrainableVariables().Count);
        Assert.Equal("[?,2]", h.Shape.ToString());
        foreach (string node in new[]
        {
            "conv2d/dilation_rate", "conv2d/Conv2D", "conv2d/BiasAdd", "conv2d/Relu", "max_pooling2d/MaxPool", "batch_normalization/FusedBatchNormV3",
            "batch_normalization/AssignMovingAvg", "batch_normalization/AssignMovingAvg_1", "average_pooling2d/AvgPool", "conv2d_transpose/conv2d_transpose",
            "flatten/Shape", "flatten/strided_slice", "flatten/Reshape/shape/1", "flatten/Reshape/shape", "flatten/Reshape",
            "dropout/dropout/mul_1", "dense/MatMul", "dense/BiasAdd", "dense/Tanh", "logits/BiasAdd", "conv2d/kernel/Initializer/random_uniform", "conv2d/bias/Initializer/zeros",
        })
        {
            Assert.True(graph.TryGetOperation(node, out _), node);
        }

        Assert.Equal(
            ["batch_normalization/AssignMovingAvg", "batch_normalization/AssignMovingAvg_1"],
            graph.GetCollection(GraphKeys.UpdateOps).Cast<Operation>().Select(static o => o.Name));
    }

    [Fact]
    public void Rows_volumes_and_channels_have_layers_of_their_own()
    {
        var graph = new Graph();
        Output rows = graph.Placeholder(DType.Float32, new[] { -1, 9, 4 });
        Output h = LayerFunctions.Conv1D(rows, 3, 2, padding: "causal", dilationRate: 2, kernelInitializer: new OnesInitializer());
        Output pooled = LayerFunctions.AveragePooling1D(LayerFunctions.MaxPooling1D(h, 2, 2), 2, 1);
        Output volumes = graph.Placeholder(DType.Float32, new[] { -1, 2, 6, 6, 6 });
        Output v = LayerFunctions.Conv3D(volumes, 5, (1, 2, 3), 2, dataFormat: "channels_first");
        v = LayerFunctions.AveragePooling3D(LayerFunctions.MaxPooling3D(v, 2, 1, dataFormat: "channels_first"), 1, 1, dataFormat: "channels_first");
        Output images = graph.Placeholder(DType.Float32, new[] { -1, 5, 5, 3 });
        Output s = LayerFunctions.SeparableConv2D(images, 7, 3, depthMultiplier: 2, padding: "same");
        Assert.Equal("[?,9,3]", h.Shape.ToString());
        Assert.Equal("[?,3,3]", pooled.Shape.ToString());
        Assert.Equal("[?,5,2,2,1]", v.Shape.ToString());
        Assert.Equal("[?,5,5,7]", s.Shape.ToString());
        Assert.Equal(
            [
                ("conv1d/kernel", "[2,4,3]"), ("conv1d/bias", "[3]"), ("conv3d/kernel", "[1,2,3,2,5]"), ("conv3d/bias", "[5]"),
                ("separable_conv2d/depthwise_kernel", "[3,3,3,2]"), ("separable_conv2d/pointwise_kernel", "[1,1,6,7]"), ("separable_conv2d/bias", "[7]"),
            ],
            graph.GlobalVariables().Select(static v => (v.OperationName, v.Shape.ToString())));

        // What is causal sees itself and what came two steps before.
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var ramp = new float[1, 9, 4];
        for (int i = 0; i < 9; i++)
            ramp[0, i, 0] = i;
        float[] seen = session.Run(h, new() { [rows] = ramp }).ToArray<float>();
        Assert.Equal(Enumerable.Range(0, 9).Select(static i => (float)(i < 2 ? i : i + i - 2)), seen.Where(static (_, i) => i % 3 == 0));
        Assert.Equal(new[] { 2L, 5, 2, 2, 1 }, session.Run(v, new() { [volumes] = new float[2, 2, 6, 6, 6] }).Shape.ToArray());
        Assert.Equal(new[] { 2L, 5, 5, 7 }, session.Run(s, new() { [images] = new float[2, 5, 5, 3] }).Shape.ToArray());
        Assert.Throws<ArgumentException>(() => LayerFunctions.Conv1D(images, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerFunctions.Conv1D(rows, 3, 0));
    }

    [Fact]
    public void Reuse_takes_the_variables_and_a_second_layer_without_it_may_not()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 2, 3 });
        LayerFunctions.Dense(x, 4, name: "d");
        Output again = LayerFunctions.Dense(x, 4, name: "d", reuse: VariableReuse.Existing);
        Assert.Equal(2, graph.GlobalVariables().Count);
        Assert.Equal("d_1/BiasAdd", again.Operation.Name);
        Assert.Throws<GraphException>(() => LayerFunctions.Dense(x, 4, name: "d"));
        Assert.Throws<ArgumentException>(() => LayerFunctions.Dense(x, 4, reuse: VariableReuse.Existing));
        Assert.Contains("last dimension", Assert.Throws<ArgumentException>(() => LayerFunctions.Dense(graph.Placeholder(DType.Float32, new[] { 2, -1 }), 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Regularisers_are_listed_and_have_TensorFlows_values()
    {
        var graph = new Graph();
        Output x = graph.Constant(new float[,] { { 1, 2 } });
        LayerFunctions.Dense(x, 2, kernelInitializer: new ConstantInitializer(new float[,] { { 1, -2 }, { 3, -4 } }), kernelRegularizer: WeightRegularizers.L2(0.1), biasRegularizer: WeightRegularizers.L1(0));
        LayerFunctions.Dense(x, 1, kernelInitializer: new ConstantInitializer(2.0), kernelRegularizer: WeightRegularizers.L1L2(0.5, 0.25));
        Output[] losses = [.. LossFunctions.GetRegularizationLosses(graph)];
        Assert.Equal(2, losses.Length);
        Assert.Equal("dense/kernel/Regularizer/l2_regularizer", losses[0].Operation.Name);
        using Session session = Initialised(graph);
        Assert.Equal(0.1f * 15, (float)session.Run(losses[0]), 1e-6f);
        Assert.Equal((0.5f * 4) + (0.25f * 8), (float)session.Run(losses[1]), 1e-6f);
        Assert.Equal(1.5f + 4f, (float)session.Run(LossFunctions.GetTotalLoss(graph)), 1e-5f);
    }

    [Fact]
    public void Dense_layers_of_higher_rank_take_rows_one_by_one()
    {
        var graph = new Graph();
        Output x = graph.Constant(new float[,,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } });
        Output y = LayerFunctions.Dense(x, 1, kernelInitializer: new ConstantInitializer(new float[,] { { 10 }, { 1 } }), biasInitializer: new OnesInitializer());
        using Session session = Initialised(graph);
        Tensor result = session.Run(y);
        Assert.Equal("[2,2,1]", result.Shape.ToString());
        Assert.Equal([13, 35, 57, 79], result.Data<float>().ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batch_normalisation_trains_and_predicts(bool images)
    {
        float[] numbers = [1, 10, 2, 30, 3, 20, 6, 40];
        Output? fed = null;
        foreach (string mode in new[] { "fixed", "fed" })
        {
            var graph = new Graph();
            fed = graph.Placeholder(DType.Bool, Shape.Scalar);
            Output x = graph.Reshape(numbers, images ? new[] { 1, 2, 2, 2 } : new[] { 4, 2 });
            Output trained = LayerFunctions.BatchNormalization(x, momentum: 0.9, training: mode == "fed" ? fed : true, name: "bn");
            Output used = mode == "fed" ? trained : LayerFunctions.BatchNormalization(x, momentum: 0.9, name: "bn", reuse: VariableReuse.Existing);
            Operation update = graph.Group([.. graph.GetCollection(GraphKeys.UpdateOps).Cast<Operation>()]);
            using Session session = Initialised(graph);
            float[] y = session.Run(trained, new() { [fed] = true }).Data<float>().ToArray();

            // Means 3 and 25; variances 3.5 and 125, of a sample 14/3 and 500/3.
            float[] expected = [.. numbers.Select(static (v, i) => i % 2 == 0 ? (v - 3) / MathF.Sqrt(3.5f + 1e-3f) : (v - 25) / MathF.Sqrt(125 + 1e-3f))];
            AssertClose(expected, y, 1e-5f);
            session.Run(update, new() { [fed] = true });
            float[] moved = images ? [0.9f + (0.1f * 14 / 3), 0.9f + (0.1f * 500 / 3)] : [0.9f + 0.35f, 0.9f + 12.5f];
            AssertClose([0.3f, 2.5f], session.Run(graph.GlobalVariables("bn/moving_mean")[0]).Data<float>().ToArray(), 1e-5f);
            AssertClose(moved, session.Run(graph.GlobalVariables("bn/moving_variance")[0]).Data<float>().ToArray(), 1e-4f);
            if (mode == "fed")
                session.Run(update, new() { [fed] = false });
            AssertClose([0.3f, 2.5f], session.Run(graph.GlobalVariables("bn/moving_mean")[0]).Data<float>().ToArray(), 1e-5f);
            expected = [.. numbers.Select((v, i) => i % 2 == 0 ? (v - 0.3f) / MathF.Sqrt(moved[0] + 1e-3f) : (v - 2.5f) / MathF.Sqrt(moved[1] + 1e-3f))];
            AssertClose(expected, session.Run(used, new() { [fed] = false }).Data<float>().ToArray(), 1e-4f);
        }
    }

    [Fact]
    public void Dropout_is_on_only_while_training()
    {
        var graph = new Graph();
        Output training = graph.Placeholder(DType.Bool, Shape.Scalar);
        Output x = graph.Ones(new[] { 1000 });
        Output off = LayerFunctions.Dropout(x, 0.25);
        Output fed = LayerFunctions.Dropout(x, 0.25, seed: 1, training: training);
        using var session = new Session(graph);
        Assert.Equal("dropout/Identity", off.Operation.Name);
        Assert.All(session.Run(off).Data<float>().ToArray(), static v => Assert.Equal(1, v));
        Assert.All(session.Run(fed, new() { [training] = false }).Data<float>().ToArray(), static v => Assert.Equal(1, v));
        float[] dropped = session.Run(fed, new() { [training] = true }).Data<float>().ToArray();
        Assert.All(dropped, static v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.75f)) < 1e-6));
        Assert.InRange(dropped.Count(static v => v == 0), 200, 300);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]} and {actual[i]}");
    }

    private static Session Initialised(Graph graph)
    {
        Session session = new(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }
}
