using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class MapStageBase(string name) : StagingOp($"{name}(key: int64, indices: int32, values: [fake_dtypes]) -> () where {Area}, fake_dtypes: list(type) >= 1, {Names}")
{
    public override void Compute(KernelContext c)
    {
        Tensor[] values = Kept(c, 2);
        int[] indices = Indices(c, 1);
        if (values.Length != indices.Length)
            throw c.InvalidArgument($"Number of inputs mismatches indices: {values.Length} vs {indices.Length}");
        AreaOf(c).Put(c.Input(0).Item<long>(), indices, values, c.Workers.Cancellation);
    }
}

internal sealed class MapStageOp() : MapStageBase("MapStage");

internal sealed class OrderedMapStageOp() : MapStageBase("OrderedMapStage");

internal abstract class MapPeekBase(string name) : StagingOp($"{name}(key: int64, indices: int32) -> (values: [dtypes]) where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c) => Output(c, 0, AreaOf(c).PeekKey(c.Input(0).Item<long>(), Indices(c, 1), c.Workers.Cancellation));
}

internal sealed class MapPeekOp() : MapPeekBase("MapPeek");

internal sealed class OrderedMapPeekOp() : MapPeekBase("OrderedMapPeek");

internal abstract class MapUnstageBase(string name) : StagingOp($"{name}(key: int64, indices: int32) -> (values: [dtypes]) where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c) => Output(c, 0, AreaOf(c).TakeKey(c.Input(0).Item<long>(), Indices(c, 1), c.Workers.Cancellation));
}

internal sealed class MapUnstageOp() : MapUnstageBase("MapUnstage");

internal sealed class OrderedMapUnstageOp() : MapUnstageBase("OrderedMapUnstage");

internal abstract class MapUnstageNoKeyBase(string name) : StagingOp($"{name}(indices: int32) -> (key: int64, values: [dtypes]) where {Area} >= 1, {Names}")
{
    public override void Compute(KernelContext c)
    {
        (long key, Tensor[] values) = AreaOf(c).Take(Indices(c, 0), c.Workers.Cancellation);
        c.AllocateOutput(0, Shape.Scalar).MutableData<long>()[0] = key;
        Output(c, 1, values);
    }
}

internal sealed class MapUnstageNoKeyOp() : MapUnstageNoKeyBase("MapUnstageNoKey");

internal sealed class OrderedMapUnstageNoKeyOp() : MapUnstageNoKeyBase("OrderedMapUnstageNoKey");

internal abstract class MapSizeBase(string name) : StagingOp($"{name}() -> (size: int32) where {Area}, {Names}")
{
    public override void Compute(KernelContext c) => OutputCount(c, AreaOf(c).Count);
}

internal sealed class MapSizeOp() : MapSizeBase("MapSize");

internal sealed class OrderedMapSizeOp() : MapSizeBase("OrderedMapSize");

internal abstract class MapIncompleteSizeBase(string name) : StagingOp($"{name}() -> (size: int32) where {Area}, {Names}")
{
    public override void Compute(KernelContext c) => OutputCount(c, AreaOf(c).IncompleteCount);
}

internal sealed class MapIncompleteSizeOp() : MapIncompleteSizeBase("MapIncompleteSize");

internal sealed class OrderedMapIncompleteSizeOp() : MapIncompleteSizeBase("OrderedMapIncompleteSize");

internal abstract class MapClearBase(string name) : StagingOp($"{name}() -> () where {Area}, {Names}")
{
    public override void Compute(KernelContext c) => AreaOf(c).Clear();
}

internal sealed class MapClearOp() : MapClearBase("MapClear");

internal sealed class OrderedMapClearOp() : MapClearBase("OrderedMapClear");
