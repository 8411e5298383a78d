using NotebookPersist.Protos;
using NotebookPersist.Tests.Graphs.Interchange;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Graphs.Variables;

/// <summary>Variables behind resource handles: TensorFlow's nodes, running, training, saving.</summary>
public sealed class ResourceVariableTests(ITestOutputHelper output)
{
    [Fact]
    public void The_nodes_are_those_of_TensorFlow_1_15()
    {
        StoredGraphs.StoredGraph stored = StoredGraphs.Meta().Single(static g => g.Name.EndsWith("t044_s09.ckpt.meta", StringComparison.Ordinal));
        string[] names = [.. stored.GraphDef.Node.Where(static n => n.Op == "VarHandleOp" && !n.Name.Contains("Adam", StringComparison.Ordinal)).Select(static n => n.Name)];
        int compared = 0;
        foreach (string name in names)
        {
            Dictionary<string, NodeDef> theirs = stored.GraphDef.Node
                .Where(n => n.Name == name || n.Name.StartsWith(name + "/IsInitialized", StringComparison.Ordinal) || n.Name == name + "/Assign" || n.Name.StartsWith(name + "/Read/", StringComparison.Ordinal))
                .ToDictionary(static n => n.Name, StringComparer.Ordinal);
            NodeDef assign = theirs[name + "/Assign"];
            if (assign.Input[1] != name + "/Initializer/truncated_normal")
                continue;
            var graph = new Graph();
            Variable variable = graph.GetVariable(
                name, Shape.Create([.. theirs[name].Attr["shape"].Shape.Dim.Select(static d => d.Size)]), initializer: new TruncatedNormalInitializer(), useResource: true);
            Dictionary<string, NodeDef> ours = graph.ToGraphDef().Node.ToDictionary(static n => n.Name, StringComparer.Ordinal);
            foreach (NodeDef node in theirs.Values)
            {
                node.Attr.Remove("_output_shapes");
                node.Device = "";
                Assert.Equal(node, ours[node.Name]);
            }

            Assert.Equal(theirs.Count, ours.Keys.Count(static n => !n.Contains("/Initializer/", StringComparison.Ordinal)));
            Assert.Equal((true, name + ":0", DType.Float32), (variable.IsResource, variable.Name, variable.DType));
            compared++;
        }

        output.WriteLine($"{compared} variables.");
        Assert.True(compared >= 5);
    }

    [Fact]
    public void The_initial_value_of_a_variable_lies_under_Initializer()
    {
        var graph = new Graph();
        Variable variable = graph.Variable(new float[] { 1, 2 }, "v", useResource: true);
        Assert.Equal(
            ["v/Initializer/initial_value", "v", "v/IsInitialized/VarIsInitializedOp", "v/Assign", "v/Read/ReadVariableOp"],
            graph.Operations.Select(static o => o.Name));
        Assert.Equal([variable], graph.GlobalVariables());
        Assert.Equal([variable], graph.TrainableVariables());
    }

    [Fact]
    public void A_scope_or_the_graph_says_which_kind_is_made()
    {
        var graph = new Graph();
        using (graph.VariableScope("r", useResource: true))
        {
            Assert.True(graph.GetVariable("a", [2]).IsResource);
            using (graph.VariableScope("inner"))
                Assert.True(graph.Variable(1f, "b").IsResource);
            Assert.False(graph.GetVariable("c", [2], useResource: false).IsResource);
        }

        Assert.False(graph.GetVariable("d", [2]).IsResource);
        graph.UseResourceVariables = true;
        Assert.True(graph.GetVariable("e", [2]).IsResource);
    }

    [Fact]
    public void Values_are_read_assigned_and_counted_up()
    {
        var graph = new Graph();
        Variable variable = graph.GetVariable("v", initializer: new ConstantInitializer(new float[] { 1, 2 }), useResource: true);
        Output assigned = variable.Assign(new float[] { 5, 6 });
        Output added = variable.AssignAdd(new float[] { 1, 1 });
        using var session = new Session(graph);
        Assert.Throws<RunException>(() => session.Run(variable));
        session.Run(graph.GlobalVariablesInitializer());
        Assert.Equal([1f, 2f], session.Run(variable).ToArray<float>());
        Assert.Equal([5f, 6f], session.Run(assigned).ToArray<float>());
        Assert.Equal([6f, 7f], session.Run(added).ToArray<float>());
        Assert.Equal([4f, 6f], session.Run(variable.AssignSub(new float[] { 2, 1 })).ToArray<float>());
    }

    [Theory]
    [InlineData("GradientDescent", "ResourceApplyGradientDescent")]
    [InlineData("Momentum", "ResourceApplyMomentum")]
    [InlineData("Adam", "ResourceApplyAdam")]
    [InlineData("Adagrad", "ResourceApplyAdagrad")]
    public void Training_is_that_of_reference_variables(string name, string operation)
    {
        float[] expected = Train(name, useResource: false, out _);
        float[] actual = Train(name, useResource: true, out Graph graph);
        Assert.Equal(expected, actual);
        Assert.Contains(graph.Operations, o => o.Type == operation);
        Assert.All(graph.GlobalVariables(), static v => Assert.True(v.IsResource));
    }

    [Theory]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(SaverDef.Types.CheckpointFormatVersion.V1)]
    public void A_saver_keeps_them_and_gives_them_back_also_to_an_imported_graph(SaverDef.Types.CheckpointFormatVersion version)
    {
        using TemporaryFolder folder = new();
        var graph = new Graph();
        Variable variable = graph.GetVariable("v", initializer: new ConstantInitializer(new float[] { 1, 2 }), useResource: true);
        Variable reference = graph.GetVariable("w", initializer: new ConstantInitializer(new float[] { 3 }));
        var saver = new Saver(graph: graph, writeVersion: version);
        string prefix;
        using (var session = new Session(graph))
        {
            session.Run(graph.GlobalVariablesInitializer());
            session.Run(variable.Assign(new float[] { 7, 8 }));
            prefix = saver.Save(session, folder["m.ckpt"]);
        }

        using (var session = new Session(graph))
        {
            saver.Restore(session, prefix);
            Assert.Equal([7f, 8f], session.Run(variable).ToArray<float>());
            Assert.Equal([3f], session.Run(reference).ToArray<float>());
        }

        using LoadedModel model = LoadedModel.Load(prefix);
        Assert.Equal([7f, 8f], model.Session.Run("v/Read/ReadVariableOp:0")!.ToArray<float>());
        Variable imported = model.Graph.GlobalVariables().Single(static v => v.Name == "v:0");
        Assert.Equal((true, "v/Assign", "v/Read/ReadVariableOp:0"), (imported.IsResource, imported.Initializer.Name, imported.Value.Name));
    }

    private static float[] Train(string name, bool useResource, out Graph graph)
    {
        graph = new Graph { UseResourceVariables = useResource };
        Variable variable = graph.GetVariable("v", initializer: new ConstantInitializer(new float[] { 1, -2 }));
        Output loss = graph.ReduceSum(graph.Square(variable - new float[] { 3, 3 }));
        Optimizer optimizer = name switch
        {
            "Adam" => new AdamOptimizer(0.1),
            "Momentum" => new MomentumOptimizer(0.1, 0.9),
            "Adagrad" => new AdagradOptimizer(0.1),
            _ => new GradientDescentOptimizer(0.1),
        };
        Operation step = optimizer.Minimize(loss);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        for (int i = 0; i < 3; i++)
            session.Run(step);
        return session.Run(variable).ToArray<float>();
    }
}
