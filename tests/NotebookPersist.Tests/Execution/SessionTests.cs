using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Fetches, feeds and what a run leaves alone.</summary>
public sealed class SessionTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Values_can_be_fetched_alone_together_by_name_and_by_key()
    {
        Output a = _graph.Constant(2f, name: "a");
        Output b = _graph.Multiply(a, 3, "b");
        Operation nothing = _graph.NoOp("nothing");
        using var session = new Session(_graph);

        Assert.Equal(6f, (float)session.Run(b));
        Assert.Equal([2f, 6f, 6f], session.Run([a, b, b]).Select(static t => (float)t!));
        Assert.Equal(6f, (float)session.Run("b:0")!);
        Assert.Null(session.Run("nothing"));
        Tensor?[] mixed = session.Run([nothing, b]);
        Assert.Null(mixed[0]);
        Assert.Equal(6f, (float)mixed[1]!);
        Dictionary<string, Tensor?> named = session.Run(new Dictionary<string, Fetch> { ["x"] = a, ["y"] = "b:0" });
        Assert.Equal((2f, 6f), ((float)named["x"]!, (float)named["y"]!));
    }

    [Fact]
    public void Any_value_can_be_fed_and_what_it_replaces_does_not_run()
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x");
        Output twice = _graph.Multiply(x, 2, "twice");
        Output result = _graph.Add(twice, 1, "result");
        using var session = new Session(_graph);

        Assert.Equal(11f, (float)session.Run(result, new() { [twice] = 10f }));
        Assert.Equal(5f, (float)session.Run(twice, new() { [twice] = 5f }));
        Assert.Equal(7f, (float)session.Run(result, new() { ["x:0"] = 3 }));
    }

    [Fact]
    public void Only_what_is_fetched_runs()
    {
        Output never = _graph.Placeholder(DType.Float32, name: "never");
        _graph.Multiply(never, 2, "broken");
        Output fine = _graph.Constant(1f, name: "fine");
        using var session = new Session(_graph);
        Assert.Equal(1f, (float)session.Run(fine));
    }

    [Fact]
    public void A_missing_kernel_is_told_with_the_operation_the_node_and_who_asked_for_it()
    {
        var stored = new GraphDef();
        var strange = new NodeDef { Name = "strange", Op = "FlyToTheMoon" };
        strange.Attr.Add("T", new AttrValue { Type = DataType.DtFloat });
        var user = new NodeDef { Name = "user", Op = "Identity", Input = { "strange" } };
        user.Attr.Add("T", new AttrValue { Type = DataType.DtFloat });
        stored.Node.Add([strange, user]);
        _graph.ImportGraphDef(stored, name: "");
        Output beside = _graph.Constant(3f, name: "beside");
        using var session = new Session(_graph);

        Assert.Equal(3f, (float)session.Run(beside));
        RunException fault = Assert.Throws<RunException>(() => session.Run("user:0"));
        Assert.Equal(RunErrorCode.Unimplemented, fault.Code);
        Assert.All(["FlyToTheMoon", "strange", "user"], part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_fetched_variable_keeps_its_value_when_the_variable_changes()
    {
        Variable w = _graph.Variable(new[] { 1f, 2f }, name: "w");
        Output assign = w.Assign(new[] { 8f, 9f });
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Tensor read = session.Run(w.Value);
        Tensor handle = session.Run(w);
        session.Run(assign);

        Assert.Equal([1f, 2f], read.ToArray<float>());
        Assert.Equal([1f, 2f], handle.ToArray<float>());
        Assert.Equal([8f, 9f], session.Run(w).ToArray<float>());
    }

    [Fact]
    public void Fed_values_are_not_written_over()
    {
        Output x = _graph.Placeholder(DType.Float32, [1024], "x");
        Output y = _graph.Multiply(_graph.Add(_graph.Identity(x), 1), 2);
        using var session = new Session(_graph);
        float[] fed = [.. Enumerable.Range(0, 1024).Select(static i => (float)i)];
        Tensor tensor = fed;
        float[] first = session.Run(y, new() { [x] = tensor }).ToArray<float>();
        Assert.Equal(fed, tensor.ToArray<float>());
        Assert.Equal(first, session.Run(y, new() { [x] = tensor }).ToArray<float>());
    }

    [Fact]
    public void Two_sessions_of_one_graph_have_variables_of_their_own()
    {
        Variable w = _graph.Variable(1f, name: "w");
        Output assign = w.Assign(5f);
        Operation init = _graph.GlobalVariablesInitializer();
        using var one = new Session(_graph);
        using var other = new Session(_graph);
        one.Run(init);
        other.Run(init);
        one.Run(assign);
        Assert.Equal((5f, 1f), ((float)one.Run(w), (float)other.Run(w)));
    }

    [Fact]
    public void A_closed_session_and_an_empty_graph_are_told()
    {
        var session = new Session(_graph);
        Assert.Contains("empty", Assert.Throws<RunException>(() => session.Run("x:0")).Message, StringComparison.Ordinal);
        session.Close();
        Assert.Contains("closed Session", Assert.Throws<ObjectDisposedException>(() => session.Run("x:0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_can_be_cancelled()
    {
        Output x = _graph.Constant(1f);
        using var session = new Session(_graph);
        Assert.Throws<OperationCanceledException>(() => session.Run(x, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Eval_uses_the_session_that_was_entered()
    {
        Output x = _graph.Constant(4f);
        using var session = new Session(_graph);
        Assert.Contains("No default session", Assert.Throws<InvalidOperationException>(() => x.Eval()).Message, StringComparison.Ordinal);
        using (session.AsDefault())
            Assert.Equal(4f, (float)x.Eval());
    }
}
