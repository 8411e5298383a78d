using Xunit;

namespace NotebookPersist.Tests.Graphs.Variables;

public sealed class GetVariableTests
{
    [Fact]
    public void A_variable_starts_with_Glorots_numbers_under_TensorFlows_names()
    {
        var graph = new Graph();
        Variable kernel;
        using (graph.VariableScope("dense"))
            kernel = graph.GetVariable("kernel", [3, 4]);

        Assert.Equal(
            [
                "dense/kernel/Initializer/random_uniform/shape", "dense/kernel/Initializer/random_uniform/min", "dense/kernel/Initializer/random_uniform/max",
                "dense/kernel/Initializer/random_uniform/RandomUniform", "dense/kernel/Initializer/random_uniform/sub", "dense/kernel/Initializer/random_uniform/mul",
                "dense/kernel/Initializer/random_uniform", "dense/kernel", "dense/kernel/Assign", "dense/kernel/read",
            ],
            graph.Operations.Select(static o => o.Name));
        Assert.Equal("dense/kernel:0", kernel.Name);
        Assert.All(graph.Operations, static o => Assert.Equal("loc:@dense/kernel", o.Attributes.Strings("_class").Single()));
        float limit = MathF.Sqrt(6f / 7);
        Assert.Equal(limit, graph.GetOperationByName("dense/kernel/Initializer/random_uniform/max").Attributes.Tensor("value").Item<float>());
    }

    [Fact]
    public void A_variable_is_made_once_and_shared_only_where_that_is_said()
    {
        var graph = new Graph();
        using (graph.VariableScope("s"))
        {
            graph.GetVariable("v", [2]);
            Assert.Equal(
                "Variable s/v already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope? That is tf.VariableScope(name, reuse: true), or tf.AutoReuse, here.",
                Assert.Throws<GraphException>(() => graph.GetVariable("v", [2])).Message);
        }

        using (graph.VariableScope("s", VariableReuse.Existing))
        {
            Assert.Same(graph.TrainableVariables().Single(), graph.GetVariable("v", [2]));
            Assert.Equal(
                "Variable s/u does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in VarScope? That is tf.VariableScope(name, reuse: tf.AutoReuse) here.",
                Assert.Throws<GraphException>(() => graph.GetVariable("u", [2])).Message);
            Assert.Equal(
                "Trying to share variable s/v, but specified shape (3,) and found shape (2,).",
                Assert.Throws<GraphException>(() => graph.GetVariable("v", [3])).Message);
        }
    }

    [Fact]
    public void Operations_of_a_scope_entered_twice_differ_in_name_and_variables_do_not()
    {
        var graph = new Graph();
        using (graph.VariableScope("s"))
            Assert.Equal("s/Const", graph.Constant(1).Operation.Name);
        using (graph.VariableScope("s", VariableReuse.Auto))
        {
            Assert.Equal("s_1/Const", graph.Constant(1).Operation.Name);
            Assert.Equal("s/v:0", graph.GetVariable("v", [2]).Name);
        }
    }

    [Fact]
    public void A_cell_that_is_run_again_makes_its_variables_again()
    {
        var graph = new Graph { CurrentCell = "a" };
        graph.GetVariable("v", [2]);
        graph.RemoveCell("a");
        Assert.Equal("v:0", graph.GetVariable("v", [2]).Name);
    }

    [Fact]
    public void The_global_step_is_made_once()
    {
        var graph = new Graph();
        Variable step = graph.GetOrCreateGlobalStep();
        Assert.Same(step, graph.GetOrCreateGlobalStep());
        Assert.Equal(("global_step:0", DType.Int64, false), (step.Name, step.DType, step.IsTrainable));
    }

    [Fact]
    public void A_seeded_graph_draws_the_same_numbers_in_every_session()
    {
        float[] Draw()
        {
            var graph = new Graph { Seed = 7 };
            Output normal = graph.RandomNormal([4]);
            Assert.Equal(3, normal.Operation.Inputs[0].Operation.Inputs[0].Operation.Attributes.Int("seed2"));
            using var session = new Session(graph);
            return session.Run(normal).ToArray<float>();
        }

        Assert.Equal(Draw(), Draw());
    }
}
