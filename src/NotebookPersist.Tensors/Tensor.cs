using System.Numerics;
using System.Runtime.CompilerServices;
using NotebookPersist.Memory;

namespace NotebookPersist;

/// <summary>A value: element type, shape and elements in row-major order.</summary>
/// <remarks>
/// What <c>Session.Run</c> returns and feeds take. .NET scalars and arrays convert to tensors implicitly and back explicitly.
/// A tensor that a program holds lives until the garbage collector takes it.
/// Thread safety: safe to read from many threads; writing through <see cref="MutableData{T}"/> is the writer's business.
/// </remarks>
[CollectionBuilder(typeof(Tensor), nameof(Create))]
public sealed partial class Tensor
{
    private readonly object?[]? _objects;

    /// <summary>A tensor over a buffer that already holds its elements.</summary>
    /// <exception cref="ArgumentException">The shape is not fully known, or the buffer has another size.</exception>
    public Tensor(DType dtype, Shape shape, TensorBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        (DType, Shape, Count) = (dtype, shape, CheckedCount(dtype, shape));
        if (!dtype.HasFixedSize() || buffer.ByteCount != Count * dtype.Size())
            throw new ArgumentException($"A {dtype.Name()} tensor of shape {shape} needs {Count * dtype.Size():N0} bytes; the buffer has {buffer.ByteCount:N0}.", nameof(buffer));
        Buffer = buffer;
    }

    private Tensor(DType dtype, Shape shape, object?[] objects)
    {
        (DType, Shape, Count) = (dtype, shape, CheckedCount(dtype, shape));
        if (objects.Length != Count)
            throw new ArgumentException($"A {dtype.Name()} tensor of shape {shape} needs {Count:N0} elements; {objects.Length:N0} were given.", nameof(objects));
        _objects = objects;
    }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Sizes of all dimensions; always fully known.</summary>
    public Shape Shape { get; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Size of the elements; for strings the sum of their lengths.</summary>
    /// <returns>Unit: bytes.</returns>
    public long ByteCount => Buffer?.ByteCount ?? _objects!.Sum(static o => o is byte[] b ? (long)b.Length : 0);

    /// <summary>The bytes, which other tensors may share; null for strings, resources and variants.</summary>
    public TensorBuffer? Buffer { get; }

    /// <summary>The elements of a string tensor, as bytes.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not of type string.</exception>
    public ReadOnlySpan<byte[]> Strings
    {
        get
        {
            if (DType != DType.String)
                throw new InvalidOperationException($"A tensor of type '{DType.Name()}' holds no strings.");
            return (byte[][])_objects!;
        }
    }

    /// <summary>The elements of a resource or variant tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has elements of a fixed size, or strings.</exception>
    public ReadOnlySpan<object?> Objects => _objects is not null && DType != DType.String
        ? _objects
        : throw new InvalidOperationException($"A tensor of type '{DType.Name()}' holds no objects.");

    /// <summary>All bytes of the elements, row-major, in the machine's byte order.</summary>
    /// <exception cref="InvalidOperationException">The elements have no fixed size.</exception>
    public ReadOnlySpan<byte> Bytes => FixedBuffer.Bytes;

    /// <summary>All bytes of the elements, row-major, to be written by whoever made this tensor.</summary>
    /// <exception cref="InvalidOperationException">The elements have no fixed size.</exception>
    /// <remarks>Aliasing: as <see cref="MutableData{T}"/>.</remarks>
    public Span<byte> MutableBytes => FixedBuffer.Bytes;

    private TensorBuffer FixedBuffer => Buffer ?? throw new InvalidOperationException($"A tensor of type '{DType.Name()}' has no elements of a fixed size.");

    /// <summary>A tensor whose elements are not yet set.</summary>
    /// <exception cref="ArgumentException">The shape is not fully known, or elements of this type have no fixed size.</exception>
    public static Tensor Uninitialized(DType dtype, Shape shape) =>
        new(dtype, shape, TensorBuffer.Allocate(CheckedCount(dtype, shape) * (long)dtype.Size()));

    /// <summary>A tensor of zeros (false, empty strings).</summary>
    /// <exception cref="ArgumentException">The shape is not fully known.</exception>
    public static Tensor Zeros(DType dtype, Shape shape)
    {
        if (dtype == DType.String)
        {
            byte[][] empty = new byte[CheckedCount(dtype, shape)][];
            Array.Fill(empty, []);
            return OfStrings(shape, empty);
        }

        Tensor tensor = Uninitialized(dtype, shape);
        tensor.MutableBytes.Clear();
        return tensor;
    }

    /// <summary>A tensor with a copy of the given elements, row-major.</summary>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public static Tensor Of<T>(Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        DType dtype = DTypes.Of<T>();
        int count = CheckedCount(dtype, shape);
        if (values.Length != count)
            throw new ArgumentException($"A tensor of shape {shape} needs {count:N0} elements; {values.Length:N0} were given.", nameof(values));
        Tensor tensor = Uninitialized(dtype, shape);
        values.CopyTo(tensor.MutableData<T>());
        return tensor;
    }

    /// <summary>A scalar.</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged => Of(Shape.Scalar, new ReadOnlySpan<T>(in value));

    /// <summary>A string tensor over the given byte strings, which it keeps.</summary>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public static Tensor OfStrings(Shape shape, byte[][] values) => new(DType.String, shape, values);

    /// <summary>A tensor of resource handles or variants, which it keeps.</summary>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public static Tensor OfObjects(DType dtype, Shape shape, object?[] values) => dtype is DType.Resource or DType.Variant
        ? new(dtype, shape, values)
        : throw new ArgumentException($"Elements of type '{dtype.Name()}' are not objects.", nameof(dtype));

    /// <summary>The elements, row-major.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the .NET type of one element.</exception>
    public ReadOnlySpan<T> Data<T>()
        where T : unmanaged => MutableData<T>();

    /// <summary>The elements, row-major, to be written by whoever made this tensor.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the .NET type of one element.</exception>
    /// <remarks>Aliasing: tensors can share their bytes; only write to a tensor that nobody else has seen.</remarks>
    public Span<T> MutableData<T>()
        where T : unmanaged
    {
        DType.RequireElement<T>();
        return FixedBuffer.As<T>();
    }

    /// <summary>A copy of the elements, row-major.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the .NET type of one element.</exception>
    public T[] ToArray<T>()
        where T : unmanaged => Data<T>().ToArray();

    /// <summary>The same elements under another shape; the bytes are shared.</summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Tensor Reshaped(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Buffer is null ? new Tensor(DType, shape, _objects!) : new Tensor(DType, shape, Buffer);
    }

    /// <summary>The same bits as another type of the same size; the bytes are shared.</summary>
    /// <exception cref="ArgumentException">The element sizes differ.</exception>
    /// <exception cref="InvalidOperationException">The elements have no fixed size.</exception>
    public Tensor Reinterpreted(DType dtype) => new(dtype, Shape, FixedBuffer);

    /// <summary>A tensor with bytes of its own.</summary>
    public Tensor Clone()
    {
        if (Buffer is null)
            return new Tensor(DType, Shape, (object?[])_objects!.Clone());
        Tensor copy = Uninitialized(DType, Shape);
        Buffer.Bytes.CopyTo(copy.MutableBytes);
        return copy;
    }

    /// <summary>The element of a one-element tensor, converted to <typeparamref name="T"/> where that loses nothing but precision.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one element, or it is no number.</exception>
    public T Item<T>()
        where T : INumberBase<T>
    {
        if (Count != 1)
            throw new InvalidOperationException($"A tensor of shape {Shape} is no single value.");
        return this.ItemAt<T>(0);
    }

    /// <summary>One element by its row-major position, converted to <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The elements are no numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the tensor.</exception>
    public T ItemAt<T>(int position)
        where T : INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
        return DType switch
        {
            DType.Float32 => T.CreateSaturating(Data<float>()[position]),
            DType.Float64 => T.CreateSaturating(Data<double>()[position]),
            DType.Float16 => T.CreateSaturating(Data<Half>()[position]),
            DType.BFloat16 => T.CreateSaturating((float)Data<BFloat16>()[position]),
            DType.Int32 or DType.QInt32 => T.CreateChecked(Data<int>()[position]),
            DType.Int64 => T.CreateChecked(Data<long>()[position]),
            DType.UInt8 or DType.QUInt8 => T.CreateChecked(Data<byte>()[position]),
            DType.Int8 or DType.QInt8 => T.CreateChecked(Data<sbyte>()[position]),
            DType.Int16 or DType.QInt16 => T.CreateChecked(Data<short>()[position]),
            DType.UInt16 or DType.QUInt16 => T.CreateChecked(Data<ushort>()[position]),
            DType.UInt32 => T.CreateChecked(Data<uint>()[position]),
            DType.UInt64 => T.CreateChecked(Data<ulong>()[position]),
            DType.Bool => Data<bool>()[position] ? T.One : T.Zero,
            _ => throw new InvalidOperationException($"A tensor of type '{DType.Name()}' holds no real numbers."),
        };
    }

    /// <summary>The elements as nested brackets, as Python prints an array; a scalar as a plain number. Long dimensions are cut in the middle.</summary>
    /// <remarks><see cref="TensorText.Describe"/> adds element type and shape.</remarks>
    public override string ToString() => TensorText.Elements(this);

    private static int CheckedCount(DType dtype, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsFullyKnown)
            throw new ArgumentException($"A tensor's shape must be fully known; {shape} is not.", nameof(shape));
        long count = shape.ElementCount;
        if (count * (Int128)Math.Max(1, dtype.Size()) > Array.MaxLength)
            throw new ArgumentException($"A {dtype.Name()} tensor of shape {shape} is larger than one buffer can be ({Array.MaxLength:N0} bytes).", nameof(shape));
        return (int)count;
    }
}
