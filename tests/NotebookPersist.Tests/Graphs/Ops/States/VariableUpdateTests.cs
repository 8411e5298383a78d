using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.States;

public sealed class VariableUpdateTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Scatters_change_the_variable()
    {
        Variable rows = _graph.Variable(new[] { 1f, 2f, 3f, 4f });
        Output added = _graph.ScatterAdd(rows.Reference, new[] { 1, 1, 3 }, new[] { 10f, 20f, 30f });
        Output divided = _graph.ScatterDiv(rows.Reference, new[] { 0 }, 2.0);
        Output placed = _graph.ScatterNdUpdate(rows.Reference, new[,] { { 2 } }, new[] { -1f });
        using var session = new Session(_graph);
        session.Run(rows.Initializer);
        session.Run(added);
        session.Run(divided);
        session.Run(placed);
        Assert.Equal([0.5f, 32f, -1f, 34f], session.Run(rows).ToArray<float>());
    }

    [Fact]
    public void Additions_need_the_variables_shape()
    {
        Variable counter = _graph.Variable(5);
        Output up = _graph.AssignAdd(counter.Reference, 2);
        using var session = new Session(_graph);
        session.Run(counter.Initializer);
        Assert.Equal(7, (int)session.Run(up));
        Assert.Throws<GraphException>(() => _graph.AssignAdd(counter.Reference, new[] { 1, 2 }));
    }

    [Fact]
    public void A_resource_keeps_what_was_read_before_it_changed()
    {
        Output handle = _graph.VarHandleOp(DType.Float32, [2], name: "v");
        Operation assign = _graph.AssignVariableOp(handle, new[] { 1f, 2f });
        Output before = _graph.ReadVariableOp(handle, DType.Float32);
        Operation add;
        using (_graph.ControlDependencies(before))
            add = _graph.AssignAddVariableOp(handle, new[] { 10f, 10f });
        Output after;
        using (_graph.ControlDependencies(add))
            after = _graph.ReadVariableOp(handle, DType.Float32);
        Output old = _graph.Identity(before);
        Output ready = _graph.VarIsInitializedOp(handle);
        using var session = new Session(_graph);
        Assert.False((bool)session.Run(ready));
        session.Run(assign);
        Tensor?[] values = session.Run([after, old]);
        Assert.Equal([11f, 12f], values[0]!.ToArray<float>());
        Assert.Equal([1f, 2f], values[1]!.ToArray<float>());
        Assert.True((bool)session.Run(ready));
    }

    [Fact]
    public void Reading_a_resource_without_value_says_so()
    {
        Output value = _graph.ReadVariableOp(_graph.VarHandleOp(DType.Float32, [2], name: "v"), DType.Float32);
        using var session = new Session(_graph);
        Assert.Contains("Error while reading resource variable v", Assert.Throws<RunException>(() => session.Run(value)).Message, StringComparison.Ordinal);
    }
}
