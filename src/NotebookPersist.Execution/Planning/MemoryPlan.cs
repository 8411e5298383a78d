namespace NotebookPersist.Execution.Planning;

/// <summary>Which large values of known size share memory, as none is needed while another is.</summary>
/// <param name="BlockOf">By slot: the number of its block, or -1. Empty where none has one.</param>
/// <param name="ByteCounts">By block: its size, that of its largest value.</param>
/// <remarks>
/// A kernel may put an input's bytes out again, so that a value outlives its slot: whoever takes a block looks whether it is idle.
/// Values that are fetched or may become a variable's, and those of branches that run side by side, have memory of their own.
/// </remarks>
internal sealed record MemoryPlan(int[] BlockOf, long[] ByteCounts)
{
    // Unit: bytes. Smaller ones are found in the pool, and do not count.
    private const long Smallest = 64 << 10;

    /// <summary>No value shares memory.</summary>
    public static MemoryPlan None { get; } = new([], []);

    /// <summary>Gives each value, in the order of the steps, the smallest block that is free and large enough, or else the largest that is free.</summary>
    /// <param name="steps">A plan without branches and loops that may be dead.</param>
    /// <param name="slotCount">Number of slots.</param>
    public static MemoryPlan Of(RunPlan.Step[] steps, int slotCount)
    {
        var last = new Dictionary<int, int>();
        for (int i = 0; i < steps.Length; i++)
        {
            foreach (int slot in steps[i].Released)
                last[slot] = i;
        }

        foreach (int slot in steps.Where(static s => s.Op.Signature.HasReferenceInputs).SelectMany(static s => s.Inputs))
            last.Remove(slot);
        int[] blockOf = new int[slotCount];
        Array.Fill(blockOf, -1);
        var blocks = new List<(long ByteCount, int BusyUntil)>();
        for (int i = 0; i < steps.Length; i++)
        {
            for (int k = 0; k < steps[i].Outputs.Length; k++)
            {
                int slot = steps[i].Outputs[k];
                if (slot < 0 || !last.TryGetValue(slot, out int end) || ByteCount(steps[i].Operation.Outputs[k]) is var size && size < Smallest)
                    continue;
                int block = Choose(blocks, size, i);
                blockOf[slot] = block;
                blocks[block] = (Math.Max(size, blocks[block].ByteCount), end);
            }
        }

        return blocks.Count == 0 ? None : new MemoryPlan(blockOf, [.. blocks.Select(static b => b.ByteCount)]);
    }

    private static int Choose(List<(long ByteCount, int BusyUntil)> blocks, long size, int step)
    {
        int best = -1;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].BusyUntil >= step)
                continue;
            long found = best < 0 ? -1 : blocks[best].ByteCount;
            bool isBetter = found < size ? blocks[i].ByteCount > found : blocks[i].ByteCount >= size && blocks[i].ByteCount < found;
            if (isBetter)
                best = i;
        }

        if (best >= 0)
            return best;
        blocks.Add((0, -1));
        return blocks.Count - 1;
    }

    // Unit: bytes; 0 where it is not known.
    private static long ByteCount(Output output)
    {
        if (output.IsReference || !output.DType.HasFixedSize())
            return 0;
        long size = output.DType.Size();
        double count = KnownSizes.Elements(output.Shape);
        return count <= Array.MaxLength / size ? (long)count * size : 0;
    }
}
