namespace NotebookPersist;

/// <summary>The partitioners that TensorFlow has.</summary>
/// <remarks>Thread safety: all are pure functions. Source: TensorFlow 1.15's partitioned_variables.</remarks>
public static class Partitioners
{
    /// <summary>Always so many parts, or one a row where there are fewer rows.</summary>
    /// <param name="numShards">How many parts.</param>
    /// <param name="axis">The dimension to cut along.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Partitioner FixedSize(int numShards, int axis = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numShards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        return (shape, _) => Along(shape, axis, Math.Min(numShards, RowsAlong(shape, axis)));
    }

    /// <summary>As few parts as keep each part below a size.</summary>
    /// <param name="maxShardBytes">Unit: bytes. A part may be longer only where a single row is.</param>
    /// <param name="axis">The dimension to cut along.</param>
    /// <param name="bytesPerStringElement">Unit: bytes. What a string counts as.</param>
    /// <param name="maxShards">At most so many parts, whatever their size; null for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Partitioner VariableAxisSize(long maxShardBytes, int axis = 0, int bytesPerStringElement = 16, int? maxShards = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerStringElement, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShards ?? 1, 1, nameof(maxShards));
        return (shape, dtype) =>
        {
            long rows = RowsAlong(shape, axis);
            double bytesPerRow = (double)shape.ElementCount / rows * BytesPerElement(dtype, bytesPerStringElement);
            double rowsPerShard = Math.Max(1, Math.Floor(maxShardBytes / bytesPerRow));
            return Along(shape, axis, Math.Min((long)Math.Ceiling(rows / rowsPerShard), maxShards ?? long.MaxValue));
        };
    }

    /// <summary>As many parts as keep each part above a size, up to a number.</summary>
    /// <param name="maxPartitions">At most so many parts.</param>
    /// <param name="axis">The dimension to cut along.</param>
    /// <param name="minSliceSize">Unit: bytes. Of each part, if there are several.</param>
    /// <param name="bytesPerStringElement">Unit: bytes. What a string counts as.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Partitioner MinMaxVariable(int maxPartitions = 1, int axis = 0, long minSliceSize = 256 << 10, int bytesPerStringElement = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPartitions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfLessThan(minSliceSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerStringElement, 1);
        return (shape, dtype) =>
        {
            double slices = Math.Ceiling((double)shape.ElementCount * BytesPerElement(dtype, bytesPerStringElement) / minSliceSize);
            return Along(shape, axis, (long)Math.Max(1, Math.Min(Math.Min(RowsAlong(shape, axis), maxPartitions), slices)));
        };
    }

    private static int BytesPerElement(DType dtype, int bytesPerStringElement) => dtype == DType.String ? bytesPerStringElement : dtype.Size();

    private static long RowsAlong(Shape shape, int axis) => axis < shape.Rank
        ? Math.Max(1, shape[axis])
        : throw new ArgumentException($"Cannot partition variable along axis {axis} when shape is only {shape.ToPythonString()}.", nameof(axis));

    private static int[] Along(Shape shape, int axis, long parts)
    {
        int[] numbers = new int[shape.Rank];
        Array.Fill(numbers, 1);
        numbers[axis] = (int)parts;
        return numbers;
    }
}
