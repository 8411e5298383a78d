using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>A ragged tensor as the value of a variant: where the rows of each level begin, and the elements.</summary>
internal sealed record RaggedValue(long[][] Splits, Tensor Values);

/// <summary>A ragged tensor as one variant, or one variant for each of its rows.</summary>
internal sealed class RaggedTensorToVariantOp() : UndifferentiatedOp(
    "RaggedTensorToVariant(rt_nested_splits: RAGGED_RANK * Tsplits, rt_dense_values: Tvalues) -> (encoded_ragged: variant) "
    + "where RAGGED_RANK: int >= 1, Tvalues: type, Tsplits: int32 | int64, batched_input: bool", "TensorFlow has no gradient of it")
{
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        Shape splits = c.WithRank(0, 1);
        c.Output(0, !c.Attributes.Bool("batched_input") ? Shape.Scalar : [splits[0] > 0 ? splits[0] - 1 : -1]);
    }

    public override void Compute(KernelContext c)
    {
        int levels = c.InputCount - 1;
        Tensor values = TensorList.Kept(c.Input(levels));
        long[][] splits = [.. Enumerable.Range(0, levels).Select(i => IntVectors.Read(c.Input(i)))];
        if (values.Rank == 0)
            throw c.InvalidArgument("rt_dense_values must have rank 1 or more");
        for (int level = 0; level < levels; level++)
            Check(c, splits[level], level + 1 < levels ? splits[level + 1].Length - 1 : values.Shape[0]);
        if (!c.Attributes.Bool("batched_input"))
        {
            c.Output(0, Tensor.OfObjects(DType.Variant, Shape.Scalar, [new RaggedValue(splits, values)]));
            return;
        }

        object?[] rows = new object?[splits[0].Length - 1];
        for (int row = 0; row < rows.Length; row++)
        {
            (long start, long end) = (splits[0][row], splits[0][row + 1]);
            var inner = new List<long[]>();
            foreach (long[] level in splits.Skip(1))
            {
                long[] part = level[(int)start..((int)end + 1)];
                (start, end) = (part[0], part[^1]);
                inner.Add(Array.ConvertAll(part, s => s - start));
            }

            rows[row] = new RaggedValue([.. inner], TensorList.Kept(Rows.Take(values, 0, [.. Enumerable.Range((int)start, (int)(end - start))])));
        }

        c.Output(0, Tensor.OfObjects(DType.Variant, [rows.Length], rows));
    }

    private static void Check(KernelContext c, long[] splits, long end)
    {
        if (splits.Length == 0 || splits[0] != 0)
            throw c.InvalidArgument("First value of ragged splits must be 0.");
        if (splits[^1] != end)
            throw c.InvalidArgument($"Final value of ragged splits must match the length of what they split: {splits[^1]} vs. {end}");
        for (int i = 1; i < splits.Length; i++)
        {
            if (splits[i] < splits[i - 1])
                throw c.InvalidArgument("Ragged splits must not decrease.");
        }
    }
}

/// <summary>The ragged tensor of a variant, or one of which variants are the rows.</summary>
internal sealed class RaggedTensorFromVariantOp() : UndifferentiatedOp(
    "RaggedTensorFromVariant(encoded_ragged: variant) -> (output_nested_splits: output_ragged_rank * Tsplits, output_dense_values: Tvalues) "
    + "where input_ragged_rank: int >= -1, output_ragged_rank: int >= 1, Tvalues: type, Tsplits: int32 | int64", "TensorFlow has no gradient of it")
{
    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount - 1; i++)
            c.Output(i, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor encoded = c.Input(0);
        int levels = c.Operation.Outputs.Count - 1;
        long stated = c.Attributes.Int("input_ragged_rank");
        int inner = stated < 0 ? levels - encoded.Rank : (int)stated;
        if (inner < 0 || levels != encoded.Rank + inner)
            throw c.InvalidArgument($"output_ragged_rank must be equal to input_ragged_rank + encoded_ragged.dims(); output_ragged_rank: {levels}, input_ragged_rank: {stated}, encoded_variant.dims(): {encoded.Rank}.");
        RaggedValue[] parts = new RaggedValue[encoded.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = encoded.Objects[i] as RaggedValue ?? throw c.InvalidArgument($"Input Variant element at index {i} doesn't hold a ragged tensor.");
            if (parts[i].Values.DType != c.Operation.Outputs[levels].DType)
                throw c.InvalidArgument($"Expected values Tensor dtype: {c.Operation.Outputs[levels].DType.Name()}, found: {parts[i].Values.DType.Name()}");
            if (parts[i].Splits.Length != inner)
                throw c.InvalidArgument($"Encoded input Variant must hold either input_ragged_rank + 1 Tensors, input_ragged_rank: {inner}, but it has {parts[i].Splits.Length} levels.");
        }

        if (encoded.Rank == 0)
        {
            for (int i = 0; i < inner; i++)
                IntVectors.Write(parts[0].Splits[i], c.AllocateOutput(i, [parts[0].Splits[i].Length]));
            c.Output(levels, parts[0].Values);
            return;
        }

        if (parts.Length == 0)
            throw c.InvalidArgument("Of no variants at all, the shape of the values cannot be told.");
        WriteOuter(c, encoded.Shape, parts);
        for (int i = 0; i < inner; i++)
        {
            var splits = new List<long> { 0 };
            foreach (RaggedValue part in parts)
            {
                long before = splits[^1];
                splits.AddRange(part.Splits[i].Skip(1).Select(s => s + before));
            }

            IntVectors.Write([.. splits], c.AllocateOutput(encoded.Rank + i, [splits.Count]));
        }

        ReadOnlySpan<long> rest = parts[0].Values.Shape.Dimensions[1..];
        foreach (RaggedValue part in parts)
        {
            if (!part.Values.Shape.Dimensions[1..].SequenceEqual(rest))
                throw c.InvalidArgument($"All flat_values must have compatible shapes. Shape at index 0: {parts[0].Values.Shape}, another: {part.Values.Shape}");
        }

        Tensor values = c.AllocateOutput(levels, Shape.Create([parts.Sum(static p => p.Values.Shape[0]), .. rest]));
        Joining.Join([.. parts.Select(static p => p.Values)], values, 1, c.Workers);
    }

    private static void WriteOuter(KernelContext c, Shape encoded, RaggedValue[] parts)
    {
        long count = 1;
        for (int i = 0; i < encoded.Rank - 1; i++)
        {
            count *= encoded[i];
            long width = encoded[i + 1];
            IntVectors.Write([.. Enumerable.Range(0, (int)count + 1).Select(j => j * width)], c.AllocateOutput(i, [count + 1]));
        }

        long[] rows = new long[parts.Length + 1];
        for (int i = 0; i < parts.Length; i++)
            rows[i + 1] = rows[i] + (parts[i].Splits.Length > 0 ? parts[i].Splits[0].Length - 1 : parts[i].Values.Shape[0]);
        IntVectors.Write(rows, c.AllocateOutput(encoded.Rank - 1, [rows.Length]));
    }
}
