using System.Text.Json;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Execution;

public sealed class TraceTests
{
    private static (Session Session, Output X, Output Y) Model()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 3], name: "x");
        Output y = graph.Exp(graph.MatMul(x, new float[3, 2], name: "product"), name: "y");
        return (new Session(graph), x, y);
    }

    [Fact]
    public void A_full_trace_notes_each_operation_with_its_time_and_bytes()
    {
        (Session session, Output x, Output y) = Model();
        var metadata = new RunMetadata();
        Tensor?[] results = session.Run([y], new() { [x] = new float[4, 3] }, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
        Assert.Equal(8, results[0]!.Count);
        StepStats stats = Assert.IsType<StepStats>(metadata.StepStats);
        Assert.Equal(["product", "y"], stats.Nodes.Select(static n => n.Name));
        Assert.Equal(["MatMul", "Exp"], stats.Nodes.Select(static n => n.OpType));
        Assert.All(stats.Nodes, static n => Assert.Equal(32, n.OutputByteCount));
        Assert.All(stats.Nodes, n => Assert.InRange(n.Start + n.Duration, TimeSpan.Zero, stats.Elapsed));
        Assert.Equal(stats, session.LatestTrace);
        Assert.Contains("MatMul", stats.ToString(), StringComparison.Ordinal);

        Protos.RunMetadata proto = Protos.RunMetadata.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(metadata.ToProto()));
        Assert.Equal(["product", "y"], proto.StepStats.DevStats[0].NodeStats.Select(static n => n.NodeName));
        Assert.StartsWith("product = MatMul(x, ", proto.StepStats.DevStats[0].NodeStats[0].TimelineLabel, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_trace_notes_nothing()
    {
        (Session session, Output x, Output y) = Model();
        var metadata = new RunMetadata();
        session.Run([y], new() { [x] = new float[4, 3] }, new RunOptions(), metadata);
        Assert.Null(metadata.StepStats);
        Assert.Null(session.LatestTrace);
    }

    [Fact]
    public void A_timeline_is_what_browsers_show()
    {
        (Session session, Output x, Output y) = Model();
        var metadata = new RunMetadata();
        session.Run([y], new() { [x] = new float[4, 3] }, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
        using JsonDocument json = JsonDocument.Parse(new Timeline(metadata.StepStats!).GenerateChromeTraceFormat());
        JsonElement[] events = [.. json.RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(["M", "X", "X"], events.Select(static e => e.GetProperty("ph").GetString()));
        Assert.Equal("MatMul", events[1].GetProperty("name").GetString());
        Assert.Equal("product", events[1].GetProperty("args").GetProperty("name").GetString());
        Assert.Equal("x", events[1].GetProperty("args").GetProperty("input0").GetString());
        Assert.True(events[1].GetProperty("ts").GetDouble() + events[1].GetProperty("dur").GetDouble() <= events[2].GetProperty("ts").GetDouble() + 1);
    }

    [Fact]
    public void A_run_that_takes_longer_than_its_timeout_fails()
    {
        var graph = new Graph();
        // Far more than a millisecond of work, in pieces.
        Output x = graph.RandomUniform(Shape.Create([2_000_000]));
        Output y = x;
        for (int i = 0; i < 200; i++)
            y = graph.Exp(graph.Sin(y));
        using var session = new Session(graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run([y], null, new RunOptions { Timeout = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal(RunErrorCode.DeadlineExceeded, fault.Code);
        Assert.Contains("timeout of 1 ms", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2_000_000, session.Run([x], null, new RunOptions { Timeout = TimeSpan.FromMinutes(10) })[0]!.Count);
    }
}
