using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Operations that TensorFlow composes of several have its nodes under its names.</summary>
public sealed class CompositionTests
{
    [Fact]
    public void Dropout_makes_the_nodes_of_TensorFlow()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 4], "x");
        graph.DropoutRate(x, 0.25);
        Assert.Equal(
            [
                "x", "dropout/rate", "dropout/Shape", "dropout/random_uniform/min", "dropout/random_uniform/max", "dropout/random_uniform/RandomUniform",
                "dropout/random_uniform/sub", "dropout/random_uniform/mul", "dropout/random_uniform", "dropout/sub/x", "dropout/sub", "dropout/truediv/x",
                "dropout/truediv", "dropout/GreaterEqual", "dropout/mul", "dropout/Cast", "dropout/mul_1",
            ],
            graph.Operations.Select(static o => o.Name));
    }

    [Fact]
    public void Dropout_of_rate_zero_gives_the_input_itself()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [3]);
        Assert.Same(x, graph.DropoutRate(x, 0.0));
    }

    [Fact]
    public void Dropout_takes_the_kept_part_as_a_tensor()
    {
        var graph = new Graph();
        Output kept = graph.Dropout(graph.Constant(new[] { 1f, 2f, 3f }), Tensor.Scalar(1f));
        using var session = new Session(graph);
        Assert.Equal([1f, 2f, 3f], session.Run(kept).ToArray<float>());
    }

    [Fact]
    public void Cross_entropy_of_labels_that_are_probabilities_is_their_entropy_at_the_right_logits()
    {
        var graph = new Graph();
        float[,] labels = { { 0.25f, 0.75f }, { 0.5f, 0.5f } };
        float[,] logits = { { MathF.Log(0.25f), MathF.Log(0.75f) }, { 1000, 1000 } };
        Output loss = graph.SoftmaxCrossEntropyWithLogitsV2(labels, logits);
        Assert.Equal([2], loss.Shape.ToArray());
        using var session = new Session(graph);
        float[] found = session.Run(loss).ToArray<float>();
        Assert.Equal(0.5623351f, found[0], 5);
        Assert.Equal(MathF.Log(2), found[1], 5);
    }

    [Fact]
    public void A_class_out_of_range_is_told_with_its_value()
    {
        var graph = new Graph();
        Output loss = graph.SparseSoftmaxCrossEntropyWithLogits(new[] { 3 }, new float[,] { { 1, 2, 3 } });
        using var session = new Session(graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run(loss));
        Assert.Contains("Received a label value of 3 which is outside the valid range of [0, 3)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused_while_building()
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32, [2, 3]);
        Output b = graph.Placeholder(DType.Float32, [4, 5]);
        GraphException fault = Assert.Throws<GraphException>(() => graph.MatMul(a, b));
        Assert.Contains("Dimensions must be equal, but are 3 and 4", fault.Message, StringComparison.Ordinal);
    }
}
