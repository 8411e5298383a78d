using Xunit;

namespace NotebookPersist.Tests.Graphs.Optimizers;

public sealed class ExponentialMovingAverageTests
{
    [Fact]
    public void The_mean_follows_the_variable_and_is_saved_under_TensorFlows_name()
    {
        var graph = new Graph();
        Variable w = graph.Variable(10.0, "w");
        var mean = new ExponentialMovingAverage(0.9);
        Operation update = mean.Apply(graph);
        Operation change = w.Assign(20.0).Operation;

        Assert.Equal("ExponentialMovingAverage", update.Name);
        Assert.Equal("w/ExponentialMovingAverage:0", mean.Average(w)!.Name);
        Assert.True(graph.TryGetOperation("ExponentialMovingAverage/AssignMovingAvg", out Operation? assign));
        Assert.Equal("AssignSub", assign.Type);
        Assert.Equal(["w/ExponentialMovingAverage"], mean.VariablesToRestore(graph).Where(p => p.Value == w).Select(static p => p.Key));
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        session.Run(change);
        session.Run(update);
        Assert.Equal(11f, (float)session.Run(mean.Average(w)!), 1e-5f);
    }

    [Fact]
    public void A_step_is_counted_where_a_counter_is_given()
    {
        var graph = new Graph();
        Variable w = graph.Variable(10.0, "w");
        Variable step = graph.GetOrCreateGlobalStep();
        Operation train = new GradientDescentOptimizer(0.5).Minimize(w.Value * 2.0, step);

        Assert.Equal(("GradientDescent", "AssignAdd"), (train.Name, train.Type));
        Assert.Equal("NoOp", graph.GetOperationByName("GradientDescent/update").Type);
        Assert.Equal("Const", graph.GetOperationByName("GradientDescent/value").Type);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        for (int i = 0; i < 3; i++)
            session.Run(train);
        Assert.Equal(3, (long)session.Run(step));
        Assert.Equal(7f, (float)session.Run(w));
    }
}
