using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class QueueClosingOp(string signature) : QueueUsingOp(signature)
{
    public override void Compute(KernelContext c) => Queue(c).Close();
}

internal sealed class QueueCloseOp() : QueueClosingOp("QueueClose(handle: ref(string)) -> () where cancel_pending_enqueues: bool = false");

internal sealed class QueueCloseV2Op() : QueueClosingOp("QueueCloseV2(handle: resource) -> () where cancel_pending_enqueues: bool = false; stateful");

internal abstract class QueueClosedOp(string signature) : QueueUsingOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = Queue(c).IsClosed;
}

internal sealed class QueueIsClosedOp() : QueueClosedOp("QueueIsClosed(handle: ref(string)) -> (is_closed: bool)");

internal sealed class QueueIsClosedV2Op() : QueueClosedOp("QueueIsClosedV2(handle: resource) -> (is_closed: bool); stateful");

internal abstract class QueueSizingOp(string signature) : QueueUsingOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = Queue(c).Count;
}

internal sealed class QueueSizeOp() : QueueSizingOp("QueueSize(handle: ref(string)) -> (size: int32)");

internal sealed class QueueSizeV2Op() : QueueSizingOp("QueueSizeV2(handle: resource) -> (size: int32); stateful");
