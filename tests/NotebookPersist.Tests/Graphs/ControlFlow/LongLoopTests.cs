using NotebookPersist.Tests.Execution;
using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

/// <summary>What loops leave in memory: that of the whole process is looked at, so that no other test may run.</summary>
[Collection(nameof(Undisturbed))]
public sealed class LongLoopTests
{
    [Fact]
    public void A_hundred_thousand_iterations_leave_nothing_behind()
    {
        var graph = new Graph();
        IReadOnlyList<LoopVariable> results = graph.WhileLoop(
            v => graph.Less((Output)v[0], 100_000),
            v => [graph.Add((Output)v[0], 1), graph.Add((Output)v[1], graph.Ones(new[] { 256 }))],
            [graph.Constant(0), graph.Zeros(new[] { 256 })]);
        using var session = new Session(graph);
        session.Run([(Output)results[0], (Output)results[1]]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Tensor?[] values = session.Run([(Output)results[0], (Output)results[1]]);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(100_000, values[0]!.Item<int>());
        Assert.All(values[1]!.ToArray<float>(), static v => Assert.Equal(100_000f, v));
        // A hundred thousand rows of 1 KiB would be 100 MB.
        Assert.InRange(after - before, long.MinValue, 20_000_000);
    }
}
