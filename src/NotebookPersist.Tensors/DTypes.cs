using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace NotebookPersist;

/// <summary>Facts about element types: sizes, names and the .NET types that hold them.</summary>
/// <remarks>Thread safety: all members are pure. Source: TensorFlow types.proto and DataTypeString.</remarks>
public static class DTypes
{
    private static readonly string[] Names =
    [
        "invalid", "float32", "float64", "int32", "uint8", "int16", "int8", "string", "complex64", "int64", "bool", "qint8",
        "quint8", "qint32", "bfloat16", "qint16", "quint16", "uint16", "complex128", "float16", "resource", "variant", "uint32", "uint64",
    ];

    private static readonly Dictionary<string, DType> ByName = BuildNames();

    /// <summary>All element types that TensorFlow 1.15 has, in the order of their numbers.</summary>
    public static IReadOnlyList<DType> All { get; } = [.. Enum.GetValues<DType>().Where(t => t != DType.Invalid)];

    /// <summary>Size of one element.</summary>
    /// <returns>Unit: bytes. 0 for types without a fixed size (string, resource, variant).</returns>
    public static int Size(this DType type) => type switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool or DType.QInt8 or DType.QUInt8 => 1,
        DType.Int16 or DType.UInt16 or DType.Float16 or DType.BFloat16 or DType.QInt16 or DType.QUInt16 => 2,
        DType.Float32 or DType.Int32 or DType.UInt32 or DType.QInt32 => 4,
        DType.Float64 or DType.Int64 or DType.UInt64 or DType.Complex64 => 8,
        DType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>The name as Python users write it: float32, int64, string.</summary>
    public static string Name(this DType type) => (uint)type < (uint)Names.Length ? Names[(int)type] : $"dtype({(int)type})";

    /// <summary>The name as TensorFlow's own messages and signatures write it: float, double and half instead of float32, float64 and float16.</summary>
    public static string SignatureName(this DType type) => type switch
    {
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Float16 => "half",
        _ => type.Name(),
    };

    /// <summary>Finds a type by either of its names.</summary>
    public static bool TryParse(string name, out DType type) => ByName.TryGetValue(name, out type);

    /// <summary>True for float16, bfloat16, float32 and float64.</summary>
    public static bool IsFloating(this DType type) => type is DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16;

    /// <summary>True for complex64 and complex128.</summary>
    public static bool IsComplex(this DType type) => type is DType.Complex64 or DType.Complex128;

    /// <summary>True for signed and unsigned integers; quantized types do not count.</summary>
    public static bool IsInteger(this DType type) => type is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64
        or DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;

    /// <summary>True for the five quantized types.</summary>
    public static bool IsQuantized(this DType type) => type is DType.QInt8 or DType.QUInt8 or DType.QInt16 or DType.QUInt16 or DType.QInt32;

    /// <summary>True where elements have one fixed size and can be seen as a span.</summary>
    public static bool HasFixedSize(this DType type) => type.Size() != 0;

    /// <summary>The element type that holds <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No tensor type holds <typeparamref name="T"/>.</exception>
    public static DType Of<T>() => TryOf(typeof(T), out DType type)
        ? type
        : throw new NotSupportedException($"No tensor element type holds values of .NET type '{typeof(T)}'.");

    /// <summary>Finds the element type that holds a .NET type.</summary>
    public static bool TryOf(Type clrType, out DType type)
    {
        type = clrType == typeof(float) ? DType.Float32
            : clrType == typeof(double) ? DType.Float64
            : clrType == typeof(int) ? DType.Int32
            : clrType == typeof(long) ? DType.Int64
            : clrType == typeof(bool) ? DType.Bool
            : clrType == typeof(byte) ? DType.UInt8
            : clrType == typeof(sbyte) ? DType.Int8
            : clrType == typeof(short) ? DType.Int16
            : clrType == typeof(ushort) ? DType.UInt16
            : clrType == typeof(uint) ? DType.UInt32
            : clrType == typeof(ulong) ? DType.UInt64
            : clrType == typeof(Half) ? DType.Float16
            : clrType == typeof(BFloat16) ? DType.BFloat16
            : clrType == typeof(Complex) ? DType.Complex128
            : clrType == typeof(Complex64) ? DType.Complex64
            : clrType == typeof(string) || clrType == typeof(byte[]) ? DType.String
            : DType.Invalid;
        return type != DType.Invalid;
    }

    /// <summary>The .NET type of one stored element: sbyte for qint8, byte[] for string, and so on.</summary>
    /// <exception cref="NotSupportedException">The type has no stored form.</exception>
    public static Type ClrType(this DType type) => type switch
    {
        DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        DType.Int32 or DType.QInt32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.Bool => typeof(bool),
        DType.UInt8 or DType.QUInt8 => typeof(byte),
        DType.Int8 or DType.QInt8 => typeof(sbyte),
        DType.Int16 or DType.QInt16 => typeof(short),
        DType.UInt16 or DType.QUInt16 => typeof(ushort),
        DType.UInt32 => typeof(uint),
        DType.UInt64 => typeof(ulong),
        DType.Float16 => typeof(Half),
        DType.BFloat16 => typeof(BFloat16),
        DType.Complex64 => typeof(Complex64),
        DType.Complex128 => typeof(Complex),
        DType.String => typeof(byte[]),
        _ => throw new NotSupportedException($"Elements of type '{type.Name()}' have no .NET form."),
    };

    /// <summary>Throws where <typeparamref name="T"/> is not the .NET type of one stored element.</summary>
    internal static void RequireElement<T>(this DType type)
        where T : unmanaged
    {
        if (Of<T>() != Unquantized(type))
            ThrowElement(type, typeof(T));
    }

    private static DType Unquantized(DType type) => type switch
    {
        DType.QInt8 => DType.Int8,
        DType.QUInt8 => DType.UInt8,
        DType.QInt16 => DType.Int16,
        DType.QUInt16 => DType.UInt16,
        DType.QInt32 => DType.Int32,
        _ => type,
    };

    [DoesNotReturn]
    private static void ThrowElement(DType type, Type asked) => throw new InvalidOperationException(
        $"A tensor of type '{type.Name()}' cannot be read as '{asked.Name}'. Use the matching .NET type, or cast the tensor first.");

    private static Dictionary<string, DType> BuildNames()
    {
        var names = new Dictionary<string, DType>(StringComparer.Ordinal);
        foreach (DType type in Enum.GetValues<DType>())
        {
            if (type == DType.Invalid)
                continue;
            names[type.Name()] = type;
            names[type.SignatureName()] = type;
        }

        return names;
    }
}
