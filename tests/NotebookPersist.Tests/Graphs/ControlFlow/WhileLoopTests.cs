using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

public sealed class WhileLoopTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Nodes_are_named_as_TensorFlow_names_them()
    {
        Output i = _graph.Constant(0, name: "i");
        Output result = _graph.WhileLoop(v => _graph.Less(v, 10), v => _graph.Add(v, 1), i);

        Assert.Equal("while/Exit:0", result.Name);
        foreach (string name in new[] { "while/Enter", "while/Merge", "while/Less", "while/Less/y", "while/LoopCond", "while/Switch", "while/Identity", "while/Add", "while/Add/y", "while/NextIteration", "while/Exit" })
            Assert.True(_graph.TryGetOperation(name, out _), name);
        Assert.Equal("while/while_context", _graph.GetOperationByName("while/Enter").Attributes.String("frame_name"));
        Assert.Equal(["while/Enter", "while/NextIteration"], _graph.GetOperationByName("while/Merge").Inputs.Select(static o => o.Operation.Name));
        Assert.Equal("while/Merge", Assert.Single(_graph.GetOperationByName("while/Less/y").ControlInputs).Name);
        Assert.Equal("while/Identity", Assert.Single(_graph.GetOperationByName("while/Add/y").ControlInputs).Name);
    }

    [Fact]
    public void What_comes_from_outside_is_entered_once_for_all_iterations()
    {
        Output k = _graph.Placeholder(DType.Int32, Shape.Scalar, "k");
        Output result = _graph.WhileLoop(v => _graph.Less(v, 100), v => _graph.Add(v, k), 0);
        Operation enter = _graph.GetOperationByName("while/Add/Enter");
        Assert.True(enter.Attributes.Bool("is_constant"));
        using var session = new Session(_graph);
        Assert.Equal(105, session.Run(result, new FeedDict { { k, 7 } }).Item<int>());
    }

    [Fact]
    public void What_a_variable_begins_with_can_be_used_inside_too()
    {
        // x is doubled, then x itself is added, twice: 7 x; its derivative comes by both ways.
        Output x = _graph.Placeholder(DType.Float64, Shape.Scalar);
        IReadOnlyList<LoopVariable> results = _graph.WhileLoop(
            v => _graph.Less((Output)v[0], 2),
            v => [_graph.Add((Output)v[0], 1), _graph.Add(_graph.Multiply((Output)v[1], 2.0), x)],
            [_graph.Constant(0), x]);
        Output inner = _graph.WhileLoop(
            v => _graph.Less(v, 20.0),
            v => _graph.Add(v, _graph.WhileLoop(w => _graph.Less(w, 10.0), w => _graph.Add(w, x), x)),
            x);
        Output slope = _graph.Gradients(results[1], x)[0]!;
        using var session = new Session(_graph);
        FeedDict feeds = new() { { x, 3.0 } };
        Assert.Equal(21.0, session.Run((Output)results[1], feeds).Item<double>());
        Assert.Equal(7.0, session.Run(slope, feeds).Item<double>());
        Assert.Equal(27.0, session.Run(inner, feeds).Item<double>());
    }

    [Fact]
    public void Loops_lie_within_loops_and_branches()
    {
        // sum over i < n of (i even ? sum over j < i of j : 100)
        Output n = _graph.Placeholder(DType.Int32, Shape.Scalar);
        IReadOnlyList<LoopVariable> results = _graph.WhileLoop(
            v => _graph.Less((Output)v[0], n),
            v =>
            {
                Output i = v[0];
                Output term = _graph.Cond(
                    _graph.Equal(_graph.FloorMod(i, 2), 0),
                    () => _graph.WhileLoop(w => _graph.Less((Output)w[0], i), w => [_graph.Add((Output)w[0], 1), _graph.Add((Output)w[1], (Output)w[0])], [_graph.Constant(0), _graph.Constant(0)])[1],
                    () => _graph.Constant(100));
                return [_graph.Add(i, 1), _graph.Add((Output)v[1], term)];
            },
            [_graph.Constant(0), _graph.Constant(0)]);
        using var session = new Session(_graph);
        int expected = 0;
        for (int i = 0; i < 9; i++)
            expected += i % 2 == 0 ? Enumerable.Range(0, i).Sum() : 100;
        Assert.Equal(expected, session.Run(results[1], new FeedDict { { n, 9 } }).Item<int>());
        Assert.Equal(0, session.Run(results[1], new FeedDict { { n, 0 } }).Item<int>());
    }

    [Fact]
    public void Variables_change_within_loops()
    {
        Variable v = _graph.Variable(2f, name: "v");
        Output last = _graph.WhileLoop(
            i => _graph.Less(i, 5),
            i =>
            {
                using (_graph.ControlDependencies(_graph.AssignAdd(v.Reference, 3f)))
                    return _graph.Add(i, 1);
            },
            0);
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal(5, session.Run(last).Item<int>());
        Assert.Equal(17f, session.Run(v).Item<float>());
    }

    [Fact]
    public void Iterations_end_at_the_maximum()
    {
        Output result = _graph.WhileLoop(v => _graph.Less(v, 1000), v => v + 1, 0, maximumIterations: 7);
        using var session = new Session(_graph);
        Assert.Equal(7, session.Run(result).Item<int>());
    }

    [Fact]
    public void A_loop_without_end_can_be_stopped()
    {
        Output result = _graph.WhileLoop(v => _graph.GreaterEqual(v, 0), v => v * 1, 1);
        using var session = new Session(_graph);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(result, cancellation: stop.Token));
    }

    [Fact]
    public void Shapes_that_change_need_an_invariant()
    {
        Output start = _graph.Constant(new[] { 1f });
        GraphException fault = Assert.Throws<GraphException>(() => _graph.WhileLoop(v => _graph.Less(_graph.Size(v), 5), v => _graph.Concat([v, v], 0), start));
        Assert.Contains("has shape (2,) after one iteration", fault.Message, StringComparison.Ordinal);
        Output grown = _graph.WhileLoop(v => _graph.Less(_graph.Size(v), 5), v => _graph.Concat([v, v], 0), start, shapeInvariant: Shape.OfRank(1));
        using var session = new Session(_graph);
        Assert.Equal(new float[] { 1, 1, 1, 1, 1, 1, 1, 1 }, session.Run(grown).ToArray<float>());
    }

    [Fact]
    public void What_lies_within_cannot_be_fetched()
    {
        Output? inside = null;
        _graph.WhileLoop(v => _graph.Less(v, 3), v => inside = v + 1, 0);
        using var session = new Session(_graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run(inside!));
        Assert.Contains("has been marked as not fetchable", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_survives_being_stored()
    {
        Output k = _graph.Placeholder(DType.Int32, Shape.Scalar, "k");
        Output result = _graph.WhileLoop(v => _graph.Less(v, 100), v => _graph.Add(v, k), 0);
        MetaGraphDef meta = MetaGraphs.Export(_graph);
        var context = WhileContextDef.Parser.ParseFrom(Assert.Single(meta.CollectionDef[GraphKeys.WhileContext].BytesList.Value));
        Assert.Equal("while/while_context", context.ContextName);
        Assert.Equal("while/LoopCond:0", context.PivotName);
        Assert.Equal(["while/Exit:0"], context.LoopExitNames);
        Assert.Equal("while/Add/Enter:0", context.ValuesDef.ExternalValues["k:0"]);
        var copy = new Graph();
        MetaGraphs.Import(copy, meta);
        using var session = new Session(copy);
        Assert.Equal(104, session.Run(result.Name, new FeedDict { { "k:0", 8 } })!.Item<int>());
    }
}
