using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace NotebookPersist.Persistence;

/// <summary>Compares the values of two tensors of one shape, in double precision, a few thousand at a time.</summary>
internal static class ValueComparison
{
    private const int ChunkCount = 4096;

    // Squares of greater or smaller magnitudes leave the range of a double.
    private const double Huge = 1e150;
    private const double Tiny = 1e-140;

    /// <summary>How far they lie apart, and how many elements differ; no distance for strings.</summary>
    public static (ValueDistance? Distance, long DifferingCount) Compare(Tensor a, Tensor b, CancellationToken cancellation)
    {
        if (a.DType == DType.String || b.DType == DType.String)
            return (null, CountDifferent(a, b));
        if (!a.DType.HasFixedSize() || !b.DType.HasFixedSize())
            return (null, 0);
        var first = new Sums(1);
        first.Add(a, b, cancellation);

        // The second pass is for values that training never makes.
        double scale = first.Magnitude > Huge ? 1 / first.Magnitude : first.Magnitude is > 0 and < Tiny ? 1e150 : 1;
        if (scale == 1)
            return (first.Distance(), first.Differing);
        var second = new Sums(scale);
        second.Add(a, b, cancellation);
        return (second.Distance() with { Greatest = first.Greatest }, first.Differing);
    }

    private static long CountDifferent(Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            return a.Count;
        long different = 0;
        ReadOnlySpan<byte[]> left = a.Strings, right = b.Strings;
        for (int i = 0; i < left.Length; i++)
            different += left[i].AsSpan().SequenceEqual(right[i]) ? 0 : 1;
        return different;
    }

    // Complex numbers are pairs of reals.
    internal static int Width(DType type) => type.IsComplex() ? 2 : 1;

    /// <summary>Some elements as doubles; complex numbers are pairs.</summary>
    internal static void Load(Tensor tensor, int start, Span<double> target)
    {
        switch (tensor.DType)
        {
            case DType.Float32:
                TensorPrimitives.ConvertChecked(tensor.Data<float>().Slice(start, target.Length), target);
                break;
            case DType.Float64:
                tensor.Data<double>().Slice(start, target.Length).CopyTo(target);
                break;
            case DType.Float16:
                TensorPrimitives.ConvertChecked(tensor.Data<Half>().Slice(start, target.Length), target);
                break;
            case DType.BFloat16:
                ReadOnlySpan<BFloat16> brains = tensor.Data<BFloat16>().Slice(start, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] = (float)brains[i];
                break;
            case DType.Complex64:
                TensorPrimitives.ConvertChecked(MemoryMarshal.Cast<byte, float>(tensor.Bytes).Slice(start, target.Length), target);
                break;
            case DType.Complex128:
                MemoryMarshal.Cast<byte, double>(tensor.Bytes).Slice(start, target.Length).CopyTo(target);
                break;
            case DType.Int8 or DType.QInt8:
                Convert<sbyte>(tensor, start, target);
                break;
            case DType.UInt8 or DType.QUInt8 or DType.Bool:
                Convert<byte>(tensor, start, target);
                break;
            case DType.Int16 or DType.QInt16:
                Convert<short>(tensor, start, target);
                break;
            case DType.UInt16 or DType.QUInt16:
                Convert<ushort>(tensor, start, target);
                break;
            case DType.Int32 or DType.QInt32:
                Convert<int>(tensor, start, target);
                break;
            case DType.UInt32:
                Convert<uint>(tensor, start, target);
                break;
            case DType.UInt64:
                Convert<ulong>(tensor, start, target);
                break;
            default:
                Convert<long>(tensor, start, target);
                break;
        }
    }

    private static void Convert<T>(Tensor tensor, int start, Span<double> target)
        where T : unmanaged, INumberBase<T> =>
        TensorPrimitives.ConvertChecked(MemoryMarshal.Cast<byte, T>(tensor.Bytes).Slice(start, target.Length), target);

    private sealed class Sums(double scale)
    {
        private double _squaresA;
        private double _squaresB;
        private double _squaresD;
        private double _products;
        private double _greatest;
        private long _nonFinite;

        /// <summary>Greatest magnitude of the values.</summary>
        public double Magnitude { get; private set; }

        public double Greatest => _greatest / scale;

        public long Differing { get; private set; }

        public void Add(Tensor a, Tensor b, CancellationToken cancellation)
        {
            int width = Width(a.DType), count = a.Count * width;

            // A real number beside a complex one has no second part to compare: types that differ so are told apart by type alone.
            if (width != Width(b.DType))
            {
                Differing = a.Count;
                return;
            }

            Span<double> x = new double[ChunkCount], y = new double[ChunkCount], d = new double[ChunkCount];
            bool isExact = a.DType is DType.Int64 or DType.UInt64 && a.DType == b.DType;
            for (int start = 0; start < count; start += ChunkCount)
            {
                cancellation.ThrowIfCancellationRequested();
                int length = Math.Min(ChunkCount, count - start);
                Load(a, start, x[..length]);
                Load(b, start, y[..length]);
                AddChunk(x[..length], y[..length], d[..length], width);
                if (isExact)
                    AddLargeIntegers(a, b, start, length);
            }
        }

        public ValueDistance Distance()
        {
            double lengthA = Math.Sqrt(_squaresA), lengthD = Math.Sqrt(_squaresD);
            double relative = lengthD == 0 ? 0 : lengthA == 0 ? double.PositiveInfinity : lengthD / lengthA;
            double cosine = _squaresA == 0 || _squaresB == 0 ? double.NaN : Math.Clamp(_products / (lengthA * Math.Sqrt(_squaresB)), -1, 1);
            return new ValueDistance(relative, Greatest, cosine, _nonFinite);
        }

        private void AddChunk(Span<double> x, Span<double> y, Span<double> d, int width)
        {
            // A sum of magnitudes is finite only where all of them are.
            if (!double.IsFinite(TensorPrimitives.SumOfMagnitudes<double>(x) + TensorPrimitives.SumOfMagnitudes<double>(y)))
                TakeOutNonFinite(x, y);
            Magnitude = Math.Max(Magnitude, Math.Max(MaxMagnitude(x), MaxMagnitude(y)));
            if (scale != 1)
            {
                TensorPrimitives.Multiply(x, scale, x);
                TensorPrimitives.Multiply(y, scale, y);
            }

            TensorPrimitives.Subtract(y, x, d);
            _squaresA += TensorPrimitives.SumOfSquares<double>(x);
            _squaresB += TensorPrimitives.SumOfSquares<double>(y);
            _squaresD += TensorPrimitives.SumOfSquares<double>(d);
            _products += TensorPrimitives.Dot<double>(x, y);
            double greatest = 0;
            for (int i = 0; i < d.Length; i += width)
            {
                double size = width == 1 ? Math.Abs(d[i]) : double.Hypot(d[i], d[i + 1]);
                greatest = Math.Max(greatest, size);
                Differing += size > 0 ? 1 : 0;
            }

            _greatest = Math.Max(_greatest, greatest);
        }

        private static double MaxMagnitude(ReadOnlySpan<double> values) => Math.Abs(TensorPrimitives.MaxMagnitude(values));

        // Not-a-number equals itself here, and an infinity the same one; where only one side has it, no distance can be told.
        private void TakeOutNonFinite(Span<double> x, Span<double> y)
        {
            for (int i = 0; i < x.Length; i++)
            {
                if (double.IsFinite(x[i]) && double.IsFinite(y[i]))
                    continue;
                if (!x[i].Equals(y[i]))
                {
                    _nonFinite++;
                    Differing++;
                }

                x[i] = y[i] = 0;
            }
        }

        // Neighbours beyond 2^53 are one number as doubles.
        private void AddLargeIntegers(Tensor a, Tensor b, int start, int length)
        {
            ReadOnlySpan<long> x = MemoryMarshal.Cast<byte, long>(a.Bytes).Slice(start, length);
            ReadOnlySpan<long> y = MemoryMarshal.Cast<byte, long>(b.Bytes).Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                if (x[i] == y[i])
                    continue;
                Int128 left = a.DType == DType.Int64 ? x[i] : unchecked((ulong)x[i]), right = a.DType == DType.Int64 ? y[i] : unchecked((ulong)y[i]);
                double size = (double)Int128.Abs(right - left);
                _greatest = Math.Max(_greatest, size * scale);
                if ((double)left == (double)right)
                    Differing++;
            }
        }
    }
}
