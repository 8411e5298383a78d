namespace NotebookPersist.Kernels;

/// <summary>Some of a tensor's elements, addressed by one step a dimension.</summary>
/// <param name="Tensor">The elements.</param>
/// <param name="Start">Position of the first element.</param>
/// <param name="Strides">Step of each dimension; 0 repeats, negative goes backwards. Unit: elements.</param>
public readonly record struct StridedView(Tensor Tensor, int Start, int[] Strides)
{
    /// <summary>A whole tensor in row-major order.</summary>
    public static StridedView Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new StridedView(tensor, 0, RowMajor(tensor.Shape.Dimensions));
    }

    /// <summary>A tensor as if it had other sizes.</summary>
    public static StridedView Of(Tensor tensor, ReadOnlySpan<long> sizes) => new(tensor, 0, RowMajor(sizes));

    /// <summary>The same view from another first element on.</summary>
    public StridedView From(int start) => this with { Start = start };

    /// <summary>Steps of a dense tensor of the given sizes; all 0 where it has no elements.</summary>
    public static int[] RowMajor(ReadOnlySpan<long> sizes)
    {
        int[] strides = new int[sizes.Length];
        if (sizes.Contains(0))
            return strides;
        int step = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step = checked(step * (int)sizes[i]);
        }

        return strides;
    }
}
