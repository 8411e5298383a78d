using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Makes a queue of the session and gives its handle.</summary>
internal abstract class QueueOp(string signature, QueueOrder order) : UndifferentiatedOp(signature, "a queue depends on nothing in the graph")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Operation.Outputs[0].DType == DType.Resource ? Shape.Scalar : [2]);

    public override void Compute(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        bool random = order == QueueOrder.Random;
        SessionQueue queue = c.Resource(container, name, () => new SessionQueue(
            name, order, (int)c.Attributes.Int("capacity"), random ? (int)c.Attributes.Int("min_after_dequeue") : 0, random ? c.Attributes.Int("seed") ^ c.Attributes.Int("seed2") : 0));
        ReferenceHandles.Output(c, container, name, queue);
    }
}

internal sealed class FifoQueueOp() : QueueOp("FIFOQueue() -> (handle: ref(string)) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.FirstInFirstOut);

internal sealed class FifoQueueV2Op() : QueueOp("FIFOQueueV2() -> (handle: resource) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.FirstInFirstOut);

internal sealed class PaddingFifoQueueOp() : QueueOp("PaddingFIFOQueue() -> (handle: ref(string)) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.FirstInFirstOut);

internal sealed class PaddingFifoQueueV2Op() : QueueOp("PaddingFIFOQueueV2() -> (handle: resource) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.FirstInFirstOut);

internal sealed class RandomShuffleQueueOp() : QueueOp("RandomShuffleQueue() -> (handle: ref(string)) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, min_after_dequeue: int = 0, seed: int = 0, seed2: int = 0, container: string = '', shared_name: string = ''; stateful", QueueOrder.Random);

internal sealed class RandomShuffleQueueV2Op() : QueueOp("RandomShuffleQueueV2() -> (handle: resource) where component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1, min_after_dequeue: int = 0, seed: int = 0, seed2: int = 0, container: string = '', shared_name: string = ''; stateful", QueueOrder.Random);

internal sealed class PriorityQueueOp() : QueueOp("PriorityQueue() -> (handle: ref(string)) where component_types: list(type) >= 0 = [], shapes: list(shape) >= 0, capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.Priority);

internal sealed class PriorityQueueV2Op() : QueueOp("PriorityQueueV2() -> (handle: resource) where component_types: list(type) >= 0 = [], shapes: list(shape) >= 0, capacity: int = -1, container: string = '', shared_name: string = ''; stateful", QueueOrder.Priority);
