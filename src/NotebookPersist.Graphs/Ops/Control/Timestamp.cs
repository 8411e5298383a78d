using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class TimestampOp() : UndifferentiatedOp("Timestamp() -> (ts: double); stateful", "time does not depend on the graph")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) =>
        c.AllocateOutput(0, Shape.Scalar).MutableData<double>()[0] = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
