using System.Text;
using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

public sealed class GateTests
{
    [Fact]
    public void Values_of_a_tuple_wait_for_all_of_them()
    {
        var graph = new Graph();
        Variable counter = graph.Variable(0, name: "counter");
        Output added = counter.AssignAdd(1);
        IReadOnlyList<Output> gated = graph.Tuple([graph.Constant(5), added]);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Assert.Equal(5, session.Run(gated[0]).Item<int>());
        Assert.Equal(1, session.Run(counter.Value).Item<int>());
        Assert.Throws<ArgumentException>(() => graph.Tuple([]));
    }

    [Fact]
    public void Variables_without_a_value_are_named()
    {
        var graph = new Graph();
        Variable first = graph.Variable(1f, name: "first");
        graph.Variable(2f, name: "second");
        Output report = graph.ReportUninitializedVariables();
        using var session = new Session(graph);
        string[] Names() => [.. session.Run(report).Strings.ToArray().Select(Encoding.UTF8.GetString)];
        Assert.Equal(["first", "second"], Names());
        session.Run(first.Initializer);
        Assert.Equal(["second"], Names());
        session.Run(graph.GlobalVariablesInitializer());
        Assert.Empty(Names());
        Assert.Equal(0, session.Run(graph.ReportUninitializedVariables([])).Count);
    }

    [Fact]
    public void Checks_fail_at_once_or_in_the_run()
    {
        var graph = new Graph();
        using var session = new Session(graph);
        session.Run(graph.AssertNear(new[] { 1f, 2 }, new[] { 1.0000001f, 2 }));
        Assert.Contains("not equal to tolerance", Assert.Throws<RunException>(() => session.Run(graph.AssertNear(new[] { 1f }, new[] { 1.1f }))).Message, StringComparison.Ordinal);
        session.Run(graph.AssertNear(1.0, 1.4, atol: 0.5));
        session.Run(graph.AssertRankAtLeast(new[] { 1 }, 1));
        Assert.Throws<ArgumentException>(() => graph.AssertRankAtLeast(1, 1));
        Output open = graph.Placeholder(DType.Int32, Shape.Unknown);
        Assert.Throws<RunException>(() => session.Run(graph.AssertRankAtLeast(open, 1), new() { { open, 3 } }));
        Assert.Equal(DType.Float32, graph.AssertScalar(3f).DType);
        Assert.Throws<ArgumentException>(() => graph.AssertScalar(new[] { 3f }));
        graph.AssertInteger(3);
        Assert.Throws<ArgumentException>(() => graph.AssertInteger(3f));
        graph.AssertType(open, DType.Int32);
        Assert.Throws<ArgumentException>(() => graph.AssertType(open, DType.Int64));
    }
}
