using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Staging;

public sealed class StagingTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Fact]
    public void What_was_staged_first_is_taken_first()
    {
        AttributeList Area() => new() { { "dtypes", new[] { DType.Int32, DType.Float32 } }, { "shared_name", "area" } };
        Operation first = _runs.Add("Stage", Area(), 1, 1.5f), second = _runs.Add("Stage", Area(), 2, 2.5f);
        Output size = _runs.Add("StageSize", Area())[0];
        Operation take = _runs.Add("Unstage", Area()), peek = _runs.Add("StagePeek", Area(), 1);
        _runs.Session.Run(first);
        _runs.Session.Run(second);
        Assert.Equal(2, _runs.Session.Run(size).Item<int>());
        Assert.Equal(2.5f, _runs.Run(peek)[1].Item<float>());
        Assert.Equal(1, _runs.Run(take)[0].Item<int>());
        Assert.Equal(2.5f, _runs.Run(take)[1].Item<float>());
        Assert.Equal(0, _runs.Session.Run(size).Item<int>());
        _runs.Session.Run(first);
        _runs.Session.Run(_runs.Add("StageClear", Area()));
        Assert.Equal(0, _runs.Session.Run(size).Item<int>());
    }

    [Fact]
    public async Task Whoever_takes_from_an_empty_area_waits_for_another_run()
    {
        AttributeList Area() => new() { { "dtypes", new[] { DType.Int32 } }, { "shared_name", "wait" } };
        Operation put = _runs.Add("Stage", Area(), 5), take = _runs.Add("Unstage", Area());
        var taken = Task.Run(() => _runs.Run(take)[0].Item<int>());
        _runs.Session.Run(put);
        Assert.Equal(5, await taken);
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(() => _runs.Session.Run(take[0], cancellation: stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData("Map")]
    [InlineData("OrderedMap")]
    public void Components_of_a_key_come_one_by_one(string kind)
    {
        AttributeList Area() => new() { { "dtypes", new[] { DType.Int32, DType.Float32 } }, { "shared_name", "map" + kind } };
        Operation one = _runs.Add(kind + "Stage", Area(), 7L, new[] { 0 }, 3), two = _runs.Add(kind + "Stage", Area(), 7L, new[] { 1 }, 4.5f);
        Operation whole = _runs.Add(kind + "Stage", Area(), 9L, new[] { 0, 1 }, 5, 6.5f);
        Output size = _runs.Add(kind + "Size", Area())[0], open = _runs.Add(kind + "IncompleteSize", Area())[0];
        _runs.Session.Run(whole);
        _runs.Session.Run(one);
        Assert.Equal((1, 1), (_runs.Session.Run(size).Item<int>(), _runs.Session.Run(open).Item<int>()));
        Assert.Equal(RunErrorCode.InvalidArgument, Assert.Throws<RunException>(() => _runs.Session.Run(one)).Code);
        _runs.Session.Run(two);
        Assert.Equal((2, 0), (_runs.Session.Run(size).Item<int>(), _runs.Session.Run(open).Item<int>()));
        Assert.Equal(6.5f, _runs.Run(_runs.Add(kind + "Peek", Area(), 9L, new[] { 0, 1 }))[1].Item<float>());
        Tensor[] first = _runs.Run(_runs.Add(kind + "UnstageNoKey", Area(), new[] { 0, 1 }));
        Assert.Equal((7L, 3, 4.5f), (first[0].Item<long>(), first[1].Item<int>(), first[2].Item<float>()));
        Assert.Equal(5, _runs.Run(_runs.Add(kind + "Unstage", Area(), 9L, new[] { 0, 1 }))[0].Item<int>());
        Assert.Equal(0, _runs.Session.Run(size).Item<int>());
    }

    [Fact]
    public void A_barrier_gives_tuples_that_are_complete()
    {
        Output barrier = _runs.Add("Barrier", new() { { "component_types", new[] { DType.Float32, DType.Int32 } } })[0];
        Operation Insert(int component, Operand keys, Operand values) => _runs.Add("BarrierInsertMany", new() { { "component_index", (long)component } }, barrier, keys, values);
        Operation first = Insert(0, new[] { "a", "b", "c" }, new[] { 10f, 20, 30 }), second = Insert(1, new[] { "b", "a" }, new[] { 200, 100 });
        Output ready = _runs.Add("BarrierReadySize", null, barrier)[0], open = _runs.Add("BarrierIncompleteSize", null, barrier)[0];
        Operation take = _runs.Add("BarrierTakeMany", new() { { "component_types", new[] { DType.Float32, DType.Int32 } } }, barrier, 2);
        _runs.Session.Run(first);
        Assert.Equal((0, 3), (_runs.Session.Run(ready).Item<int>(), _runs.Session.Run(open).Item<int>()));
        _runs.Session.Run(second);
        Assert.Equal((2, 1), (_runs.Session.Run(ready).Item<int>(), _runs.Session.Run(open).Item<int>()));
        Tensor[] taken = _runs.Run(take);
        // What was inserted together has one index, the least number for the first time.
        Assert.Equal([long.MinValue, long.MinValue], taken[0].ToArray<long>());
        Assert.Equal(["b", "a"], OpRuns.Texts(taken[1]));
        Assert.Equal([20f, 10], taken[2].ToArray<float>());
        Assert.Equal([200, 100], taken[3].ToArray<int>());
        _runs.Session.Run(_runs.Add("BarrierClose", new() { { "cancel_pending_enqueues", true } }, barrier));
        Assert.Equal(RunErrorCode.OutOfRange, Assert.Throws<RunException>(() => _runs.Run(take)).Code);
    }

    [Theory]
    [InlineData("MEAN", 3f, 5f)]
    [InlineData("SUM", 6f, 10f)]
    public void An_accumulator_leaves_out_what_is_too_old(string reduction, float first, float second)
    {
        Output handle = _runs.Add("ConditionalAccumulator", new() { { "dtype", DType.Float32 }, { "shape", OpRuns.Sizes(2) }, { "reduction_type", reduction } })[0];
        Operation Apply(long step, float x, float y) => _runs.Add("AccumulatorApplyGradient", null, handle, step, new[] { x, y });
        Output count = _runs.Add("AccumulatorNumAccumulated", null, handle)[0], take = _runs.Add("AccumulatorTakeGradient", new() { { "dtype", DType.Float32 } }, handle, 2)[0];
        _runs.Session.Run(Apply(0, 2, 4));
        _runs.Session.Run(Apply(0, 4, 6));
        Assert.Equal(2, _runs.Session.Run(count).Item<int>());
        Assert.Equal([first, second], _runs.Session.Run(take).ToArray<float>());
        _runs.Session.Run(Apply(0, 100, 100));
        Assert.Equal(0, _runs.Session.Run(count).Item<int>());
        _runs.Session.Run(Apply(1, 1, 1));
        Assert.Equal(1, _runs.Session.Run(count).Item<int>());
        _runs.Session.Run(_runs.Add("AccumulatorSetGlobalStep", null, handle, 5L));
        _runs.Session.Run(Apply(4, 1, 1));
        Assert.Equal(1, _runs.Session.Run(count).Item<int>());
        Assert.Equal(RunErrorCode.InvalidArgument, Assert.Throws<RunException>(() => _runs.Session.Run(_runs.Add("AccumulatorApplyGradient", null, handle, 9L, new[] { 1f, 2, 3 }))).Code);
    }

    public void Dispose() => _runs.Dispose();
}
