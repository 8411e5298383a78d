using System.Runtime.InteropServices;
using System.Text;

namespace NotebookPersist;

public sealed partial class Tensor
{
    /// <summary>A float32 scalar.</summary>
    public static implicit operator Tensor(float value) => Scalar(value);

    /// <summary>A float64 scalar.</summary>
    public static implicit operator Tensor(double value) => Scalar(value);

    /// <summary>An int32 scalar.</summary>
    public static implicit operator Tensor(int value) => Scalar(value);

    /// <summary>An int64 scalar.</summary>
    public static implicit operator Tensor(long value) => Scalar(value);

    /// <summary>A bool scalar.</summary>
    public static implicit operator Tensor(bool value) => Scalar(value);

    /// <summary>A string scalar, stored as UTF-8.</summary>
    public static implicit operator Tensor(string value) => OfStrings(Shape.Scalar, [Encoding.UTF8.GetBytes(value)]);

    /// <summary>A tensor with the elements and the shape of an array of any rank.</summary>
    /// <exception cref="NotSupportedException">No tensor type holds such elements.</exception>
    /// <exception cref="ArgumentException">An array of arrays has rows of different shapes.</exception>
    public static implicit operator Tensor(Array values) => FromArray(values);

    /// <summary>The value of a one-element numeric tensor.</summary>
    public static explicit operator float(Tensor tensor) => tensor.Item<float>();

    /// <summary>The value of a one-element numeric tensor.</summary>
    public static explicit operator double(Tensor tensor) => tensor.Item<double>();

    /// <summary>The value of a one-element numeric tensor.</summary>
    public static explicit operator int(Tensor tensor) => tensor.Item<int>();

    /// <summary>The value of a one-element numeric tensor.</summary>
    public static explicit operator long(Tensor tensor) => tensor.Item<long>();

    /// <summary>The value of a one-element bool tensor.</summary>
    public static explicit operator bool(Tensor tensor) => tensor.Count == 1
        ? tensor.Data<bool>()[0]
        : throw new InvalidOperationException($"A tensor of shape {tensor.Shape} is no single value.");

    /// <summary>The value of a one-element string tensor, read as UTF-8.</summary>
    public static explicit operator string(Tensor tensor) => tensor.Count == 1
        ? Encoding.UTF8.GetString(tensor.Strings[0])
        : throw new InvalidOperationException($"A tensor of shape {tensor.Shape} is no single value.");

    /// <summary>A copy of the elements of a float32 tensor.</summary>
    public static explicit operator float[](Tensor tensor) => tensor.ToArray<float>();

    /// <summary>A copy of the elements of a float64 tensor.</summary>
    public static explicit operator double[](Tensor tensor) => tensor.ToArray<double>();

    /// <summary>A copy of the elements of an int32 tensor.</summary>
    public static explicit operator int[](Tensor tensor) => tensor.ToArray<int>();

    /// <summary>A tensor from a scalar, a string, an array of any rank, an array of arrays, or a tensor itself.</summary>
    /// <exception cref="NotSupportedException">No tensor type holds such a value.</exception>
    public static Tensor From(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value switch
        {
            Tensor tensor => tensor,
            string text => text,
            byte[] bytes => Of([bytes.Length], bytes.AsSpan()),
            Array array => FromArray(array),
            _ => FromBoxed(value),
        };
    }

    /// <summary>The elements as a .NET array of the tensor's rank; a scalar as a plain value; strings as UTF-8 text.</summary>
    public object ToNetValue()
    {
        if (DType == DType.String)
            return Rank == 0 ? (string)this : ToArrayOf(typeof(string), i => Encoding.UTF8.GetString(Strings[i]));
        if (Buffer is null)
            return ToArrayOf(typeof(object), i => Objects[i]!);
        Type element = DType.ClrType();
        Array array = Array.CreateInstance(element, Rank == 0 ? [1] : Array.ConvertAll(Shape.ToArray(), static d => (int)d));
        if (Count > 0)
            Bytes.CopyTo(BytesOf(array, DType.Size()));
        return Rank == 0 ? array.GetValue(0)! : array;
    }

    private Array ToArrayOf(Type element, Func<int, object> item)
    {
        Array flat = Array.CreateInstance(element, Rank == 0 ? [1] : Array.ConvertAll(Shape.ToArray(), static d => (int)d));
        int[] index = new int[flat.Rank];
        for (int i = 0; i < Count; i++)
        {
            flat.SetValue(item(i), index);
            for (int d = index.Length - 1; d >= 0 && ++index[d] == flat.GetLength(d); d--)
                index[d] = 0;
        }

        return flat;
    }

    private static Tensor FromBoxed(object value)
    {
        if (!DTypes.TryOf(value.GetType(), out DType dtype))
            throw new NotSupportedException($"No tensor element type holds values of .NET type '{value.GetType()}'.");
        Array one = Array.CreateInstance(value.GetType(), 1);
        one.SetValue(value, 0);
        return FromArray(one).Reshaped(Shape.Scalar);
    }

    private static Tensor FromArray(Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Type element = values.GetType().GetElementType()!;
        if (element.IsArray && element != typeof(byte[]))
            return Stack([.. values.Cast<Array>().Select(FromArray)]);
        if (!DTypes.TryOf(element, out DType dtype))
            throw new NotSupportedException($"No tensor element type holds values of .NET type '{element}'.");
        long[] dimensions = new long[values.Rank];
        for (int d = 0; d < dimensions.Length; d++)
            dimensions[d] = values.GetLongLength(d);
        if (dtype == DType.String)
            return OfStrings(dimensions, [.. values.Cast<object>().Select(static v => v as byte[] ?? Encoding.UTF8.GetBytes((string)v))]);
        Tensor tensor = Uninitialized(dtype, dimensions);
        if (tensor.Count > 0)
            BytesOf(values, dtype.Size()).CopyTo(tensor.MutableBytes);
        return tensor;
    }

    private static Tensor Stack(Tensor[] rows)
    {
        if (rows.Length == 0)
            throw new ArgumentException("An empty array of arrays has no shape. Use a multi-dimensional array instead.", nameof(rows));
        Tensor first = rows[0];
        foreach (Tensor row in rows)
        {
            if (row.Shape != first.Shape)
                throw new ArgumentException($"Rows of an array of arrays must have one shape; found {first.Shape} and {row.Shape}.", nameof(rows));
        }

        Shape shape = Shape.Create([rows.Length]).Concatenate(first.Shape);
        if (first.DType == DType.String)
            return OfStrings(shape, [.. rows.SelectMany(static r => r.Strings.ToArray())]);
        Tensor stacked = Uninitialized(first.DType, shape);
        for (int i = 0; i < rows.Length; i++)
            rows[i].Bytes.CopyTo(stacked.MutableBytes[(i * first.Buffer!.ByteCount)..]);
        return stacked;
    }

    private static Span<byte> BytesOf(Array array, int elementSize) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked(array.Length * elementSize));
}
