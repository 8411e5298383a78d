using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

public sealed class CondTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Nodes_are_named_as_TensorFlow_names_them()
    {
        Output x = _graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar, "p");

        Output y = _graph.Cond(p, () => x + 1, () => x * 2);

        Assert.Equal("cond/Merge:0", y.Name);
        foreach (string name in new[] { "cond/Switch", "cond/switch_t", "cond/switch_f", "cond/pred_id", "cond/add/y", "cond/add", "cond/add/Switch", "cond/mul/y", "cond/mul", "cond/mul/Switch" })
            Assert.True(_graph.TryGetOperation(name, out _), name);
        Assert.Equal("cond/add/Switch:1", _graph.GetOperationByName("cond/add").Inputs[0].Name);
        Assert.Equal("cond/mul/Switch:0", _graph.GetOperationByName("cond/mul").Inputs[0].Name);
        Assert.Equal("cond/switch_t", Assert.Single(_graph.GetOperationByName("cond/add/y").ControlInputs).Name);
        Assert.Equal(["cond/mul", "cond/add"], y.Operation.Inputs.Select(static i => i.Operation.Name));
    }

    [Theory]
    [InlineData(true, 4f)]
    [InlineData(false, 6f)]
    public void The_branch_that_is_asked_for_is_computed(bool pred, float expected)
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output x = _graph.Constant(3f);
        Output y = _graph.Cond(p, () => x + 1, () => x * 2);
        using var session = new Session(_graph);
        Assert.Equal(expected, session.Run(y, new FeedDict { { p, pred } }).Item<float>());
    }

    [Fact]
    public void Effects_of_the_other_branch_do_not_happen()
    {
        Variable v = _graph.Variable(1f, name: "v");
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output y = _graph.Cond(p, () => _graph.AssignAdd(v.Reference, 10f), () => _graph.Identity(v.Value));
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal(1f, session.Run(y, new FeedDict { { p, false } }).Item<float>());
        Assert.Equal(1f, session.Run(v).Item<float>());
        Assert.Equal(11f, session.Run(y, new FeedDict { { p, true } }).Item<float>());
        Assert.Equal(11f, session.Run(v).Item<float>());
    }

    [Theory]
    [InlineData(1, "one")]
    [InlineData(2, "two")]
    [InlineData(5, "many")]
    public void The_first_true_case_wins(int number, string expected)
    {
        Output n = _graph.Placeholder(DType.Int32, Shape.Scalar);
        Output said = _graph.Case(
            [(_graph.Equal(n, 1), () => _graph.Constant("one")), (_graph.Less(n, 3), () => _graph.Constant("two"))],
            () => _graph.Constant("many"));
        using var session = new Session(_graph);
        Assert.Equal(expected, (string)session.Run(said, new FeedDict { { n, number } }));
    }

    [Fact]
    public void Cases_that_do_not_exclude_each_other_and_no_case_at_all_fail_the_run()
    {
        Output n = _graph.Placeholder(DType.Int32, Shape.Scalar);
        (Output, Func<Output>)[] cases = [(_graph.Equal(n, 1), () => _graph.Constant("one")), (_graph.Less(n, 3), () => _graph.Constant("two"))];
        Output exclusive = _graph.Case(cases, () => _graph.Constant("many"), exclusive: true);
        Output bare = _graph.Case(cases);
        Output inner = _graph.Cond(_graph.Less(n, 100), () => _graph.Case(cases), () => _graph.Constant("far"));
        using var session = new Session(_graph);
        string Run(Output output, int number) => (string)session.Run(output, new FeedDict { { n, number } });
        Assert.Equal(["two", "many", "one", "two", "two", "far"], [Run(exclusive, 2), Run(exclusive, 3), Run(bare, 1), Run(bare, 2), Run(inner, 2), Run(inner, 100)]);
        Assert.Contains("more than 1 conditions", Assert.Throws<RunException>(() => Run(exclusive, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("None of conditions evaluated as True", Assert.Throws<RunException>(() => Run(bare, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("None of conditions evaluated as True", Assert.Throws<RunException>(() => Run(inner, 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, 5f)]
    [InlineData(true, false, 6f)]
    [InlineData(false, true, 3f)]
    public void Branches_lie_within_branches(bool outer, bool inner, float expected)
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output q = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output x = _graph.Constant(3f);
        Output y = _graph.Cond(p, () => _graph.Cond(q, () => x + 2, () => x * 2), () => x);
        using var session = new Session(_graph);
        Assert.Equal(expected, session.Run(y, new FeedDict { { p, outer }, { q, inner } }).Item<float>());
    }

    [Theory]
    [InlineData(true, 6.0)]
    [InlineData(false, 12.0)]
    public void The_gradient_goes_through_the_branch_taken(bool pred, double expected)
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output x = _graph.Placeholder(DType.Float64, Shape.Unknown);
        Output y = _graph.Cond(p, () => _graph.Square(x), () => 2 * _graph.Square(x));
        Output gradient = _graph.Gradients(y, x)[0]!;
        using var session = new Session(_graph);
        Assert.Equal(expected, session.Run(gradient, new FeedDict { { p, pred }, { x, 3.0 } }).Item<double>());
    }

    [Fact]
    public void A_value_that_only_one_branch_uses_has_no_gradient_from_the_other()
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output x = _graph.Placeholder(DType.Float64, Shape.Unknown);
        Output z = _graph.Placeholder(DType.Float64, Shape.Unknown);
        Output y = _graph.Cond(p, () => _graph.ReduceSum(_graph.Square(x)), () => _graph.ReduceSum(z));
        Output gradient = _graph.Gradients(y, x)[0]!;
        using var session = new Session(_graph);
        var values = new FeedDict { { x, new[] { 1.0, 2.0 } }, { z, 1.0 }, { p, true } };
        Assert.Equal([2.0, 4.0], session.Run(gradient, values).ToArray<double>());
        values = new FeedDict { { x, new[] { 1.0, 2.0 } }, { z, 1.0 }, { p, false } };
        Assert.Equal([0.0, 0.0], session.Run(gradient, values).ToArray<double>());
    }

    [Fact]
    public void A_value_in_the_branch_not_taken_cannot_be_fetched()
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Output? inside = null;
        _graph.Cond(p, () => inside = _graph.Constant(1f) + 1, () => _graph.Constant(2f));
        using var session = new Session(_graph);
        Assert.Equal(2f, session.Run(inside!, new FeedDict { { p, true } }).Item<float>());
        RunException fault = Assert.Throws<RunException>(() => session.Run(inside!, new FeedDict { { p, false } }));
        Assert.Contains("Retval[0] does not have value", fault.Message, StringComparison.Ordinal);
        Assert.Equal("cond/add", fault.NodeName);
    }

    [Fact]
    public void Branches_must_give_the_same()
    {
        Output p = _graph.Placeholder(DType.Bool, Shape.Scalar);
        Assert.Throws<GraphException>(() => _graph.Cond(p, () => _graph.Constant(1f), () => _graph.Constant(1)));
        Assert.Throws<GraphException>(() => _graph.Cond(p, () => [_graph.Constant(1f)], () => Array.Empty<Output>()));
        Assert.Null(_graph.ControlFlow);
    }
}
