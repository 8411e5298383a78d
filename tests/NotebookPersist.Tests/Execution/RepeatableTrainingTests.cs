using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>With a seed, training gives the same bits run after run, however many threads there are.</summary>
public sealed class RepeatableTrainingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_exclusive_or_is_learnt_the_same_way_each_time(int threads)
    {
        float[] once = Losses(Xor(), 60, 1);
        Assert.Equal(once, Losses(Xor(), 60, threads));
        Assert.True(once[^1] < once[0], $"The loss went from {once[0]} to {once[^1]}.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_convolutional_network_with_dropout_and_batch_normalisation_is_trained_the_same_way_each_time(int threads)
    {
        float[] once = Losses(Convolutional(), 8, 1);
        Assert.Equal(once, Losses(Convolutional(), 8, threads));
        Assert.Equal(8, once.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_small_deep_network_is_trained_the_same_way_each_time(int threads)
    {
        float[] once = Losses(Deep(), 4, 1);
        Assert.Equal(once, Losses(Deep(), 4, threads));
        Assert.Equal(4, once.Distinct().Count());
    }

    // As VGG: blocks of 3x3 convolutions and pools, then dense layers with dropout.
    private static (Output Loss, Operation Step) Deep()
    {
        var graph = new Graph { Seed = 7 };
        Output h = graph.RandomNormal(new[] { 4, 32, 32, 3 });
        Output labels = graph.RandomUniform(new[] { 4 }, 0, 10, DType.Int32);
        foreach (int filters in (int[])[16, 32, 64])
        {
            h = LayerFunctions.Conv2D(h, filters, 3, padding: "same", activation: graph.Relu);
            h = LayerFunctions.Conv2D(h, filters, 3, padding: "same", activation: graph.Relu);
            h = LayerFunctions.MaxPooling2D(h, 2, 2);
        }

        h = LayerFunctions.Dense(LayerFunctions.Flatten(h), 128, graph.Relu);
        h = LayerFunctions.Dropout(h, 0.5, training: true);
        Output loss = LossFunctions.SparseSoftmaxCrossEntropy(labels, LayerFunctions.Dense(h, 10));
        return (loss, new AdamOptimizer(0.001).Minimize(loss));
    }

    private static (Output Loss, Operation Step) Xor()
    {
        var graph = new Graph { Seed = 3 };
        Output x = graph.Constant(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        Output hidden = LayerFunctions.Dense(x, 8, graph.Tanh);
        Output loss = LossFunctions.SigmoidCrossEntropy(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } }, LayerFunctions.Dense(hidden, 1));
        return (loss, new AdamOptimizer(0.05).Minimize(loss));
    }

    // As large as needed for convolutions and products to be shared among threads.
    private static (Output Loss, Operation Step) Convolutional()
    {
        var graph = new Graph { Seed = 5 };
        Output x = graph.RandomNormal(new[] { 16, 28, 28, 1 });
        Output labels = graph.RandomUniform(new[] { 16 }, 0, 10, DType.Int32);
        Output h = LayerFunctions.Conv2D(x, 16, 5, padding: "same", activation: graph.Relu);
        h = LayerFunctions.MaxPooling2D(h, 2, 2);
        h = LayerFunctions.Conv2D(h, 32, 3, padding: "same", useBias: false, kernelRegularizer: WeightRegularizers.L2(1e-3));
        h = graph.Relu(LayerFunctions.BatchNormalization(h, training: true));
        h = LayerFunctions.Dropout(LayerFunctions.Flatten(LayerFunctions.AveragePooling2D(h, 2, 2)), 0.3, training: true);
        LossFunctions.SparseSoftmaxCrossEntropy(labels, LayerFunctions.Dense(h, 10));
        Output loss = LossFunctions.GetTotalLoss(graph);
        using (graph.ControlDependencies([.. graph.GetCollection(GraphKeys.UpdateOps).Cast<Operation>()]))
            return (loss, new MomentumOptimizer(0.01, 0.9, useNesterov: true).Minimize(loss));
    }

    private static float[] Losses((Output Loss, Operation Step) model, int steps, int threads)
    {
        using Session session = new(model.Loss.Graph, new SessionOptions { ThreadCount = threads });
        session.Run(model.Loss.Graph.GlobalVariablesInitializer());
        float[] losses = new float[steps];
        for (int i = 0; i < steps; i++)
            losses[i] = (float)session.Run([model.Loss, model.Step])[0]!;
        return losses;
    }
}
