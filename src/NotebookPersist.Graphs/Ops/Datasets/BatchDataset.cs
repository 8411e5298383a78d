using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Puts so many elements at a time together.</summary>
internal abstract class BatchingDatasetOp(string signature) : DatasetOp(signature)
{
    protected static Dataset Batch(KernelContext c, Dataset input, long size, bool dropsRemainder, Func<List<Tensor[]>, Tensor[]> join)
    {
        if (size <= 0)
            throw c.InvalidArgument("Batch size must be greater than zero.");
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            return () =>
            {
                var elements = new List<Tensor[]>();
                while (elements.Count < size && next() is { } element)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    elements.Add(element);
                }

                return elements.Count == 0 || (dropsRemainder && elements.Count < size) ? null : join(elements);
            };
        });
    }

    protected static bool Bool(KernelContext c, int input) => c.Input(input).Data<bool>()[0];
}

internal sealed class BatchDatasetOp() : BatchingDatasetOp($"BatchDataset(input_dataset: variant, batch_size: int64) -> (handle: variant) where {Element}")
{
    protected override Dataset Make(KernelContext c) => Batch(c, Dataset.Of(c, 0), Long(c, 1), false, DatasetElements.Batch);
}

internal sealed class BatchDatasetV2Op() : BatchingDatasetOp(
    $"BatchDatasetV2(input_dataset: variant, batch_size: int64, drop_remainder: bool) -> (handle: variant) where parallel_copy: bool = false, {Element}")
{
    protected override Dataset Make(KernelContext c) => Batch(c, Dataset.Of(c, 0), Long(c, 1), Bool(c, 2), DatasetElements.Batch);
}

internal abstract class MapAndBatchBase(string name) : BatchingDatasetOp(
    $"{name}(input_dataset: variant, other_arguments: [Targuments], batch_size: int64, num_parallel_calls: int64, drop_remainder: bool) -> (handle: variant) "
    + $"where f: func, Targuments: list(type) >= 0, {Element}, preserve_cardinality: bool = false")
{
    protected override Dataset Make(KernelContext c)
    {
        int count = c.InputCount;
        return Batch(c, Map(c, Dataset.Of(c, 0), "f", 1, count - 4), Long(c, count - 3), Bool(c, count - 1), DatasetElements.Batch);
    }
}

internal sealed class MapAndBatchDatasetOp() : MapAndBatchBase("MapAndBatchDataset");

internal sealed class ExperimentalMapAndBatchDatasetOp() : MapAndBatchBase("ExperimentalMapAndBatchDataset");

/// <summary>Puts elements of different sizes together, the smaller ones padded.</summary>
internal abstract class PaddedBatchBase(string signature) : BatchingDatasetOp(signature)
{
    protected override Dataset Make(KernelContext c)
    {
        int count = (int)c.Attributes.Int("N");
        long[][] sizes = [.. Enumerable.Range(2, count).Select(i => IntVectors.Read(c.Input(i)))];
        Tensor[] padding = Kept(c, 2 + count, count);
        Workers workers = c.Workers;
        return Batch(c, Dataset.Of(c, 0), Long(c, 1), DropsRemainder(c), elements => [.. Enumerable.Range(0, count).Select(i => Join(elements, i, sizes[i], padding[i], workers))]);
    }

    protected virtual bool DropsRemainder(KernelContext c) => false;

    private static Tensor Join(List<Tensor[]> elements, int component, long[] sizes, Tensor padding, Workers workers)
    {
        sizes = [.. sizes];
        foreach (Tensor part in elements.Select(e => e[component]))
        {
            if (part.Rank != sizes.Length)
                throw Fault($"All elements in a batch must have the same rank as the padded shape for component{component}: expected rank {sizes.Length} but got element with rank {part.Rank}");
        }

        for (int d = 0; d < sizes.Length; d++)
        {
            long most = elements.Max(e => e[component].Shape[d]);
            if (sizes[d] >= 0 && most > sizes[d])
                throw Fault($"Attempted to pad to a smaller size than the input element: component {component} has {most} along dimension {d}, padded to {sizes[d]}.");
            sizes[d] = sizes[d] < 0 ? most : sizes[d];
        }

        Tensor whole = Tensor.Zeros(padding.DType, Shape.Create([elements.Count, .. sizes]));
        Filling.Fill(whole, padding);
        int row = IntVectors.Product(sizes);
        for (int i = 0; i < elements.Count; i++)
        {
            Tensor part = elements[i][component];
            StridedCopy.Run(StridedView.Of(part), new StridedView(whole, i * row, StridedView.RowMajor(sizes)), part.Shape.Dimensions, workers with { Cancellation = default });
        }

        whole.Buffer?.Share();
        return whole;
    }

    private static KernelException Fault(string message) => new(RunErrorCode.InvalidArgument, message);
}

internal sealed class PaddedBatchDatasetOp() : PaddedBatchBase(
    "PaddedBatchDataset(input_dataset: variant, batch_size: int64, padded_shapes: N * int64, padding_values: [Toutput_types]) -> (handle: variant) "
    + "where Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1, N: int >= 1");

internal sealed class PaddedBatchDatasetV2Op() : PaddedBatchBase(
    "PaddedBatchDatasetV2(input_dataset: variant, batch_size: int64, padded_shapes: N * int64, padding_values: [Toutput_types], drop_remainder: bool) -> (handle: variant) "
    + "where parallel_copy: bool = false, Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1, N: int >= 1")
{
    protected override bool DropsRemainder(KernelContext c) => Bool(c, c.InputCount - 1);
}
