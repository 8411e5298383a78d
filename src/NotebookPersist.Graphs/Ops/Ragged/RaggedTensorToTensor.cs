using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class RaggedTensorToTensorOp() : UndifferentiatedOp("RaggedTensorToTensor(shape: Tshape, values: T, default_value: T, row_partition_tensors: num_row_partition_tensors * Tindex) -> (result: T) where T: type, Tindex: int64 | int32, Tshape: int64 | int32, num_row_partition_tensors: int >= 1, row_partition_types: list(string)", "TensorFlow has no gradient for it")
{
    private const long Outside = -1;

    public override void InferShapes(ShapeContext c)
    {
        Shape values = c.Input(1);
        IReadOnlyList<string> types = c.Attributes.Strings("row_partition_types");
        int levels = types.Count - (types.Count > 0 && types[0] == "FIRST_DIM_SIZE" ? 1 : 0);
        Shape given = c.Input(0).Rank == 0 ? Shape.Unknown : c.InputAsShape(0);
        if (values.HasRank)
            c.Output(0, c.Merge(given, Shape.OfRank(levels + 1).Concatenate(Shape.Create(values.Dimensions[1..]))));
    }

    public override void Compute(KernelContext c)
    {
        (Tensor values, Tensor missing) = (c.Input(1), c.Input(2));
        string[] types = [.. c.Attributes.Strings("row_partition_types")];
        if (types.Length == 0 || types.Length != c.InputCount - 3)
            throw c.InvalidArgument($"Expected a partition type for each of {c.InputCount - 3} row partition tensors, got {types.Length}");
        long[][] parts = [.. Enumerable.Range(3, types.Length).Select(i => IntVectors.Read(c.Input(i)))];
        if (parts[0].Length == 0)
            throw c.InvalidArgument("Invalid first partition input. Tensor requires at least one element.");
        long first = types[0] switch
        {
            "FIRST_DIM_SIZE" => parts[0][0],
            "ROW_SPLITS" => parts[0].Length - 1,
            _ => throw c.InvalidArgument($"Cannot handle {types[0]} in first dimension."),
        };
        if (types[0] == "FIRST_DIM_SIZE")
            (types, parts) = (types[1..], parts[1..]);
        long[] sizes = Sizes(c, values, parts, types, first);
        Tensor output = c.AllocateOutput(0, sizes);
        Fill(c, output, values, missing);
        if (output.Count == 0)
            return;
        long[] steps = new long[sizes.Length];
        steps[^1] = 1;
        for (int i = sizes.Length - 2; i >= 0; i--)
            steps[i] = steps[i + 1] * sizes[i + 1];
        long[] places = new long[first];
        for (int i = 0; i < places.Length; i++)
            places[i] = i < sizes[0] ? i * steps[0] : Outside;
        for (int level = 0; level < types.Length; level++)
            places = types[level] == "ROW_SPLITS" ? OfSplits(c, parts[level], places, steps[level + 1], sizes[level + 1]) : OfRows(c, parts[level], places, steps[level + 1], sizes[level + 1]);
        int row = IntVectors.Product(values.Shape.Dimensions[1..]);
        if (places.Length > values.Shape[0])
            throw c.InvalidArgument($"The row partitions name {places.Length} values, but there are {values.Shape[0]}");
        List<int> kept = [.. Enumerable.Range(0, places.Length).Where(i => places[i] != Outside)];
        NotebookPersist.Kernels.Scattering.TryApply(output, [.. kept.Select(i => (int)places[i])], row, Rows.Take(values, 0, kept), NotebookPersist.Kernels.ScatterKind.Update);
    }

    private static long[] Sizes(KernelContext c, Tensor values, long[][] parts, string[] types, long first)
    {
        long[] sizes = new long[types.Length + values.Rank];
        Array.Fill(sizes, -1);
        for (int d = 1; d < values.Rank; d++)
            sizes[types.Length + d] = values.Shape[d];
        Tensor shape = c.Input(0);
        if (shape.Rank == 1)
        {
            long[] given = IntVectors.Read(shape);
            if (given.Length != sizes.Length)
                throw c.InvalidArgument($"rt_input.shape and shape=[{string.Join(',', given)}] are incompatible: rt_input.rank = {sizes.Length} but shape.rank = {given.Length}");
            for (int d = 0; d < given.Length; d++)
            {
                if (sizes[d] >= 0 && given[d] >= 0 && sizes[d] != given[d])
                    throw c.InvalidArgument($"rt_input.shape and shape=[{string.Join(',', given)}] are incompatible: rt_input.shape[{d}] = {sizes[d]} but shape[{d}] = {given[d]}");
                sizes[d] = given[d] >= 0 ? given[d] : sizes[d];
            }
        }

        if (sizes[0] < 0)
            sizes[0] = first;
        for (int level = 0; level < types.Length; level++)
        {
            if (sizes[level + 1] < 0)
                sizes[level + 1] = Widest(c, parts[level], types[level]);
        }

        return sizes;
    }

    private static long Widest(KernelContext c, long[] part, string type) => type switch
    {
        "ROW_SPLITS" => part.Zip(part.Skip(1), static (a, b) => b - a).DefaultIfEmpty(0).Max(),
        "VALUE_ROWIDS" => part.GroupBy(static r => r).Select(static g => (long)g.Count()).DefaultIfEmpty(0).Max(),
        _ => throw c.InvalidArgument($"Cannot handle partition type {type}"),
    };

    private static long[] OfSplits(KernelContext c, long[] splits, long[] parents, long step, long size)
    {
        if (splits.Length - 1 > parents.Length)
            throw c.InvalidArgument($"Row partition size is greater than output size: {splits.Length - 1} > {parents.Length}");
        var places = new List<long>();
        for (int i = 0; i + 1 < splits.Length; i++)
        {
            for (long k = 0; k < splits[i + 1] - splits[i]; k++)
                places.Add(parents[i] == Outside || k >= size ? Outside : parents[i] + (k * step));
        }

        return places.Count == (splits.Length == 0 ? 0 : splits[^1]) ? [.. places] : throw c.InvalidArgument("Invalid row split size.");
    }

    private static long[] OfRows(KernelContext c, long[] rows, long[] parents, long step, long size)
    {
        long[] places = new long[rows.Length];
        long column = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || rows[i] >= parents.Length)
                throw c.InvalidArgument($"Got current_value_rowid={rows[i]} which is not less than {parents.Length}");
            column = i > 0 && rows[i] == rows[i - 1] ? column + 1 : 0;
            places[i] = parents[rows[i]] == Outside || column >= size ? Outside : parents[rows[i]] + (column * step);
        }

        return places;
    }

    private static void Fill(KernelContext c, Tensor output, Tensor values, Tensor missing)
    {
        if (missing.Count == 1)
        {
            NotebookPersist.Kernels.Filling.Fill(output, missing.Reshaped(Shape.Scalar));
            return;
        }

        int row = IntVectors.Product(values.Shape.Dimensions[1..]);
        if (missing.Rank >= values.Rank || row == 0 || row % missing.Count != 0 || !values.Shape.Dimensions[^missing.Rank..].SequenceEqual(missing.Shape.Dimensions))
            throw c.InvalidArgument($"default_value.shape={missing.Shape} and rt_input.flat_values.shape={values.Shape} are incompatible");
        int count = output.Count / missing.Count;
        Tensor repeated = Rows.Take(missing.Reshaped([1, missing.Count]), 0, [.. Enumerable.Repeat(0, count)]);
        NotebookPersist.Kernels.Scattering.TryApply(output, [0], output.Count, repeated, NotebookPersist.Kernels.ScatterKind.Update);
    }
}
