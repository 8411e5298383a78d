using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class StageOp() : StagingOp($"Stage(values: [dtypes]) -> () where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c) => AreaOf(c).Append(Kept(c, 0), c.Workers.Cancellation);
}

internal sealed class UnstageOp() : StagingOp($"Unstage() -> (values: [dtypes]) where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c) => Output(c, 0, AreaOf(c).Take(null, c.Workers.Cancellation).Values);
}

internal sealed class StagePeekOp() : StagingOp($"StagePeek(index: int32) -> (values: [dtypes]) where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c) => Output(c, 0, AreaOf(c).Peek(c.Input(0).Item<int>(), c.Workers.Cancellation));
}

internal sealed class StageSizeOp() : StagingOp($"StageSize() -> (size: int32) where {Area}, {Names}")
{
    public override void Compute(KernelContext c) => OutputCount(c, AreaOf(c).Count);
}

internal sealed class StageClearOp() : StagingOp($"StageClear() -> () where {Area}, {Names}")
{
    public override void Compute(KernelContext c) => AreaOf(c).Clear();
}
