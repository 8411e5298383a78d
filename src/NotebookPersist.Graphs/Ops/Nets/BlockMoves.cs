using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Moves blocks of positions into the batch and back.</summary>
internal static class BlockMoves
{
    /// <summary>The edge of a block, whose square counts channels.</summary>
    /// <exception cref="GraphException">No tensor has that many channels.</exception>
    public static long BlockSize(Operation operation)
    {
        long size = operation.Attributes.Int("block_size");
        return size <= 1 << 15 ? size : throw new GraphException($"Attribute 'block_size' of node '{operation.Name}' is {size}; {1 << 15} is the most.", operation.Name, operation.Type);
    }

    public static long[] Ints(Tensor tensor)
    {
        long[] values = new long[tensor.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = tensor.ItemAt<long>(i);
        return values;
    }

    /// <summary>Elements in another order of the axes of another shape.</summary>
    public static void Permute(KernelContext c, Tensor source, ReadOnlySpan<long> sourceSizes, ReadOnlySpan<int> order, Tensor target)
    {
        StridedView whole = StridedView.Of(source, sourceSizes);
        long[] sizes = new long[order.Length];
        int[] strides = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            (sizes[i], strides[i]) = (sourceSizes[order[i]], whole.Strides[order[i]]);
        StridedCopy.Run(whole with { Strides = strides }, StridedView.Of(target, sizes), sizes, c.Workers);
    }

    public static Shape InferSpaceToBatch(ShapeContext c, Shape input, long[]? block, long[]? paddings, long blockRank)
    {
        if (!input.HasRank || block is null)
            return input.HasRank ? Shape.OfRank(input.Rank) : Shape.Unknown;
        if (input.Rank < blockRank + 1)
            throw c.Fault($"Shape must be at least rank {blockRank + 1} but is rank {input.Rank}.");
        long[] sizes = input.ToArray();
        for (int i = 0; i < block.Length; i++)
        {
            sizes[0] = sizes[0] < 0 ? -1 : sizes[0] * block[i];
            if (paddings is null || sizes[i + 1] < 0)
            {
                sizes[i + 1] = -1;
                continue;
            }

            long padded = sizes[i + 1] + paddings[2 * i] + paddings[(2 * i) + 1];
            if (padded % block[i] != 0)
                throw c.Fault($"Dimension size must be evenly divisible by {block[i]} but is {padded}.");
            sizes[i + 1] = padded / block[i];
        }

        return sizes;
    }

    public static Shape InferBatchToSpace(ShapeContext c, Shape input, long[]? block, long[]? crops, long blockRank)
    {
        if (!input.HasRank || block is null)
            return input.HasRank ? Shape.OfRank(input.Rank) : Shape.Unknown;
        if (input.Rank < blockRank + 1)
            throw c.Fault($"Shape must be at least rank {blockRank + 1} but is rank {input.Rank}.");
        long[] sizes = input.ToArray();
        for (int i = 0; i < block.Length; i++)
        {
            if (sizes[0] >= 0 && sizes[0] % block[i] != 0)
                throw c.Fault($"Dimension size must be evenly divisible by {block[i]} but is {sizes[0]}.");
            sizes[0] = sizes[0] < 0 ? -1 : sizes[0] / block[i];
            if (crops is null || sizes[i + 1] < 0)
            {
                sizes[i + 1] = -1;
                continue;
            }

            sizes[i + 1] = (sizes[i + 1] * block[i]) - crops[2 * i] - crops[(2 * i) + 1];
            if (sizes[i + 1] < 0)
                throw c.Fault($"Cropped size must be non-negative; dimension {i + 1} would have size {sizes[i + 1]}.");
        }

        return sizes;
    }

    public static void SpaceToBatch(KernelContext c, long[] block, long[] paddings)
    {
        Tensor input = c.Input(0);
        Require(c, input, block, paddings, "paddings");
        long[] padded = input.Shape.ToArray();
        long[] sizes = input.Shape.ToArray();
        int start = 0;
        for (int i = 0; i < block.Length; i++)
        {
            padded[i + 1] += paddings[2 * i] + paddings[(2 * i) + 1];
            if (padded[i + 1] % block[i] != 0)
                throw c.InvalidArgument($"padded_shape[{i}]={padded[i + 1]} is not divisible by block_shape[{i}]={block[i]}");
            sizes[i + 1] = padded[i + 1] / block[i];
            sizes[0] *= block[i];
        }

        Tensor whole = input;
        if (paddings.Any(static p => p != 0))
        {
            whole = c.Allocate(input.DType, padded);
            whole.MutableBytes.Clear();
            int[] steps = StridedView.RowMajor(padded);
            for (int i = 0; i < block.Length; i++)
                start += (int)paddings[2 * i] * steps[i + 1];
            StridedCopy.Run(StridedView.Of(input), new StridedView(whole, start, steps), input.Shape.Dimensions, c.Workers);
        }

        // [batch, s1, b1, s2, b2, ..., rest] to [b1, b2, ..., batch, s1, s2, ..., rest]
        var split = new List<long> { padded[0] };
        var blocks = new List<int>();
        var others = new List<int> { 0 };
        for (int i = 0; i < block.Length; i++)
        {
            others.Add(split.Count);
            split.Add(sizes[i + 1]);
            blocks.Add(split.Count);
            split.Add(block[i]);
        }

        for (int i = block.Length + 1; i < padded.Length; i++)
        {
            others.Add(split.Count);
            split.Add(padded[i]);
        }

        Permute(c, whole, [.. split], [.. blocks, .. others], c.AllocateOutput(0, sizes));
    }

    public static void BatchToSpace(KernelContext c, long[] block, long[] crops)
    {
        Tensor input = c.Input(0);
        Require(c, input, block, crops, "crops");
        long product = 1;
        foreach (long b in block)
            product *= b;
        if (input.Shape[0] % product != 0)
            throw c.InvalidArgument($"Input batch dimension ({input.Shape[0]}) is not divisible by product of block sizes ({product})");
        long[] whole = input.Shape.ToArray();
        whole[0] /= product;
        long[] sizes = (long[])whole.Clone();
        for (int i = 0; i < block.Length; i++)
        {
            whole[i + 1] *= block[i];
            sizes[i + 1] = whole[i + 1] - crops[2 * i] - crops[(2 * i) + 1];
            if (sizes[i + 1] < 0)
                throw c.InvalidArgument($"cropped_shape[{i}]={sizes[i + 1]} must be non-negative");
        }

        // [b1, b2, ..., batch, s1, s2, ..., rest] to [batch, s1, b1, s2, b2, ..., rest]
        int m = block.Length;
        long[] split = [.. block, whole[0], .. input.Shape.Dimensions[1..]];
        var order = new List<int> { m };
        for (int i = 0; i < m; i++)
        {
            order.Add(m + 1 + i);
            order.Add(i);
        }

        for (int i = (2 * m) + 1; i < split.Length; i++)
            order.Add(i);
        bool cropped = crops.Any(static p => p != 0);
        Tensor output = c.AllocateOutput(0, sizes);
        Tensor joined = cropped ? c.Allocate(input.DType, whole) : output;
        Permute(c, input, split, [.. order], joined);
        if (!cropped)
            return;
        int[] steps = StridedView.RowMajor(whole);
        int start = 0;
        for (int i = 0; i < m; i++)
            start += (int)crops[2 * i] * steps[i + 1];
        StridedCopy.Run(new StridedView(joined, start, steps), StridedView.Of(output), sizes, c.Workers);
    }

    private static void Require(KernelContext c, Tensor input, long[] block, long[] edges, string what)
    {
        if (input.Buffer is null)
            throw c.Unsupported(input.DType);
        if (input.Rank < block.Length + 1)
            throw c.InvalidArgument($"input rank should be >= {block.Length + 1} instead of {input.Rank}");
        if (edges.Length != 2 * block.Length)
            throw c.InvalidArgument($"{what} should have shape [{block.Length}, 2]; it has {edges.Length} elements");
        if (block.Any(static b => b < 1))
            throw c.InvalidArgument("All values in block_shape must be positive");
        if (edges.Any(static e => e < 0))
            throw c.InvalidArgument($"{what} must be non-negative");
    }
}
