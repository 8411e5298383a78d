using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>One element.</summary>
internal sealed class TensorDatasetOp() : DatasetOp(
    "TensorDataset(components: [Toutput_types]) -> (handle: variant) where Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful")
{
    protected override Dataset Make(KernelContext c)
    {
        Tensor[] element = Kept(c, 0, c.InputCount);
        return new Dataset(_ =>
        {
            bool given = false;
            return () =>
            {
                if (given)
                    return null;
                given = true;
                return element;
            };
        });
    }
}

/// <summary>An element for each row of the components.</summary>
internal sealed class TensorSliceDatasetOp() : DatasetOp(
    "TensorSliceDataset(components: [Toutput_types]) -> (handle: variant) where Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful")
{
    protected override Dataset Make(KernelContext c)
    {
        Tensor[] components = Kept(c, 0, c.InputCount);
        if (Array.Exists(components, static t => t.Rank == 0))
            throw c.InvalidArgument("Expected input[0] to be at least 1-dimensional: a dataset of slices needs a first dimension.");
        long count = components[0].Shape[0];
        if (Array.Exists(components, t => t.Shape[0] != count))
            throw c.InvalidArgument("Components of a dataset of slices must have the same size in their first dimension.");
        return new Dataset(_ =>
        {
            int row = 0;
            return () =>
            {
                if (row >= count)
                    return null;
                Tensor[] element = Array.ConvertAll(components, t => DatasetElements.Row(t, row));
                row++;
                return element;
            };
        });
    }
}

/// <summary>Numbers at equal distances.</summary>
internal sealed class RangeDatasetOp() : DatasetOp($"RangeDataset(start: int64, stop: int64, step: int64) -> (handle: variant) where {Element}; stateful")
{
    protected override Dataset Make(KernelContext c)
    {
        (long start, long stop, long step) = (Long(c, 0), Long(c, 1), Long(c, 2));
        if (step == 0)
            throw c.InvalidArgument("step must be a non-zero integer.");
        DType type = c.Attributes.Types("output_types")[0];
        return new Dataset(_ =>
        {
            long next = start;
            return () =>
            {
                if (step > 0 ? next >= stop : next <= stop)
                    return null;
                Tensor number = type == DType.Int64 ? Tensor.Scalar(next) : TensorCasts.Convert(Tensor.Scalar(next), type, "an element of a range");
                next += step;
                return [number];
            };
        });
    }
}
