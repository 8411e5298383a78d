namespace NotebookPersist.Formats.Bundles;

/// <summary>Puts a box of a partitioned tensor together from the stored slices that meet it.</summary>
internal static class SliceAssembly
{
    /// <summary>Reads a box of a tensor.</summary>
    /// <param name="entry">The tensor; its slices are the stored ones.</param>
    /// <param name="starts">First index of the box in each dimension; inside the shape.</param>
    /// <param name="lengths">Size of the box.</param>
    /// <param name="load">Reads one stored slice by its position in the list; called only for slices that meet the box.</param>
    /// <param name="require">Throws where a stored slice is not there, without reading it; null where only reading it tells: then all are read before they are put together.</param>
    /// <param name="prefix">The checkpoint, for messages.</param>
    /// <param name="gap">What TensorFlow says of slices that do not cover the box.</param>
    /// <exception cref="CheckpointFormatException">Slices overlap, reach out of the shape, or leave a gap in the box.</exception>
    public static Tensor Read(CheckpointEntry entry, long[] starts, long[] lengths, Func<int, Tensor> load, Action<int>? require, string prefix, string gap)
    {
        Box[] stored = StoredBoxes(entry, prefix);
        RequireDisjoint(entry, stored, prefix);
        Box wanted = new(starts, lengths);
        Int128 covered = 0;
        foreach (Box box in stored)
            covered += box.Intersect(wanted).Count;
        if (covered != wanted.Count)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{entry.Name}' of '{prefix}': {gap}: the slices cover {covered} of the {wanted.Count} elements wanted. Stored are {string.Join(' ', entry.Slices)} of shape {entry.Shape}.",
                CheckpointFault.BadSlices,
                prefix);
        }

        return Fill(entry.DType, wanted, stored, load, require);
    }

    /// <summary>Cuts a box out of a whole tensor.</summary>
    public static Tensor Cut(Tensor whole, long[] starts, long[] lengths)
    {
        Box wanted = new(starts, lengths);
        Box all = new(new long[starts.Length], whole.Shape.ToArray());
        if (wanted.Count == all.Count)
            return whole;
        return Fill(whole.DType, wanted, [all], _ => whole, null);
    }

    // A file may tell of slices that it does not have: they must be there before memory is taken for all.
    private static Tensor Fill(DType dtype, Box wanted, Box[] stored, Func<int, Tensor> load, Action<int>? require)
    {
        int[] meeting = [.. Enumerable.Range(0, stored.Length).Where(i => stored[i].Intersect(wanted).Count > 0)];
        if (meeting is [int only] && stored[only].Count == wanted.Count)
            return load(only);
        Tensor[] loaded = require is null ? [.. meeting.Select(load)] : [];
        foreach (int i in meeting)
            require?.Invoke(i);
        Shape shape = Shape.Create(wanted.Lengths);
        byte[][] strings = dtype == DType.String ? new byte[(int)wanted.Count][] : [];
        Tensor result = dtype == DType.String ? Tensor.OfStrings(shape, strings) : Tensor.Uninitialized(dtype, shape);
        for (int m = 0; m < meeting.Length; m++)
        {
            Box box = stored[meeting[m]];
            Box common = box.Intersect(wanted);
            Tensor part = require is null ? loaded[m] : load(meeting[m]);
            if (dtype == DType.String)
                CopyRuns(part.Strings, box, strings, wanted, common, 1);
            else
                CopyRuns<byte>(part.Bytes, box, result.MutableBytes, wanted, common, dtype.Size());
        }

        return result;
    }

    private static Box[] StoredBoxes(CheckpointEntry entry, string prefix)
    {
        Box[] boxes = new Box[entry.Slices.Count];
        for (int i = 0; i < boxes.Length; i++)
        {
            try
            {
                (long[] starts, long[] lengths) = entry.Slices[i].Resolve(entry.Shape.Dimensions);
                boxes[i] = new Box(starts, lengths);
            }
            catch (ArgumentException e)
            {
                throw new CheckpointFormatException(
                    $"Cannot read '{entry.Name}' of '{prefix}': the stored slice '{entry.Slices[i]}' does not fit the shape {entry.Shape}.",
                    CheckpointFault.BadSlices,
                    prefix,
                    innerException: e);
            }
        }

        return boxes;
    }

    private static void RequireDisjoint(CheckpointEntry entry, Box[] boxes, string prefix)
    {
        // Swept along the first dimension, tensors cut there (nearly all are) cost one comparison for each slice.
        int[] order = [.. Enumerable.Range(0, boxes.Length)];
        if (entry.Shape.Rank > 0)
            Array.Sort(order, (a, b) => boxes[a].Starts[0].CompareTo(boxes[b].Starts[0]));
        for (int i = 0; i < order.Length; i++)
        {
            Box first = boxes[order[i]];
            for (int j = i + 1; j < order.Length; j++)
            {
                Box second = boxes[order[j]];
                if (entry.Shape.Rank > 0 && second.Starts[0] >= first.Starts[0] + first.Lengths[0])
                    break;
                if (first.Intersect(second).Count > 0)
                {
                    throw new CheckpointFormatException(
                        $"Cannot read '{entry.Name}' of '{prefix}': overlapping slices '{entry.Slices[order[i]]}' and '{entry.Slices[order[j]]}'.",
                        CheckpointFault.BadSlices,
                        prefix);
                }
            }
        }
    }

    private static void CopyRuns<T>(ReadOnlySpan<T> source, Box sourceBox, Span<T> target, Box targetBox, Box common, int unit)
    {
        int rank = common.Starts.Length;
        long run = unit * (rank == 0 ? 1 : common.Lengths[^1]);
        long[] index = [.. common.Starts];
        while (true)
        {
            int from = (int)(sourceBox.Offset(index) * unit);
            int to = (int)(targetBox.Offset(index) * unit);
            source.Slice(from, (int)run).CopyTo(target[to..]);
            int d = rank - 2;
            for (; d >= 0 && ++index[d] == common.Starts[d] + common.Lengths[d]; d--)
                index[d] = common.Starts[d];
            if (d < 0)
                return;
        }
    }

    private readonly record struct Box(long[] Starts, long[] Lengths)
    {
        public Int128 Count
        {
            get
            {
                Int128 count = 1;
                foreach (long length in Lengths)
                    count *= length;
                return count;
            }
        }

        public Box Intersect(Box other)
        {
            long[] starts = new long[Starts.Length];
            long[] lengths = new long[Starts.Length];
            for (int i = 0; i < starts.Length; i++)
            {
                starts[i] = Math.Max(Starts[i], other.Starts[i]);
                long end = Math.Min(Starts[i] + Lengths[i], other.Starts[i] + other.Lengths[i]);
                lengths[i] = Math.Max(0, end - starts[i]);
            }

            return new Box(starts, lengths);
        }

        // Row-major position of an index of the full tensor within this box.
        public long Offset(long[] index)
        {
            long offset = 0;
            for (int i = 0; i < index.Length; i++)
                offset = (offset * Lengths[i]) + index[i] - Starts[i];
            return offset;
        }
    }
}
