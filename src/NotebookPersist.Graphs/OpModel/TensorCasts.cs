using System.Numerics;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Turns plain values into the element type that an operation or a placeholder wants.</summary>
public static class TensorCasts
{
    /// <summary>The value in the wanted type, where that changes no number: 5 becomes 5.0 or 5 + 0i, 5.5 never becomes an integer.</summary>
    /// <param name="value">A plain value.</param>
    /// <param name="type">The wanted type.</param>
    /// <param name="what">What the value is for, for the message.</param>
    /// <exception cref="ArgumentException">The value does not fit the type.</exception>
    public static Tensor Convert(Tensor value, DType type, string what)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.DType == type)
            return value;
        if (type.IsComplex())
            return ToComplex(value, type) ?? throw Fault(value, type, what);
        bool fromNumber = value.DType.IsInteger() || value.DType.IsFloating();
        if (!fromNumber || !(type.IsFloating() || type.IsInteger()))
            throw Fault(value, type, what);
        Tensor result = Tensor.Uninitialized(type, value.Shape);
        for (int i = 0; i < value.Count; i++)
        {
            if (!TrySet(result, value, i))
                throw Fault(value, type, what);
        }

        return result;
    }

    /// <summary>The constant for an operand: a literal and numbers of another width take the wanted type, or their own default.</summary>
    internal static Tensor ForOperand(Operand operand, DType type, string what) =>
        Convert(operand.Value!, type == DType.Invalid ? operand.OwnType : type, what);

    // Every number is a complex one; null for what is no number.
    private static Tensor? ToComplex(Tensor value, DType type)
    {
        if (!(value.DType.IsInteger() || value.DType.IsFloating() || value.DType.IsComplex()))
            return null;
        Tensor result = Tensor.Uninitialized(type, value.Shape);
        for (int i = 0; i < value.Count; i++)
        {
            Complex number = value.DType switch
            {
                DType.Complex64 => value.Data<Complex64>()[i],
                DType.Complex128 => value.Data<Complex>()[i],
                _ => value.ItemAt<double>(i),
            };
            if (type == DType.Complex64)
                result.MutableData<Complex64>()[i] = (Complex64)number;
            else
                result.MutableData<Complex>()[i] = number;
        }

        return result;
    }

    private static bool TrySet(Tensor to, Tensor from, int i)
    {
        if (to.DType.IsFloating())
        {
            double number = from.ItemAt<double>(i);
            switch (to.DType)
            {
                case DType.Float32:
                    to.MutableData<float>()[i] = (float)number;
                    break;
                case DType.Float64:
                    // A float32 literal means the decimal number that was typed.
                    to.MutableData<double>()[i] = number;
                    break;
                case DType.Float16:
                    to.MutableData<Half>()[i] = (Half)number;
                    break;
                default:
                    to.MutableData<BFloat16>()[i] = (BFloat16)(float)number;
                    break;
            }

            return true;
        }

        if (from.DType.IsFloating() && !double.IsInteger(from.ItemAt<double>(i)))
            return false;
        Int128 integer = from.DType.IsFloating() ? (Int128)from.ItemAt<double>(i) : from.ItemAt<Int128>(i);
        return to.DType switch
        {
            DType.Int32 => Set<int>(to, i, integer),
            DType.Int64 => Set<long>(to, i, integer),
            DType.UInt8 => Set<byte>(to, i, integer),
            DType.Int8 => Set<sbyte>(to, i, integer),
            DType.Int16 => Set<short>(to, i, integer),
            DType.UInt16 => Set<ushort>(to, i, integer),
            DType.UInt32 => Set<uint>(to, i, integer),
            _ => Set<ulong>(to, i, integer),
        };
    }

    private static bool Set<T>(Tensor to, int i, Int128 value)
        where T : unmanaged, IBinaryInteger<T>
    {
        T saturated = T.CreateSaturating(value);
        to.MutableData<T>()[i] = saturated;
        return Int128.CreateChecked(saturated) == value;
    }

    private static ArgumentException Fault(Tensor value, DType type, string what) =>
        new($"The value {value} for {what} is not compatible with type {type.Name()}. Cast it, or give values of that type.");
}
