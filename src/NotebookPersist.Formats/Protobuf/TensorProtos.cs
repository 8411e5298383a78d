using System.Runtime.InteropServices;
using Google.Protobuf;
using NotebookPersist.Memory;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Tensors to and from TensorProto messages.</summary>
/// <remarks>Source: TensorFlow tensor.cc (reading) and the Python client's make_tensor_proto (writing).</remarks>
public static class TensorProtos
{
    /// <summary>The tensor of a message; its bytes are shared with the message where they lie there in one piece.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="what">What is decoded, for the message of an error.</param>
    /// <exception cref="CheckpointFormatException">Type, shape and values do not fit together, or the tensor is too large.</exception>
    public static Tensor Decode(TensorProto proto, string what)
    {
        ArgumentNullException.ThrowIfNull(proto);
        var dtype = (DType)proto.Dtype;
        Shape shape = proto.TensorShape.ToShape();
        if (dtype is DType.Invalid or > DType.UInt64)
            throw Fault(what, $"element type {(int)dtype} is none that tensors have");
        if (!shape.IsFullyKnown)
            throw Fault(what, $"shape {shape} is not fully known");
        Int128 count = 1;
        foreach (long d in shape.Dimensions)
        {
            if (d != 0 && count > long.MaxValue / d)
                throw Fault(what, $"shape {shape} has too many elements");
            count *= d;
        }

        if (count * Math.Max(1, dtype.Size()) > Array.MaxLength)
            throw Fault(what, $"shape {shape} of {dtype.Name()} has too many elements");
        return dtype switch
        {
            DType.String => DecodeStrings(proto, shape, (int)count, what),
            DType.Resource or DType.Variant => throw Fault(what, $"{dtype.Name()} values cannot be stored in a graph"),
            _ when !proto.TensorContent.IsEmpty => DecodeContent(proto, dtype, shape, (int)count, what),
            _ => DecodeValues(proto, dtype, shape),
        };
    }

    /// <summary>The message that TensorFlow's Python client makes for a constant.</summary>
    /// <param name="value">The values.</param>
    /// <param name="shape">A larger shape for a single value to fill, or the same elements' other shape; by default the value's own.</param>
    /// <exception cref="ArgumentException">The value does not fit the shape.</exception>
    public static TensorProto Encode(Tensor value, Shape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        shape ??= value.Shape;
        if (!shape.IsFullyKnown)
            throw new ArgumentException($"A constant needs a fully known shape; {shape} is not.", nameof(shape));
        if (value.Count != shape.ElementCount && value.Count != 1)
            throw new ArgumentException($"A constant of shape {shape} has {shape.ElementCount:N0} elements; {value.Count:N0} were given. Give one, or all.", nameof(value));
        var proto = new TensorProto { Dtype = (DataType)value.DType, TensorShape = shape.ToProto() };
        bool asContent = value.Count > 1 && value.Count == shape.ElementCount && value.DType is not
            (DType.Bool or DType.String or DType.Float16 or DType.BFloat16 or DType.UInt16 or DType.Complex64 or DType.Complex128);
        if (asContent)
            proto.TensorContent = ByteString.CopyFrom(value.Bytes);
        else
            EncodeValues(proto, value);
        return proto;
    }

    private static Tensor DecodeContent(TensorProto proto, DType dtype, Shape shape, int count, string what)
    {
        if (proto.TensorContent.Length != (long)count * dtype.Size())
            throw Fault(what, $"{dtype.Name()} {shape} needs {(long)count * dtype.Size():N0} bytes of content; {proto.TensorContent.Length:N0} were found");
        return new Tensor(dtype, shape, TensorBuffer.Wrap(proto.TensorContent.Memory));
    }

    private static Tensor DecodeStrings(TensorProto proto, Shape shape, int count, string what)
    {
        if (proto.TensorContent.IsEmpty)
        {
            byte[][] values = new byte[count][];
            for (int i = 0; i < count; i++)
                values[i] = proto.StringVal.Count == 0 ? [] : proto.StringVal[Math.Min(i, proto.StringVal.Count - 1)].ToByteArray();
            return Tensor.OfStrings(shape, values);
        }

        // All lengths first, then all bytes; each length takes at least one byte.
        ReadOnlySpan<byte> content = proto.TensorContent.Span;
        if (count > content.Length)
            throw Fault(what, $"{count:N0} strings cannot lie in {content.Length:N0} bytes");
        var input = new CodedInputStream(proto.TensorContent.ToByteArray());
        uint[] lengths = new uint[count];
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            lengths[i] = input.ReadUInt32();
            total += lengths[i];
        }

        int at = (int)input.Position;
        if (at + total != content.Length)
            throw Fault(what, $"its strings need {total:N0} bytes; {content.Length - at:N0} were found");
        byte[][] strings = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            strings[i] = content.Slice(at, (int)lengths[i]).ToArray();
            at += (int)lengths[i];
        }

        return Tensor.OfStrings(shape, strings);
    }

    private static Tensor DecodeValues(TensorProto proto, DType dtype, Shape shape)
    {
        Tensor tensor = Tensor.Uninitialized(dtype, shape);
        switch (dtype)
        {
            case DType.Float32:
                Fill(tensor.MutableData<float>(), proto.FloatVal, static v => v);
                break;
            case DType.Float64:
                Fill(tensor.MutableData<double>(), proto.DoubleVal, static v => v);
                break;
            case DType.Int32 or DType.QInt32:
                Fill(tensor.Reinterpreted(DType.Int32).MutableData<int>(), proto.IntVal, static v => v);
                break;
            case DType.Int16 or DType.QInt16:
                Fill(tensor.Reinterpreted(DType.Int16).MutableData<short>(), proto.IntVal, static v => unchecked((short)v));
                break;
            case DType.UInt16 or DType.QUInt16:
                Fill(tensor.Reinterpreted(DType.UInt16).MutableData<ushort>(), proto.IntVal, static v => unchecked((ushort)v));
                break;
            case DType.Int8 or DType.QInt8:
                Fill(tensor.Reinterpreted(DType.Int8).MutableData<sbyte>(), proto.IntVal, static v => unchecked((sbyte)v));
                break;
            case DType.UInt8 or DType.QUInt8:
                Fill(tensor.Reinterpreted(DType.UInt8).MutableData<byte>(), proto.IntVal, static v => unchecked((byte)v));
                break;
            case DType.Float16 or DType.BFloat16:
                Fill(tensor.Reinterpreted(DType.UInt16).MutableData<ushort>(), proto.HalfVal, static v => unchecked((ushort)v));
                break;
            case DType.Int64:
                Fill(tensor.MutableData<long>(), proto.Int64Val, static v => v);
                break;
            case DType.UInt32:
                Fill(tensor.MutableData<uint>(), proto.Uint32Val, static v => v);
                break;
            case DType.UInt64:
                Fill(tensor.MutableData<ulong>(), proto.Uint64Val, static v => v);
                break;
            case DType.Bool:
                Fill(tensor.MutableData<bool>(), proto.BoolVal, static v => v);
                break;
            case DType.Complex64:
                Fill(tensor.MutableData<Complex64>(), Pairs(proto.ScomplexVal, static (re, im) => new Complex64(re, im)), static v => v);
                break;
            default:
                Fill(tensor.MutableData<System.Numerics.Complex>(), Pairs(proto.DcomplexVal, static (re, im) => new System.Numerics.Complex(re, im)), static v => v);
                break;
        }

        return tensor;
    }

    private static List<TPair> Pairs<T, TPair>(IList<T> flat, Func<T, T, TPair> pair)
    {
        var pairs = new List<TPair>(flat.Count / 2);
        for (int i = 0; i + 1 < flat.Count; i += 2)
            pairs.Add(pair(flat[i], flat[i + 1]));
        return pairs;
    }

    // Fewer values than elements: the last one fills the rest; none at all: zeros.
    private static void Fill<TFrom, TTo>(Span<TTo> to, IList<TFrom> from, Func<TFrom, TTo> convert)
    {
        int given = Math.Min(from.Count, to.Length);
        for (int i = 0; i < given; i++)
            to[i] = convert(from[i]);
        to[given..].Fill(given == 0 ? default! : to[given - 1]);
    }

    private static void EncodeValues(TensorProto proto, Tensor value)
    {
        switch (value.DType)
        {
            case DType.Float32:
                proto.FloatVal.AddRange(value.ToArray<float>());
                break;
            case DType.Float64:
                proto.DoubleVal.AddRange(value.ToArray<double>());
                break;
            case DType.Int64:
                proto.Int64Val.AddRange(value.ToArray<long>());
                break;
            case DType.UInt32:
                proto.Uint32Val.AddRange(value.ToArray<uint>());
                break;
            case DType.UInt64:
                proto.Uint64Val.AddRange(value.ToArray<ulong>());
                break;
            case DType.Bool:
                proto.BoolVal.AddRange(value.ToArray<bool>());
                break;
            case DType.String:
                foreach (byte[] text in value.Strings)
                    proto.StringVal.Add(ByteString.CopyFrom(text));
                break;
            case DType.Float16 or DType.BFloat16:
                foreach (ushort bits in MemoryMarshal.Cast<byte, ushort>(value.Bytes))
                    proto.HalfVal.Add(bits);
                break;
            case DType.Complex64:
                proto.ScomplexVal.AddRange(MemoryMarshal.Cast<byte, float>(value.Bytes).ToArray());
                break;
            case DType.Complex128:
                proto.DcomplexVal.AddRange(MemoryMarshal.Cast<byte, double>(value.Bytes).ToArray());
                break;
            case DType.Resource or DType.Variant:
                throw new ArgumentException($"Values of type {value.DType.Name()} cannot be constants.", nameof(value));
            default:
                for (int i = 0; i < value.Count; i++)
                    proto.IntVal.Add(value.ItemAt<int>(i));
                break;
        }
    }

    private static CheckpointFormatException Fault(string what, string why) =>
        new($"Cannot decode {what}: {why}.", CheckpointFault.BadMessage, what);
}
