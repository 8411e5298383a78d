namespace NotebookPersist;

/// <summary>Vectors of sizes, axes and positions, which nodes carry as int32 or int64.</summary>
internal static class IntVectors
{
    /// <summary>A vector of the given type.</summary>
    /// <exception cref="OverflowException">A number does not fit int32.</exception>
    public static Tensor ToTensor(ReadOnlySpan<long> values, DType dtype)
    {
        Tensor tensor = Tensor.Uninitialized(dtype, new long[] { values.Length });
        Write(values, tensor);
        return tensor;
    }

    /// <summary>A scalar of the given type.</summary>
    /// <exception cref="OverflowException">The number does not fit int32.</exception>
    public static Tensor ToScalar(long value, DType dtype) => ToTensor([value], dtype).Reshaped(Shape.Scalar);

    /// <summary>Sets all elements of an int32 or int64 tensor.</summary>
    /// <exception cref="OverflowException">A number does not fit int32.</exception>
    public static void Write(ReadOnlySpan<long> values, Tensor target)
    {
        if (target.DType == DType.Int64)
        {
            values.CopyTo(target.MutableData<long>());
            return;
        }

        Span<int> ints = target.MutableData<int>();
        for (int i = 0; i < ints.Length; i++)
            ints[i] = checked((int)values[i]);
    }

    /// <summary>All elements of an int32 or int64 tensor.</summary>
    public static long[] Read(Tensor tensor)
    {
        if (tensor.DType == DType.Int64)
            return tensor.ToArray<long>();
        ReadOnlySpan<int> ints = tensor.Data<int>();
        long[] values = new long[ints.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = ints[i];
        return values;
    }

    /// <summary>Product of sizes that are all known.</summary>
    public static int Product(ReadOnlySpan<long> sizes)
    {
        // A zero anywhere makes the product 0, however large the other sizes are.
        if (sizes.Contains(0))
            return 0;
        long product = 1;
        foreach (long size in sizes)
            product = checked(product * size);
        return checked((int)product);
    }
}
