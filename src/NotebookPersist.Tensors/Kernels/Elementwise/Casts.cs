using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Turns numbers of one element type into another.</summary>
/// <remarks>
/// Integers wrap around where the target is narrower; floats are cut off toward zero. What does not fit an integer is what x86 gives:
/// the least integer for 32 and 64 bits. Thread safety: pure functions but for the output they fill.
/// </remarks>
public static class Casts
{
    private const int Grain = 1 << 16;

    /// <summary>Fills a tensor with the converted elements of another.</summary>
    /// <exception cref="NotSupportedException">One of the types has elements of no fixed size.</exception>
    public static void Convert(Tensor x, Tensor y, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(x);
        switch (x.DType)
        {
            case DType.Float32:
                FromReal<float>(x, y, workers);
                break;
            case DType.Float64:
                FromReal<double>(x, y, workers);
                break;
            case DType.Float16:
                FromReal<Half>(x, y, workers);
                break;
            case DType.Int32 or DType.QInt32:
                FromReal<int>(x, y, workers);
                break;
            case DType.Int64:
                FromReal<long>(x, y, workers);
                break;
            case DType.UInt8 or DType.QUInt8:
                FromReal<byte>(x, y, workers);
                break;
            case DType.Int8 or DType.QInt8:
                FromReal<sbyte>(x, y, workers);
                break;
            case DType.Int16 or DType.QInt16:
                FromReal<short>(x, y, workers);
                break;
            case DType.UInt16 or DType.QUInt16:
                FromReal<ushort>(x, y, workers);
                break;
            case DType.UInt32:
                FromReal<uint>(x, y, workers);
                break;
            case DType.UInt64:
                FromReal<ulong>(x, y, workers);
                break;
            case DType.Bool:
                FromReal<byte>(x.Reinterpreted(DType.UInt8), y, workers);
                break;
            case DType.BFloat16:
                Tensor wide = Tensor.Uninitialized(DType.Float32, x.Shape);
                ElementwiseLoops.Widen(x.Data<BFloat16>(), wide.MutableData<float>());
                FromReal<float>(wide, y, workers);
                break;
            case DType.Complex64:
                FromComplex(x, y, workers, (Complex64 c) => c);
                break;
            case DType.Complex128:
                FromComplex(x, y, workers, (Complex c) => c);
                break;
            default:
                throw Unsupported(x.DType);
        }
    }

    private static void FromReal<TIn>(Tensor x, Tensor y, Workers workers)
        where TIn : unmanaged, INumber<TIn>
    {
        switch (y.DType)
        {
            case DType.Float32:
                ToNumber<TIn, float>(x, y, workers);
                break;
            case DType.Float64:
                ToNumber<TIn, double>(x, y, workers);
                break;
            case DType.Float16:
                ToNumber<TIn, Half>(x, y, workers);
                break;
            case DType.Int32 or DType.QInt32:
                ToInteger<TIn, int>(x, y, workers, int.MinValue);
                break;
            case DType.Int64:
                ToInteger<TIn, long>(x, y, workers, long.MinValue);
                break;
            case DType.UInt8 or DType.QUInt8:
                ToInteger<TIn, byte>(x, y, workers, 0);
                break;
            case DType.Int8 or DType.QInt8:
                ToInteger<TIn, sbyte>(x, y, workers, 0);
                break;
            case DType.Int16 or DType.QInt16:
                ToInteger<TIn, short>(x, y, workers, 0);
                break;
            case DType.UInt16 or DType.QUInt16:
                ToInteger<TIn, ushort>(x, y, workers, 0);
                break;
            case DType.UInt32:
                ToInteger<TIn, uint>(x, y, workers, 0);
                break;
            case DType.UInt64:
                ToInteger<TIn, ulong>(x, y, workers, 1UL << 63);
                break;
            case DType.Bool:
                Each<TIn, bool>(x, y, workers, static v => !TIn.IsZero(v));
                break;
            case DType.BFloat16:
                Each<TIn, BFloat16>(x, y, workers, static v => (BFloat16)float.CreateTruncating(v));
                break;
            case DType.Complex64:
                Each<TIn, Complex64>(x, y, workers, static v => new Complex64(float.CreateTruncating(v), 0));
                break;
            case DType.Complex128:
                Each<TIn, Complex>(x, y, workers, static v => new Complex(double.CreateTruncating(v), 0));
                break;
            default:
                throw Unsupported(y.DType);
        }
    }

    private static void ToNumber<TIn, TOut>(Tensor x, Tensor y, Workers workers)
        where TIn : unmanaged, INumber<TIn>
        where TOut : unmanaged, INumber<TOut> =>
        ElementwiseLoops.Unary<TIn, TOut>(x, y, TensorPrimitives.ConvertTruncating, workers);

    private static void ToInteger<TIn, TOut>(Tensor x, Tensor y, Workers workers, TOut misfit)
        where TIn : unmanaged, INumber<TIn>
        where TOut : unmanaged, IBinaryInteger<TOut>
    {
        if (typeof(TIn) != typeof(float) && typeof(TIn) != typeof(double) && typeof(TIn) != typeof(Half))
            ToNumber<TIn, TOut>(x, y, workers);
        else
            Each<TIn, TOut>(x, y, workers, v => Cut(double.CreateTruncating(v), misfit));
    }

    // Types narrower than 32 bits take the low bits of the 32-bit result, as the compiler that built TensorFlow does.
    private static TOut Cut<TOut>(double value, TOut misfit)
        where TOut : unmanaged, IBinaryInteger<TOut>
    {
        int size = TOut.Zero.GetByteCount();
        if (size < 4)
            return TOut.CreateTruncating(value is > -2147483649.0 and < 2147483648.0 ? (int)value : int.MinValue);
        if (typeof(TOut) == typeof(uint))
            return TOut.CreateTruncating(value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue);
        TOut cut = TOut.CreateSaturating(value);
        bool fits = !double.IsNaN(value) && value < (typeof(TOut) == typeof(int) ? 2147483648.0 : typeof(TOut) == typeof(long) ? 9223372036854775808.0 : 18446744073709551616.0);
        return fits ? cut : misfit;
    }

    private static void FromComplex<TIn>(Tensor x, Tensor y, Workers workers, Func<TIn, Complex> widen)
        where TIn : unmanaged
    {
        if (y.DType == DType.Complex128)
        {
            Each<TIn, Complex>(x, y, workers, widen);
        }
        else if (y.DType == DType.Complex64)
        {
            Each<TIn, Complex64>(x, y, workers, v => (Complex64)widen(v));
        }
        else
        {
            // The imaginary part is lost, as TensorFlow loses it.
            Tensor real = Tensor.Uninitialized(DType.Float64, x.Shape);
            Each<TIn, double>(x, real, workers, v => widen(v).Real);
            FromReal<double>(real, y, workers);
        }
    }

    private static void Each<TIn, TOut>(Tensor x, Tensor y, Workers workers, Func<TIn, TOut> convert)
        where TIn : unmanaged
        where TOut : unmanaged => workers.For(x.Count, Grain, (start, end) =>
        {
            ReadOnlySpan<TIn> from = x.Data<TIn>()[start..end];
            Span<TOut> to = y.MutableData<TOut>()[start..end];
            for (int i = 0; i < from.Length; i++)
                to[i] = convert(from[i]);
        });

    private static NotSupportedException Unsupported(DType type) => new($"Elements of type '{type.Name()}' cannot be cast.");
}
