using System.Numerics;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>Reads runs of elements of any numeric type as doubles; complex numbers as their magnitude.</summary>
internal static class TensorReader
{
    /// <summary>True where elements can be read as numbers.</summary>
    public static bool IsNumeric(this DType type) => type.HasFixedSize();

    /// <summary>Reads as many elements as the target holds.</summary>
    public static void Read(Tensor tensor, int start, Span<double> target)
    {
        switch (tensor.DType)
        {
            case DType.Float32:
                Convert<float>(tensor, start, target);
                break;
            case DType.Float64:
                tensor.Data<double>().Slice(start, target.Length).CopyTo(target);
                break;
            case DType.Float16:
                Convert<Half>(tensor, start, target);
                break;
            case DType.BFloat16:
                ReadOnlySpan<BFloat16> brief = tensor.Data<BFloat16>().Slice(start, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] = brief[i];
                break;
            case DType.Int32 or DType.QInt32:
                Convert<int>(tensor, start, target);
                break;
            case DType.Int64:
                Convert<long>(tensor, start, target);
                break;
            case DType.UInt8 or DType.QUInt8:
                Convert<byte>(tensor, start, target);
                break;
            case DType.Int8 or DType.QInt8:
                Convert<sbyte>(tensor, start, target);
                break;
            case DType.Int16 or DType.QInt16:
                Convert<short>(tensor, start, target);
                break;
            case DType.UInt16 or DType.QUInt16:
                Convert<ushort>(tensor, start, target);
                break;
            case DType.UInt32:
                Convert<uint>(tensor, start, target);
                break;
            case DType.UInt64:
                Convert<ulong>(tensor, start, target);
                break;
            case DType.Bool:
                // Not as bool: a file may hold other bytes than 0 and 1.
                ReadOnlySpan<byte> flags = tensor.Bytes.Slice(start, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] = flags[i] == 0 ? 0 : 1;
                break;
            case DType.Complex64:
                ReadOnlySpan<Complex64> singles = tensor.Data<Complex64>().Slice(start, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] = Complex.Abs(singles[i]);
                break;
            case DType.Complex128:
                ReadOnlySpan<Complex> doubles = tensor.Data<Complex>().Slice(start, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] = Complex.Abs(doubles[i]);
                break;
            default:
                throw new ArgumentException($"Elements of type '{tensor.DType.Name()}' are no numbers.", nameof(tensor));
        }
    }

    /// <summary>Reads one element.</summary>
    public static double At(Tensor tensor, int position)
    {
        Span<double> one = stackalloc double[1];
        Read(tensor, position, one);
        return one[0];
    }

    private static void Convert<T>(Tensor tensor, int start, Span<double> target)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = tensor.Data<T>().Slice(start, target.Length);
        for (int i = 0; i < target.Length; i++)
            target[i] = double.CreateTruncating(values[i]);
    }
}
