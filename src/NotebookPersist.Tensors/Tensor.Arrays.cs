using System.Runtime.CompilerServices;

namespace NotebookPersist;

// To and from what a cell has at hand: lists, and arrays of the ranks that data mostly has.
public sealed partial class Tensor
{
    /// <summary>A part with a copy of its elements: <c>t[1]</c> is row 1, <c>(float)t[1, 2]</c> a number; -1 is the last one.</summary>
    /// <exception cref="ArgumentException">There are more indices than dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is beyond its dimension.</exception>
    [IndexerName("Part")] // Item is taken.
    public Tensor this[params ReadOnlySpan<int> indices]
    {
        get
        {
            if (indices.Length > Rank)
                throw new ArgumentException($"A tensor of shape {Shape} has no element at {indices.Length} indices.", nameof(indices));
            long at = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                long index = indices[i] < 0 ? indices[i] + Shape[i] : indices[i];
                if (index < 0 || index >= Shape[i])
                    throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[i]} is beyond dimension {i} of a tensor of shape {Shape}.");
                at = (at * Shape[i]) + index;
            }

            Shape shape = Shape.Dimensions[indices.Length..].ToArray();
            int count = (int)shape.ElementCount;
            int start = (int)(at * count);
            if (_objects is not null)
                return new Tensor(DType, shape, _objects.AsSpan(start, count).ToArray());
            Tensor part = Uninitialized(DType, shape);
            int size = DType.Size();
            Bytes.Slice(start * size, count * size).CopyTo(part.MutableBytes);
            return part;
        }
    }

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<float> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<double> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<int> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<long> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<bool> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Tensor(List<string> values) => FromArray(values?.ToArray() ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator long[](Tensor tensor) => tensor.As<long[]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator bool[](Tensor tensor) => tensor.As<bool[]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator string[](Tensor tensor) => tensor.As<string[]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator float[,](Tensor tensor) => tensor.As<float[,]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator double[,](Tensor tensor) => tensor.As<double[,]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator int[,](Tensor tensor) => tensor.As<int[,]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator long[,](Tensor tensor) => tensor.As<long[,]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator float[,,](Tensor tensor) => tensor.As<float[,,]>();

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator float[,,,](Tensor tensor) => tensor.As<float[,,,]>();

    /// <summary>The bytes of a string, or those of a vector of uint8.</summary>
    /// <exception cref="InvalidCastException">Type or rank is another.</exception>
    public static explicit operator byte[](Tensor tensor) => tensor is { DType: DType.String, Count: 1 } ? tensor.Strings[0] : tensor.As<byte[]>();

    private T As<T>()
        where T : class => ToNetValue() as T ?? throw new InvalidCastException(
            $"A tensor of {DType.Name()} and shape {Shape} is no {typeof(T).Name}: ToNetValue() gives an array of its own type and rank, ToArray<T>() all elements in a row.");
}
