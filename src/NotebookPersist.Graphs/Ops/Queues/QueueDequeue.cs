using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class DequeuingOp(string signature) : QueueUsingOp(signature)
{
    public override void InferShapes(ShapeContext c) => InferComponents(c, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        Tensor[] item = Queue(c).Dequeue(1, fewer: false, c.Workers.Cancellation)[0];
        if (item.Length != c.Operation.Outputs.Count)
            throw c.InvalidArgument($"Elements of the queue have {item.Length} components where {c.Operation.Outputs.Count} are expected");
        for (int i = 0; i < item.Length; i++)
            c.Output(i, item[i]);
    }
}

internal sealed class QueueDequeueOp() : DequeuingOp("QueueDequeue(handle: ref(string)) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1");

internal sealed class QueueDequeueV2Op() : DequeuingOp("QueueDequeueV2(handle: resource) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1; stateful");

internal abstract class DequeuingManyOp(string signature, bool fewer) : QueueUsingOp(signature)
{
    public override void InferShapes(ShapeContext c) => InferComponents(c, [!fewer && c.InputInts(1) is [var known] && known >= 0 ? known : -1]);

    public override void Compute(KernelContext c)
    {
        int count = c.Input<int>(1)[0];
        if (count < 0)
            throw c.InvalidArgument($"DequeueManyOp requested {count} < 0 elements");
        OutputMany(c, count == 0 ? [] : Queue(c).Dequeue(count, fewer, c.Workers.Cancellation));
    }
}

internal sealed class QueueDequeueManyOp() : DequeuingManyOp("QueueDequeueMany(handle: ref(string), n: int32) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1", false);

internal sealed class QueueDequeueManyV2Op() : DequeuingManyOp("QueueDequeueManyV2(handle: resource, n: int32) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1; stateful", false);

internal sealed class QueueDequeueUpToOp() : DequeuingManyOp("QueueDequeueUpTo(handle: ref(string), n: int32) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1", true);

internal sealed class QueueDequeueUpToV2Op() : DequeuingManyOp("QueueDequeueUpToV2(handle: resource, n: int32) -> (components: [component_types]) where component_types: list(type) >= 1, timeout_ms: int = -1; stateful", true);
