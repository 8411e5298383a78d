using Xunit;

namespace NotebookPersist.Tests.Graphs.Optimizers;

public sealed class OptimizerTests
{
    [Fact]
    public void Gradient_descent_makes_TensorFlows_nodes()
    {
        (Graph graph, Output loss) = Line();
        int before = graph.Operations.Count;

        Operation step = new GradientDescentOptimizer(0.1).Minimize(loss);

        Assert.Equal("GradientDescent", step.Name);
        Assert.Equal("NoOp", step.Type);
        Assert.Equal(
            ["GradientDescent/learning_rate", "GradientDescent/update_w/ApplyGradientDescent", "GradientDescent/update_b/ApplyGradientDescent", "GradientDescent"],
            Names(graph, before).Where(static n => !n.StartsWith("gradients/", StringComparison.Ordinal)));
        Assert.Equal("loc:@w", graph.GetOperationByName("GradientDescent/update_w/ApplyGradientDescent").Attributes.Strings("_class").Single());
        Assert.Same(step, graph.GetCollection(GraphKeys.TrainOp).Single());
    }

    [Fact]
    public void Adam_makes_TensorFlows_nodes_and_slots()
    {
        (Graph graph, Output loss) = Line();
        int before = graph.Operations.Count;

        new AdamOptimizer().Minimize(loss);

        Assert.Equal(
            [
                "beta1_power/initial_value", "beta1_power", "beta1_power/Assign", "beta1_power/read",
                "beta2_power/initial_value", "beta2_power", "beta2_power/Assign", "beta2_power/read",
                "w/Adam/Initializer/zeros", "w/Adam", "w/Adam/Assign", "w/Adam/read",
                "w/Adam_1/Initializer/zeros", "w/Adam_1", "w/Adam_1/Assign", "w/Adam_1/read",
                "b/Adam/Initializer/zeros", "b/Adam", "b/Adam/Assign", "b/Adam/read",
                "b/Adam_1/Initializer/zeros", "b/Adam_1", "b/Adam_1/Assign", "b/Adam_1/read",
                "Adam/learning_rate", "Adam/beta1", "Adam/beta2", "Adam/epsilon",
                "Adam/update_w/ApplyAdam", "Adam/update_b/ApplyAdam", "Adam/mul", "Adam/Assign", "Adam/mul_1", "Adam/Assign_1", "Adam",
            ],
            Names(graph, before).Where(static n => !n.StartsWith("gradients/", StringComparison.Ordinal)));
        Assert.Equal(["w", "b", "beta1_power", "beta2_power", "w/Adam", "w/Adam_1", "b/Adam", "b/Adam_1"], graph.GlobalVariables().Select(static v => v.OperationName));
        Assert.Equal(["w", "b"], graph.TrainableVariables().Select(static v => v.OperationName));
        Assert.Equal("loc:@w", graph.GetOperationByName("w/Adam/Initializer/zeros").Attributes.Strings("_class").Single());
        Assert.Equal("loc:@b", graph.GetOperationByName("beta1_power").Attributes.Strings("_class").Single());
    }

    [Fact]
    public void A_second_optimizer_gets_slots_of_its_own()
    {
        (Graph graph, Output loss) = Line();
        new AdamOptimizer().Minimize(loss);
        new AdamOptimizer().Minimize(loss);
        Assert.Contains(graph.GlobalVariables(), static v => v.OperationName == "w/Adam_3");
        Assert.Contains(graph.GlobalVariables(), static v => v.OperationName == "beta1_power_1");
        Assert.True(graph.TryGetOperation("Adam_1/update_w/ApplyAdam", out _));
    }

    [Theory]
    [InlineData("GradientDescent")]
    [InlineData("Momentum")]
    [InlineData("Nesterov")]
    [InlineData("Adagrad")]
    [InlineData("Adam")]
    [InlineData("RMSProp")]
    [InlineData("CenteredRMSProp")]
    [InlineData("Ftrl")]
    public void Every_optimizer_finds_the_bottom_of_a_bowl(string name)
    {
        Optimizer optimizer = name switch
        {
            "GradientDescent" => new GradientDescentOptimizer(0.1),
            "Momentum" => new MomentumOptimizer(0.05, 0.8),
            "Nesterov" => new MomentumOptimizer(0.05, 0.8, useNesterov: true),
            "Adagrad" => new AdagradOptimizer(1.0),
            "Adam" => new AdamOptimizer(0.1),
            "RMSProp" => new RMSPropOptimizer(0.02),
            "CenteredRMSProp" => new RMSPropOptimizer(0.02, centered: true),
            _ => new FtrlOptimizer(2.0),
        };
        var graph = new Graph();
        // Seven elements leave a rest beside whole vectors.
        Variable w = graph.Variable(new[] { 3f, -2f, 1f, 0.5f, -1f, 2f, 4f }, "w");
        Output away = w.Value - new[] { 1f, 2f, 3f, 4f, 5f, 6f, 7f };
        Operation step = optimizer.Minimize(away * away);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        for (int i = 0; i < 600; i++)
            session.Run(step);
        float[] found = session.Run(w).ToArray<float>();
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(i + 1, found[i], 0.1f);
    }

    [Fact]
    public void Nothing_to_train_is_said()
    {
        var graph = new Graph();
        Output loss = graph.Constant(1.0) * 2.0;
        Assert.StartsWith("No variables to optimize.", Assert.Throws<ArgumentException>(() => new AdamOptimizer().Minimize(loss)).Message, StringComparison.Ordinal);
        graph.Variable(1.0, "w");
        var error = Assert.Throws<GraphException>(() => new AdamOptimizer().Minimize(loss));
        Assert.StartsWith("No gradients provided for any variable, check your graph for ops that do not support gradients, between variables [<tf.Variable 'w:0' shape=() dtype=float32_ref>]", error.Message, StringComparison.Ordinal);
    }

    private static (Graph Graph, Output Loss) Line()
    {
        var graph = new Graph();
        Variable w = graph.Variable(new[] { 5f }, "w");
        Variable b = graph.Variable(new[] { 1f }, "b");
        return (graph, (w.Value * graph.Placeholder(DType.Float32, [1], "x")) + b.Value);
    }

    private static IEnumerable<string> Names(Graph graph, int from) => graph.Operations.Skip(from).Select(static o => o.Name);
}
