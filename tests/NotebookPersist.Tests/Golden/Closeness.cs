using System.Globalization;
using System.Numerics;

namespace NotebookPersist.Tests.Golden;

/// <summary>Compares a computed tensor with the one that TensorFlow computed.</summary>
internal static class Closeness
{
    /// <summary>What is wrong with a tensor; null where nothing is.</summary>
    /// <param name="expected">TensorFlow's values.</param>
    /// <param name="actual">Ours.</param>
    /// <param name="relative">Tolerated relative difference of floats; 0 for none. Integers, strings and bools must be equal.</param>
    /// <param name="absolute">Tolerated difference near zero; relative to the largest value, which sums cancel down from.</param>
    public static string? Difference(Tensor expected, Tensor actual, double relative, double absolute)
    {
        if (expected.DType != actual.DType)
            return $"dtype {actual.DType.Name()} instead of {expected.DType.Name()}";
        if (!expected.Shape.Equals(actual.Shape))
            return $"shape {actual.Shape} instead of {expected.Shape}";
        if (expected.DType == DType.String)
            return StringDifference(expected, actual);
        if (expected.DType.IsComplex())
            return ComplexDifference(expected, actual, relative);
        if (!expected.DType.IsFloating())
            return expected.Bytes.SequenceEqual(actual.Bytes) ? null : At(FirstByte(expected, actual) / expected.DType.Size(), expected, actual);

        double largest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            double value = Math.Abs(Number(expected, i));
            if (double.IsFinite(value))
                largest = Math.Max(largest, value);
        }

        for (int i = 0; i < expected.Count; i++)
        {
            double e = Flushed(Number(expected, i), expected.DType), a = Flushed(Number(actual, i), expected.DType);
            if (e.Equals(a) || e == a)
                continue;
            if (!(Math.Abs(e - a) <= (relative * Math.Abs(e)) + (absolute * largest)))
                return At(i, expected, actual);
        }

        return null;
    }

    private static string? StringDifference(Tensor expected, Tensor actual)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            if (!expected.Strings[i].AsSpan().SequenceEqual(actual.Strings[i]))
                return $"element {i} is \"{Text(actual.Strings[i])}\" instead of \"{Text(expected.Strings[i])}\"";
        }

        return null;
    }

    private static string? ComplexDifference(Tensor expected, Tensor actual, double relative)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            Complex e = ComplexNumber(expected, i), a = ComplexNumber(actual, i);
            if (Complex.Abs(e - a) > relative * Math.Max(1, Complex.Abs(e)))
                return $"element {i} is {a} instead of {e}";
        }

        return null;
    }

    private static Complex ComplexNumber(Tensor tensor, int i)
    {
        if (tensor.DType == DType.Complex128)
            return tensor.Data<Complex>()[i];
        ReadOnlySpan<float> parts = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.Bytes);
        return new Complex(parts[2 * i], parts[(2 * i) + 1]);
    }

    // TensorFlow's threads round denormal numbers to zero.
    private static double Flushed(double value, DType dtype) => dtype == DType.Float32 && Math.Abs(value) < 1.1754944e-38 ? 0 : value;

    private static double Number(Tensor tensor, int i) => tensor.DType switch
    {
        DType.Float32 => tensor.Data<float>()[i],
        DType.Float64 => tensor.Data<double>()[i],
        DType.Float16 => (double)tensor.Data<Half>()[i],
        _ => tensor.ItemAt<double>(i),
    };

    private static int FirstByte(Tensor expected, Tensor actual) => expected.Bytes.CommonPrefixLength(actual.Bytes);

    private static string At(int i, Tensor expected, Tensor actual) => string.Create(
        CultureInfo.InvariantCulture,
        $"element {i} of {expected.Shape} is {actual.ItemAt<double>(i):R} instead of {expected.ItemAt<double>(i):R}");

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
