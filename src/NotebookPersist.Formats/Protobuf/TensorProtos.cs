using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Memory;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Tensors to and from TensorFlow's message: the values of constants, and of V1 checkpoints.</summary>
public static class TensorProtos
{
    // TensorFlow's Python client writes these as a memory image once there is more than one element.
    private static readonly HashSet<DType> WrittenAsImage =
    [
        DType.Float32, DType.Float64, DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt32, DType.UInt64,
        DType.QInt8, DType.QInt16, DType.QInt32, DType.QUInt8, DType.QUInt16,
    ];

    /// <summary>The tensor that a message tells.</summary>
    /// <param name="proto">The message. Nobody may change it afterwards: a memory image is shared, not copied.</param>
    /// <param name="what">What is decoded, for messages, e.g. <c>attribute 'value' of node 'w'</c>.</param>
    /// <returns>
    /// Shape and type of the message. With fewer values than elements the last one is repeated, with none all are zero, as TensorFlow has it.
    /// </returns>
    /// <exception cref="CheckpointFormatException">
    /// Type, shape and values contradict each other, or the tensor would take more than 2 GiB.
    /// </exception>
    public static Tensor Decode(TensorProto proto, string what)
    {
        ArgumentNullException.ThrowIfNull(proto);

        // TensorFlow takes a tensor without a shape for a scalar.
        Shape shape = ShapeProtos.ToConcreteShape(proto.TensorShape ?? new TensorShapeProto(), tensor: null, what);
        return Decode(proto, (DType)proto.Dtype, shape, what);
    }

    /// <summary>The message for a tensor, encoded as TensorFlow's Python client does.</summary>
    /// <param name="value">The values.</param>
    /// <param name="shape">A larger shape for a single value to fill, or another shape of the same elements; by default the value's own.</param>
    /// <exception cref="ArgumentException">The value does not fit the shape, or holds resources or variants.</exception>
    public static TensorProto Encode(Tensor value, Shape? shape = null) => Encode(value, shape, isShared: false);

    /// <summary>As <see cref="Encode(Tensor, Shape?)"/>, but a memory image is shared rather than copied.</summary>
    /// <param name="value">The values; nobody may change them while the message is in use.</param>
    /// <exception cref="ArgumentException">The value holds resources or variants.</exception>
    public static TensorProto EncodeShared(Tensor value) => Encode(value, null, isShared: true);

    private static TensorProto Encode(Tensor value, Shape? shape, bool isShared)
    {
        ArgumentNullException.ThrowIfNull(value);
        shape ??= value.Shape;
        if (!shape.IsFullyKnown)
            throw new ArgumentException($"A constant needs a fully known shape; {shape} is not.", nameof(shape));
        if (value.Count != shape.ElementCount && value.Count != 1)
        {
            throw new ArgumentException(
                $"A constant of shape {shape} has {shape.ElementCount:N0} elements; {value.Count:N0} were given. Give one, or all.", nameof(value));
        }

        TensorProto proto = new() { Dtype = (DataType)value.DType, TensorShape = shape.ToProto() };
        if (value.Count > 1 && WrittenAsImage.Contains(value.DType))
        {
            if (isShared && BitConverter.IsLittleEndian && value.Buffer is { } buffer)
            {
                proto.TensorContent = UnsafeByteOperations.UnsafeWrap(buffer.Memory);
                return proto;
            }

            byte[] image = value.Bytes.ToArray();
            if (!BitConverter.IsLittleEndian)
                ElementBytes.Reverse(image, value.DType);
            proto.TensorContent = UnsafeByteOperations.UnsafeWrap(image);
            return proto;
        }

        AddValues(value, proto);
        return proto;
    }

    /// <summary>Decodes values whose type and shape are told elsewhere, as in V1 checkpoints.</summary>
    internal static Tensor Decode(TensorProto proto, DType dtype, Shape shape, string path)
    {
        long count = shape.ElementCount;
        int unit = dtype.HasFixedSize() ? dtype.Size() : IntPtr.Size;
        if ((Int128)count * unit > Array.MaxLength)
            throw Fault(CheckpointFault.LimitExceeded, dtype, shape, path, $"it would take more than the {Array.MaxLength} bytes that one tensor can hold");
        if (count > 0 && !proto.TensorContent.IsEmpty)
            return FromImage(proto.TensorContent, dtype, shape, path);
        Tensor Fill<TValue, T>(RepeatedField<TValue> values, Func<TValue, T> convert)
            where T : unmanaged
        {
            Tensor tensor = Tensor.Uninitialized(dtype, shape);
            FillRepeating(tensor.MutableData<T>(), values, convert);
            return tensor;
        }

        // Integers narrower than their field are cut to their low bits, as TensorFlow does.
        return dtype switch
        {
            DType.Float32 => Fill(proto.FloatVal, static v => v),
            DType.Float64 => Fill(proto.DoubleVal, static v => v),
            DType.Int32 or DType.QInt32 => Fill(proto.IntVal, static v => v),
            DType.Int16 or DType.QInt16 => Fill(proto.IntVal, static v => unchecked((short)v)),
            DType.Int8 or DType.QInt8 => Fill(proto.IntVal, static v => unchecked((sbyte)v)),
            DType.UInt16 or DType.QUInt16 => Fill(proto.IntVal, static v => unchecked((ushort)v)),
            DType.UInt8 or DType.QUInt8 => Fill(proto.IntVal, static v => unchecked((byte)v)),
            DType.Int64 => Fill(proto.Int64Val, static v => v),
            DType.UInt32 => Fill(proto.Uint32Val, static v => v),
            DType.UInt64 => Fill(proto.Uint64Val, static v => v),
            DType.Bool => Fill(proto.BoolVal, static v => v),
            DType.Float16 => Fill(proto.HalfVal, static v => BitConverter.UInt16BitsToHalf(unchecked((ushort)v))),
            DType.BFloat16 => FromBFloat16(proto.HalfVal, shape),
            DType.Complex64 => FromPairs(proto.ScomplexVal, dtype, shape, path),
            DType.Complex128 => FromPairs(proto.DcomplexVal, dtype, shape, path),
            DType.String => FromStrings(proto.StringVal, shape),
            DType.Resource => FromObjects(proto.ResourceHandleVal, dtype, shape),
            DType.Variant => FromObjects(proto.VariantVal, dtype, shape),
            _ => throw Fault(CheckpointFault.Unsupported, dtype, shape, path, "the type is unknown"),
        };
    }

    /// <summary>How many values a message holds in the field of a type; pairs count once.</summary>
    internal static int ValueCount(TensorProto proto, DType dtype) => dtype switch
    {
        DType.Float32 => proto.FloatVal.Count,
        DType.Float64 => proto.DoubleVal.Count,
        DType.Int64 => proto.Int64Val.Count,
        DType.UInt32 => proto.Uint32Val.Count,
        DType.UInt64 => proto.Uint64Val.Count,
        DType.Bool => proto.BoolVal.Count,
        DType.Float16 or DType.BFloat16 => proto.HalfVal.Count,
        DType.Complex64 => proto.ScomplexVal.Count / 2,
        DType.Complex128 => proto.DcomplexVal.Count / 2,
        DType.String => proto.StringVal.Count,
        DType.Resource => proto.ResourceHandleVal.Count,
        DType.Variant => proto.VariantVal.Count,
        _ => proto.IntVal.Count,
    };

    /// <summary>Puts the values into the field of their type.</summary>
    internal static void AddValues(Tensor tensor, TensorProto proto)
    {
        switch (tensor.DType)
        {
            case DType.Float32:
                proto.FloatVal.AddRange(tensor.ToArray<float>());
                break;
            case DType.Float64:
                proto.DoubleVal.AddRange(tensor.ToArray<double>());
                break;
            case DType.Int32 or DType.QInt32:
                proto.IntVal.AddRange(tensor.ToArray<int>());
                break;
            case DType.Int16 or DType.QInt16:
                AddAll(proto.IntVal, tensor.Data<short>(), static v => v);
                break;
            case DType.Int8 or DType.QInt8:
                AddAll(proto.IntVal, tensor.Data<sbyte>(), static v => v);
                break;
            case DType.UInt16 or DType.QUInt16:
                AddAll(proto.IntVal, tensor.Data<ushort>(), static v => v);
                break;
            case DType.UInt8 or DType.QUInt8:
                AddAll(proto.IntVal, tensor.Data<byte>(), static v => v);
                break;
            case DType.Int64:
                proto.Int64Val.AddRange(tensor.ToArray<long>());
                break;
            case DType.UInt32:
                proto.Uint32Val.AddRange(tensor.ToArray<uint>());
                break;
            case DType.UInt64:
                proto.Uint64Val.AddRange(tensor.ToArray<ulong>());
                break;
            case DType.Bool:
                proto.BoolVal.AddRange(tensor.ToArray<bool>());
                break;
            case DType.Float16 or DType.BFloat16:
                AddAll(proto.HalfVal, MemoryMarshal.Cast<byte, ushort>(tensor.Bytes), static v => v);
                break;
            case DType.Complex64:
                AddAll(proto.ScomplexVal, MemoryMarshal.Cast<byte, float>(tensor.Bytes), static v => v);
                break;
            case DType.Complex128:
                AddAll(proto.DcomplexVal, MemoryMarshal.Cast<byte, double>(tensor.Bytes), static v => v);
                break;
            case DType.String:
                AddAll(proto.StringVal, tensor.Strings, static v => ByteString.CopyFrom(v));
                break;
            default:
                throw new ArgumentException($"A tensor of type '{tensor.DType.Name()}' has no message.", nameof(tensor));
        }
    }

    private static void AddAll<T, TValue>(RepeatedField<TValue> values, ReadOnlySpan<T> data, Func<T, TValue> convert)
    {
        values.Capacity = values.Count + data.Length;
        foreach (T item in data)
            values.Add(convert(item));
    }

    private static Tensor FromImage(ByteString content, DType dtype, Shape shape, string path)
    {
        if (dtype == DType.String)
            return StringsFromImage(content, shape, path);
        long expected = shape.ElementCount * dtype.Size();
        if (!dtype.HasFixedSize() || content.Length != expected)
            throw Fault(CheckpointFault.BadStructure, dtype, shape, path, $"its content has {content.Length} bytes, expected {expected}");
        bool asIs = (BitConverter.IsLittleEndian || dtype.Size() == 1)
            && (dtype != DType.Bool || content.Span.IndexOfAnyExceptInRange((byte)0, (byte)1) < 0);
        if (asIs)
            return new Tensor(dtype, shape, TensorBuffer.Wrap(content.Memory));
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        content.Span.CopyTo(tensor.MutableBytes);
        if (dtype == DType.Bool)
            ElementBytes.NormalizeBooleans(tensor.MutableBytes);
        else
            ElementBytes.Reverse(tensor.MutableBytes, dtype);
        return tensor;
    }

    // A length for each element, then all bytes.
    private static Tensor StringsFromImage(ByteString content, Shape shape, string path)
    {
        BoundedReader reader = new(content.Span, path, 0, "content of a string tensor");
        long count = shape.ElementCount;
        if (count > content.Length)
            throw reader.Fail(CheckpointFault.BadStructure, $"{count} strings cannot be in {content.Length} bytes");
        int[] lengths = new int[(int)count];
        for (int i = 0; i < lengths.Length; i++)
            lengths[i] = reader.ReadLength();
        byte[][] strings = new byte[lengths.Length][];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = reader.ReadBytes(lengths[i]).ToArray();
        return reader.Remaining == 0
            ? Tensor.OfStrings(shape, strings)
            : throw reader.Fail(CheckpointFault.BadStructure, $"{reader.Remaining} bytes follow the last string");
    }

    private static void FillRepeating<TValue, T>(Span<T> target, RepeatedField<TValue> values, Func<TValue, T> convert)
        where T : unmanaged
    {
        int given = Math.Min(target.Length, values.Count);
        for (int i = 0; i < given; i++)
            target[i] = convert(values[i]);
        if (given < target.Length)
            target[given..].Fill(given > 0 ? target[given - 1] : default);
    }

    private static Tensor FromBFloat16(RepeatedField<int> values, Shape shape)
    {
        Tensor tensor = Tensor.Uninitialized(DType.BFloat16, shape);
        FillRepeating(MemoryMarshal.Cast<byte, ushort>(tensor.MutableBytes), values, static v => unchecked((ushort)v));
        return tensor;
    }

    private static Tensor FromPairs<T>(RepeatedField<T> halves, DType dtype, Shape shape, string path)
        where T : unmanaged, INumber<T>
    {
        if (halves.Count % 2 != 0)
            throw Fault(CheckpointFault.BadStructure, dtype, shape, path, $"its {halves.Count} numbers are no pairs");
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        Span<T> target = MemoryMarshal.Cast<byte, T>(tensor.MutableBytes);
        int given = Math.Min(target.Length, halves.Count);
        for (int i = 0; i < given; i++)
            target[i] = halves[i];
        for (int i = given; i < target.Length; i++)
            target[i] = given > 0 ? target[i - 2] : T.Zero;
        return tensor;
    }

    private static Tensor FromStrings(RepeatedField<ByteString> values, Shape shape)
    {
        byte[][] strings = new byte[(int)shape.ElementCount][];
        int given = Math.Min(strings.Length, values.Count);
        for (int i = 0; i < given; i++)
            strings[i] = values[i].ToByteArray();
        strings.AsSpan(given).Fill(given > 0 ? strings[given - 1] : []);
        return Tensor.OfStrings(shape, strings);
    }

    private static Tensor FromObjects<T>(RepeatedField<T> values, DType dtype, Shape shape)
        where T : class, new()
    {
        object?[] objects = new object?[(int)shape.ElementCount];
        int given = Math.Min(objects.Length, values.Count);
        for (int i = 0; i < given; i++)
            objects[i] = values[i];
        objects.AsSpan(given).Fill(given > 0 ? objects[given - 1] : new T());
        return Tensor.OfObjects(dtype, shape, objects);
    }

    private static CheckpointFormatException Fault(CheckpointFault fault, DType dtype, Shape shape, string path, string problem)
        => new($"Cannot decode {path}, a {dtype.Name()} tensor of shape {shape}: {problem}.", fault, path);
}
