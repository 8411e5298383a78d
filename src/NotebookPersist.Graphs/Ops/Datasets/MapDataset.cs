using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Each element through a function.</summary>
internal sealed class MapDatasetOp() : DatasetOp(
    $"MapDataset(input_dataset: variant, other_arguments: [Targuments]) -> (handle: variant) where f: func, Targuments: list(type) >= 0, {Element}, use_inter_op_parallelism: bool = true, preserve_cardinality: bool = false")
{
    protected override Dataset Make(KernelContext c) => Map(c, Dataset.Of(c, 0), "f", 1, c.InputCount - 1);
}

internal sealed class ParallelMapDatasetOp() : DatasetOp(
    $"ParallelMapDataset(input_dataset: variant, other_arguments: [Targuments], num_parallel_calls: int32) -> (handle: variant) where f: func, Targuments: list(type) >= 0, {Element}, "
    + "use_inter_op_parallelism: bool = true, sloppy: bool = false, preserve_cardinality: bool = false")
{
    protected override Dataset Make(KernelContext c) => Map(c, Dataset.Of(c, 0), "f", 1, c.InputCount - 2);
}

/// <summary>The elements for which a function says true.</summary>
internal sealed class FilterDatasetOp() : DatasetOp(
    $"FilterDataset(input_dataset: variant, other_arguments: [Targuments]) -> (handle: variant) where predicate: func, Targuments: list(type) >= 0, {Element}")
{
    protected override Dataset Make(KernelContext c) => Filtered(c, isWhile: false);

    /// <summary>The elements that meet the predicate, or all until one does not.</summary>
    internal static Dataset Filtered(KernelContext c, bool isWhile)
    {
        Dataset input = Dataset.Of(c, 0);
        NameAttrList predicate = c.Attributes.Function("predicate");
        Tensor[] arguments = Kept(c, 1, c.InputCount - 1);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            bool isOver = false;
            return () =>
            {
                while (!isOver && next() is { } element)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    if (run.Call(predicate, [.. element, .. arguments]) is not [{ DType: DType.Bool, Count: 1 } met])
                        throw new KernelException(RunErrorCode.InvalidArgument, "Filter predicate `predicate` must return a scalar bool.");
                    if (met.Data<bool>()[0])
                        return element;
                    isOver = isWhile;
                }

                return null;
            };
        });
    }
}

internal abstract class TakeWhileBase(string name) : DatasetOp(
    $"{name}(input_dataset: variant, other_arguments: [Targuments]) -> (handle: variant) where predicate: func, Targuments: list(type) >= 0, {Element}")
{
    protected override Dataset Make(KernelContext c) => FilterDatasetOp.Filtered(c, isWhile: true);
}

internal sealed class TakeWhileDatasetOp() : TakeWhileBase("TakeWhileDataset");

internal sealed class ExperimentalTakeWhileDatasetOp() : TakeWhileBase("ExperimentalTakeWhileDataset");

/// <summary>The elements without their last component, which says whether they count.</summary>
internal sealed class FilterByLastComponentDatasetOp() : DatasetOp($"FilterByLastComponentDataset(input_dataset: variant) -> (output: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            return () =>
            {
                while (next() is { } element)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    if (element[^1].Data<bool>()[0])
                        return element[..^1];
                }

                return null;
            };
        });
    }
}

/// <summary>A state that each element changes, and what it gives on the way.</summary>
internal abstract class ScanBase(string name) : DatasetOp(
    name + "(input_dataset: variant, initial_state: [Tstate], other_arguments: [Targuments]) -> (handle: variant) "
    + $"where f: func, Tstate: list(type) >= 1, Targuments: list(type) >= 0, {Element}, preserve_cardinality: bool = false")
{
    protected override Dataset Make(KernelContext c)
    {
        Dataset input = Dataset.Of(c, 0);
        NameAttrList function = c.Attributes.Function("f");
        int states = c.Attributes.Types("Tstate").Count;
        Tensor[] initial = Kept(c, 1, states), arguments = Kept(c, 1 + states, c.InputCount - 1 - states);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            Tensor[] state = initial;
            return () =>
            {
                if (next() is not { } element)
                    return null;
                Tensor[] results = run.Call(function, [.. state, .. element, .. arguments]);
                state = results[..states];
                return results[states..];
            };
        });
    }
}

internal sealed class ScanDatasetOp() : ScanBase("ScanDataset");

internal sealed class ExperimentalScanDatasetOp() : ScanBase("ExperimentalScanDataset");

/// <summary>What the elements of a dataset make of a state, one after the other.</summary>
internal sealed class ReduceDatasetOp() : UndifferentiatedOp(
    "ReduceDataset(input_dataset: variant, initial_state: [Tstate], other_arguments: [Targuments]) -> (components: [output_types]) "
    + "where f: func, Tstate: list(type) >= 1, Targuments: list(type) >= 0, output_types: list(type) >= 1, output_shapes: list(shape) >= 1, use_inter_op_parallelism: bool = true; stateful",
    "the elements of a dataset are data")
{
    public override void InferShapes(ShapeContext c) => IteratorUsingOp.InferElement(c);

    public override void Compute(KernelContext c)
    {
        int states = c.Attributes.Types("Tstate").Count;
        Tensor[] state = [.. Enumerable.Range(1, states).Select(c.Input)];
        Tensor[] arguments = [.. Enumerable.Range(1 + states, c.InputCount - 1 - states).Select(c.Input)];
        var run = new DatasetRun();
        Func<Tensor[]?> next = run.Open(c, Dataset.Of(c, 0));
        while (run.Next(c, next) is { } element)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            state = c.Call(c.Attributes.Function("f"), [.. state, .. element, .. arguments]);
        }

        IteratorUsingOp.Output(c, state);
    }
}
