using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Queues;

public sealed class QueueOpsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Elements_come_out_as_they_went_in_and_a_closed_queue_says_so()
    {
        (Graph graph, Session session) = (_ops.Graph, _ops.Session);
        Output queue = Queue("FIFOQueueV2", new() { { "component_types", (DType[])[DType.Int32] }, { "shapes", (Shape[])[[]] } });
        session.Run(graph.AddOperation("QueueEnqueueManyV2", null, null, queue, new[] { 1, 2, 3, 4 }));
        session.Run(graph.AddOperation("QueueEnqueueV2", null, null, queue, 5));
        var types = new AttributeList { { "component_types", (DType[])[DType.Int32] } };
        Operation next = graph.AddOperation("QueueDequeueV2", null, types, queue);
        Assert.Equal(1, (int)session.Run(next[0]));
        Assert.Equal([2, 3], session.Run(graph.AddOperation("QueueDequeueManyV2", null, types, queue, 2)[0]).ToArray<int>());
        Assert.Equal(2, (int)session.Run(graph.AddOperation("QueueSizeV2", null, null, queue)[0]));
        session.Run(graph.AddOperation("QueueCloseV2", null, null, queue));
        Assert.Equal([4, 5], session.Run(graph.AddOperation("QueueDequeueUpToV2", null, types, queue, 9)[0]).ToArray<int>());
        RunException fault = Assert.Throws<RunException>(() => session.Run(next[0]));
        Assert.Equal(RunErrorCode.OutOfRange, fault.Code);
        Assert.Contains("is closed and has insufficient elements (requested 1, current size 0)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_waits_for_elements_goes_on_when_they_come_and_ends_when_cancelled()
    {
        (Graph graph, Session session) = (_ops.Graph, _ops.Session);
        Output queue = Queue("FIFOQueueV2", new() { { "component_types", (DType[])[DType.Int32] } });
        Operation next = graph.AddOperation("QueueDequeueV2", null, new() { { "component_types", (DType[])[DType.Int32] } }, queue);
        Operation put = graph.AddOperation("QueueEnqueueV2", null, null, queue, 42);
        Task<Tensor> waiting = Task.Run(() => session.Run(next[0]));
        session.Run(put);
        Assert.Equal(42, (int)await waiting);
        using var cancellation = new CancellationTokenSource();
        Task<Tensor> stopped = Task.Run(() => session.Run(next[0], cancellation: cancellation.Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public void Priorities_order_and_shapes_are_padded()
    {
        (Graph graph, Session session) = (_ops.Graph, _ops.Session);
        Output priorities = Queue("PriorityQueueV2", new() { { "component_types", (DType[])[DType.String] }, { "shapes", (Shape[])[[]] } });
        session.Run(graph.AddOperation("QueueEnqueueManyV2", null, null, priorities, new[] { 3L, 1L, 2L }, new[] { "c", "a", "b" }));
        Operation all = graph.AddOperation("QueueDequeueManyV2", null, new() { { "component_types", (DType[])[DType.Int64, DType.String] } }, priorities, 3);
        Assert.Equal(["a", "b", "c"], OpRuns.Texts(session.Run(all[1])));

        Output padding = Queue("PaddingFIFOQueueV2", new() { { "component_types", (DType[])[DType.Int32] }, { "shapes", (Shape[])[[-1]] } });
        session.Run(graph.AddOperation("QueueEnqueueV2", null, null, padding, new[] { 1 }));
        session.Run(graph.AddOperation("QueueEnqueueV2", null, null, padding, new[] { 2, 3 }));
        Tensor padded = session.Run(graph.AddOperation("QueueDequeueManyV2", null, new() { { "component_types", (DType[])[DType.Int32] } }, padding, 2)[0]);
        Assert.Equal([1, 0, 2, 3], padded.ToArray<int>());
    }

    private Output Queue(string type, AttributeList attributes) => _ops.Graph.AddOperation(type, null, attributes)[0];
}
