using NotebookPersist.Memory;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Variables;

/// <summary>What was read of a variable behind a handle stays as it was read, whatever is written afterwards in the same run.</summary>
public sealed class ReadBeforeUpdateTests
{
    [Theory]
    [InlineData("AssignVariableOp", new float[] { 10, 20, 30 })]
    [InlineData("AssignAddVariableOp", new float[] { 11, 22, 33 })]
    [InlineData("AssignSubVariableOp", new float[] { -9, -18, -27 })]
    [InlineData("ResourceApplyGradientDescent", new float[] { -4, -8, -12 })]
    [InlineData("ResourceApplyMomentum", new float[] { -4, -8, -12 })]
    [InlineData("ResourceScatterAdd", new float[] { 11, 2, 23 })]
    [InlineData("ResourceScatterNdUpdate", new float[] { 10, 2, 20 })]
    [InlineData("ResourceStridedSliceAssign", new float[] { 1, 10, 20 })]
    public void What_was_read_before_an_update_stays(string type, float[] expected)
    {
        var graph = new Graph();
        Variable variable = graph.GetVariable("v", initializer: new ConstantInitializer(new float[] { 1, 2, 3 }), useResource: true);
        Variable slot = graph.GetVariable("slot", initializer: new ConstantInitializer(new float[] { 0, 0, 0 }), useResource: true);
        Output before = graph.ReadVariableOp(variable.Reference, DType.Float32);
        Operation update;
        using (graph.ControlDependencies(before.Operation))
            update = Update(graph, type, variable.Reference, slot.Reference);
        Output after, later;
        using (graph.ControlDependencies(update))
        {
            after = graph.ReadVariableOp(variable.Reference, DType.Float32);
            later = before * 2f;
        }

        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Tensor?[] found = session.Run([before, after, later]);
        Assert.Equal([1f, 2f, 3f], found[0]!.ToArray<float>());
        Assert.Equal(expected, found[1]!.ToArray<float>());
        Assert.Equal([2f, 4f, 6f], found[2]!.ToArray<float>());
        Assert.Equal(expected, session.Run(variable).ToArray<float>());
    }

    [Fact]
    public void A_reference_shares_its_bytes_with_what_was_read_of_it()
    {
        var graph = new Graph();
        Variable variable = graph.GetVariable("v", initializer: new ConstantInitializer(new float[] { 1, 2 }));
        Operation update;
        using (graph.ControlDependencies(variable.Value.Operation))
            update = graph.AssignAdd(variable.Reference, new float[] { 10, 10 }).Operation;
        Output later;
        using (graph.ControlDependencies(update))
            later = variable.Value * 2f;
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Assert.Equal([22f, 24f], session.Run(later).ToArray<float>());
    }

    [Theory]
    [InlineData("GradientDescent")]
    [InlineData("Momentum")]
    [InlineData("Adam")]
    public void A_training_step_copies_no_variable(string name)
    {
        var graph = new Graph { UseResourceVariables = true };
        Variable weights = graph.GetVariable("w", initializer: new ConstantInitializer(Tensor.Zeros(DType.Float32, [40, 30])));
        Variable bias = graph.GetVariable("b", initializer: new ConstantInitializer(Tensor.Zeros(DType.Float32, [30])));
        Output x = graph.Placeholder(DType.Float32, [5, 40]);
        Output loss = graph.ReduceSum(graph.Square(graph.MatMul(x, weights) + bias - 1f));
        Variable step = graph.GetVariable("step", initializer: new ConstantInitializer(0L), trainable: false);
        Optimizer optimizer = name switch
        {
            "Adam" => new AdamOptimizer(0.1),
            "Momentum" => new MomentumOptimizer(0.001, 0.9),
            _ => new GradientDescentOptimizer(0.001),
        };
        Operation train = optimizer.Minimize(loss, step);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { { x, Tensor.Of<float>([5, 40], [.. Enumerable.Range(0, 200).Select(static i => i % 7 / 7f)]) } };
        session.Run(train, feeds);
        Dictionary<string, TensorBuffer?> buffers = Trained(session);
        session.Run(train, feeds);
        Assert.All(Trained(session), p => Assert.Same(buffers[p.Key], p.Value));
        Assert.Equal(2L, session.Run(step).ItemAt<long>(0));
    }

    // Adam's powers are assigned, which gives them new bytes.
    private static Dictionary<string, TensorBuffer?> Trained(Session session) =>
        session.Variables.All.Where(static v => !v.Name.StartsWith("beta", StringComparison.Ordinal)).ToDictionary(static v => v.Name, static v => v.Value!.Buffer);

    private static Operation Update(Graph graph, string type, Output variable, Output slot) => type switch
    {
        "ResourceApplyGradientDescent" => graph.AddOperation(type, null, null, variable, 0.5f, new float[] { 10, 20, 30 }),
        "ResourceApplyMomentum" => graph.AddOperation(type, null, null, variable, slot, 0.5f, new float[] { 10, 20, 30 }, 0.9f),
        "ResourceScatterAdd" => graph.AddOperation(type, null, null, variable, new[] { 0, 2 }, new float[] { 10, 20 }),
        "ResourceScatterNdUpdate" => graph.AddOperation(type, null, null, variable, new[,] { { 0 }, { 2 } }, new float[] { 10, 20 }),
        "ResourceStridedSliceAssign" => graph.AddOperation(type, null, null, variable, new[] { 1 }, new[] { 3 }, new[] { 1 }, new float[] { 10, 20 }),
        _ => graph.AddOperation(type, null, null, variable, new float[] { 10, 20, 30 }),
    };
}
