using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>Operations that fail a run where a condition does not hold.</summary>
public sealed class CheckTests
{
    [Fact]
    public void What_does_not_hold_fails_the_run_with_the_values()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, name: "x");
        (Operation Check, float[] Good, float[] Bad, string Sign)[] checks =
        [
            (graph.AssertEqual(x, 2f), [2, 2], [2, 3], "=="),
            (graph.AssertNoneEqual(x, 2f), [1, 3], [1, 2], "!="),
            (graph.AssertLess(x, 2f), [1, 1.5f], [1, 2], "<"),
            (graph.AssertLessEqual(x, new[] { 1f, 2f }), [1, 2], [1, 3], "<="),
            (graph.AssertGreater(2f, x), [1, 1.5f], [1, 2], ">"),
            (graph.AssertGreaterEqual(x, 2f), [2, 3], [1, 2], ">="),
            (graph.AssertPositive(x), [1, 3], [0, 1], "x > 0"),
            (graph.AssertNegative(x), [-1, -3], [0, -1], "x < 0"),
            (graph.AssertNonNegative(x), [0, 3], [0, -1], "x >= 0"),
            (graph.AssertNonPositive(x), [0, -3], [0, 1], "x <= 0"),
            (graph.AssertRank(x, 1, "Rows only."), [1], [], "Rows only."),
        ];
        using var session = new Session(graph);
        foreach ((Operation check, float[] good, float[] bad, string sign) in checks)
        {
            session.Run(check, new() { [x] = good });
            Tensor wrong = bad.Length > 0 ? bad : 1f;
            string message = Assert.Throws<RunException>(() => session.Run(check, new() { [x] = wrong })).Message;
            Assert.Contains(sign, message, StringComparison.Ordinal);
            Assert.Contains("assertion failed", message, StringComparison.Ordinal);
        }

        // NaN is not greater, not less, not equal.
        Assert.Throws<RunException>(() => session.Run(checks[6].Check, new() { [x] = new[] { float.NaN } }));
        Assert.Contains("rank 2", Assert.Throws<ArgumentException>(() => graph.AssertRank(new float[1, 1], 1)).Message, StringComparison.Ordinal);
        Output finite = graph.VerifyTensorAllFinite(x, "not all finite");
        Assert.Equal([1f], session.Run(finite, new() { [x] = new[] { 1f } }).ToArray<float>());
        Assert.Contains("not all finite", Assert.Throws<RunException>(() => session.Run(finite, new() { [x] = new[] { float.NaN } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_made_inside_wait_for_what_collections_list()
    {
        var graph = new Graph();
        Variable counter = graph.Variable(0f, name: "counter", trainable: false);
        graph.AddToCollection(GraphKeys.UpdateOps, counter.AssignAdd(1f));
        graph.AddToCollection(GraphKeys.UpdateOps, graph.NoOp());
        Output value;
        using (graph.ControlDependencies(graph.GetCollection(GraphKeys.UpdateOps)))
            value = graph.Identity(5f);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        session.Run(value);
        session.Run(value);
        Assert.Equal(2f, session.Run(counter.Value).ItemAt<float>(0));
        Assert.Contains("System.Int32", Assert.Throws<ArgumentException>(() => graph.ControlDependencies(new object[] { 3.GetType() })).Message, StringComparison.Ordinal);
    }
}
