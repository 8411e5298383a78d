using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>The elements of the datasets that a function makes of each element.</summary>
internal abstract class NestingDatasetOp(string signature) : DatasetOp(signature)
{
    /// <summary>Takes turns among several such datasets.</summary>
    protected static Dataset Interleave(KernelContext c, int argumentCount, long cycle, long block)
    {
        if (cycle <= 0)
            throw c.InvalidArgument("`cycle_length` must be > 0");
        if (block <= 0)
            throw c.InvalidArgument("`block_length` must be > 0");
        Dataset input = Dataset.Of(c, 0);
        NameAttrList function = c.Attributes.Function("f");
        Tensor[] arguments = Kept(c, 1, argumentCount);
        return new Dataset(run => new Turns(run, input.Open(run), function, arguments, (int)Math.Min(cycle, 1 << 20), block).Next);
    }

    private sealed class Turns(DatasetRun run, Func<Tensor[]?> outer, NameAttrList function, Tensor[] arguments, int cycle, long block)
    {
        private readonly Func<Tensor[]?>?[] _inner = new Func<Tensor[]?>?[cycle];
        private bool _isOuterOver;
        private int _open;
        private int _turn;
        private long _given;

        public Tensor[]? Next()
        {
            while (!_isOuterOver || _open > 0)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                if (_inner[_turn] is { } next)
                {
                    if (next() is { } element)
                    {
                        if (++_given == block)
                            Pass();
                        return element;
                    }

                    _inner[_turn] = null;
                    _open--;
                    Pass();
                }
                else if (!_isOuterOver && outer() is { } seed)
                {
                    _inner[_turn] = Open(seed);
                    _open++;
                }
                else
                {
                    _isOuterOver = true;
                    Pass();
                }
            }

            return null;
        }

        private void Pass() => (_turn, _given) = ((_turn + 1) % cycle, 0);

        private Func<Tensor[]?> Open(Tensor[] seed) =>
            run.Call(function, [.. seed, .. arguments]) is [{ } variant] && Dataset.Of(variant) is { } dataset
                ? dataset.Open(run)
                : throw new KernelException(RunErrorCode.InvalidArgument, $"Function '{function.Name}' must return a dataset.");
    }
}

internal sealed class FlatMapDatasetOp() : NestingDatasetOp(
    $"FlatMapDataset(input_dataset: variant, other_arguments: [Targuments]) -> (handle: variant) where f: func, Targuments: list(type) >= 0, {Element}")
{
    protected override Dataset Make(KernelContext c) => Interleave(c, c.InputCount - 1, 1, long.MaxValue);
}

internal sealed class InterleaveDatasetOp() : NestingDatasetOp(
    $"InterleaveDataset(input_dataset: variant, other_arguments: [Targuments], cycle_length: int64, block_length: int64) -> (handle: variant) where f: func, Targuments: list(type) >= 0, {Element}")
{
    protected override Dataset Make(KernelContext c) => Interleave(c, c.InputCount - 3, Long(c, c.InputCount - 2), Long(c, c.InputCount - 1));
}

internal sealed class ParallelInterleaveDatasetV2Op() : NestingDatasetOp(
    "ParallelInterleaveDatasetV2(input_dataset: variant, other_arguments: [Targuments], cycle_length: int64, block_length: int64, num_parallel_calls: int64) -> (handle: variant) "
    + $"where f: func, Targuments: list(type) >= 0, {Element}, sloppy: bool = false")
{
    protected override Dataset Make(KernelContext c) => Interleave(c, c.InputCount - 4, Long(c, c.InputCount - 3), Long(c, c.InputCount - 2));
}
