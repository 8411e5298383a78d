using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

public sealed class GradientsTests
{
    [Fact]
    public void Nodes_have_TensorFlows_names()
    {
        var graph = new Graph();
        Variable w = graph.Variable(new[] { 5f }, "w");
        Variable b = graph.Variable(new[] { 1f }, "b");
        Output loss = (w.Value * graph.Placeholder(DType.Float32, [1], "x")) + b.Value;
        int before = graph.Operations.Count;

        Output?[] gradients = graph.Gradients([loss], [w.Reference, b.Reference], gateGradients: true);

        Assert.Equal(
            [
                "gradients/Shape", "gradients/grad_ys_0", "gradients/Fill",
                "gradients/add_grad/tuple/group_deps", "gradients/add_grad/tuple/control_dependency", "gradients/add_grad/tuple/control_dependency_1",
                "gradients/mul_grad/Mul", "gradients/mul_grad/Mul_1",
                "gradients/mul_grad/tuple/group_deps", "gradients/mul_grad/tuple/control_dependency", "gradients/mul_grad/tuple/control_dependency_1",
            ],
            graph.Operations.Skip(before).Select(static o => o.Name));
        Assert.Equal("gradients/mul_grad/tuple/control_dependency", gradients[0]!.Operation.Name);
        Assert.Equal("gradients/add_grad/tuple/control_dependency_1", gradients[1]!.Operation.Name);
        Assert.Equal("loc:@gradients/mul_grad/Mul", gradients[0]!.Operation.Attributes.Strings("_class").Single());
    }

    [Fact]
    public void Several_contributions_are_added_once()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        Output y = (x * x) + x;
        Output dx = graph.Gradients(y, x)[0]!;

        Assert.Equal("gradients/AddN", dx.Operation.Name);
        using var session = new Session(graph);
        Assert.Equal(7f, (float)session.Run(dx, new FeedDict { [x] = 3f }));
    }

    [Fact]
    public void What_is_not_connected_has_no_gradient()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        Output other = graph.Placeholder(DType.Float32, [], "other");

        Output?[] gradients = graph.Gradients([x * 2.0], [x, other]);

        Assert.NotNull(gradients[0]);
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void A_stopped_value_counts_as_a_constant()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        Output square = x * x;
        Output y = square * x;
        using var session = new Session(graph);

        Output whole = graph.Gradients(y, x)[0]!;
        Output partial = graph.Gradients([y], [x], stopGradients: [square])[0]!;

        Assert.Equal(27f, (float)session.Run(whole, new FeedDict { [x] = 3f }));
        Assert.Equal(9f, (float)session.Run(partial, new FeedDict { [x] = 3f }));
    }

    [Fact]
    public void A_graph_twenty_thousand_nodes_deep_is_differentiated()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        Output y = x;
        for (int i = 0; i < 20_000; i++)
            y = graph.Identity(y, $"same_{i}/");
        Assert.NotNull(graph.Gradients(y, x)[0]);
    }

    [Fact]
    public void The_number_of_weights_must_be_that_of_the_values()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        var error = Assert.Throws<ArgumentException>(() => graph.Gradients([x], [x], [null, null]));
        Assert.StartsWith("Passed 2 grad_ys for 1 ys.", error.Message, StringComparison.Ordinal);
    }
}
