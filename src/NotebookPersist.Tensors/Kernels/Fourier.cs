using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Discrete Fourier transforms of any length.</summary>
/// <remarks>
/// Powers of two by Cooley and Tukey's decimation; other lengths as a convolution of a power of two (Bluestein), in double precision throughout.
/// Thread safety: an instance may be used by many threads at once.
/// </remarks>
public sealed class Fourier
{
    private readonly int _length;
    private readonly Complex[] _roots;
    private readonly Complex[]? _chirp;
    private readonly Complex[]? _filter;
    private readonly Fourier? _inner;

    /// <summary>Prepares transforms of one length.</summary>
    public Fourier(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _length = length;
        _roots = [];
        if (BitOperations.IsPow2(length))
        {
            _roots = new Complex[length / 2];
            for (int i = 0; i < _roots.Length; i++)
                _roots[i] = Root(i, length);
            return;
        }

        _inner = new Fourier((int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1)));
        _chirp = new Complex[length];
        _filter = new Complex[_inner._length];
        for (int i = 0; i < length; i++)
        {
            // exp(-i pi k^2 / n); the square is taken modulo 2n, where doubles are exact.
            _chirp[i] = Root((int)((long)i * i % (2L * length)), 2 * length);
            _filter[i] = Complex.Conjugate(_chirp[i]);
            if (i > 0)
                _filter[^i] = _filter[i];
        }

        _inner.Transform(_filter, inverse: false);
    }

    /// <summary>Transforms in place; the inverse divides by the length.</summary>
    public void Transform(Span<Complex> data, bool inverse)
    {
        if (inverse)
            Conjugate(data);
        if (_inner is null)
            PowerOfTwo(data);
        else
            Chirp(data);
        if (!inverse)
            return;
        Conjugate(data);
        foreach (ref Complex x in data)
            x /= _length;
    }

    private static Complex Root(int index, int length)
    {
        (double sin, double cos) = Math.SinCos(-2 * Math.PI * index / length);
        return new Complex(cos, sin);
    }

    private static void Conjugate(Span<Complex> data)
    {
        foreach (ref Complex x in data)
            x = Complex.Conjugate(x);
    }

    private void PowerOfTwo(Span<Complex> data)
    {
        for (int i = 1, j = 0; i < _length; i++)
        {
            int bit = _length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
                (data[i], data[j]) = (data[j], data[i]);
        }

        for (int half = 1; half < _length; half *= 2)
        {
            Interruption.Check();
            int step = _length / (2 * half);
            for (int start = 0; start < _length; start += 2 * half)
            {
                for (int i = 0; i < half; i++)
                {
                    Complex odd = data[start + i + half] * _roots[i * step];
                    data[start + i + half] = data[start + i] - odd;
                    data[start + i] += odd;
                }
            }
        }
    }

    private void Chirp(Span<Complex> data)
    {
        // Both are set wherever the inner transform is.
        (Complex[] chirp, Complex[] filter, Fourier inner) = (_chirp!, _filter!, _inner!);
        Complex[] work = new Complex[inner._length];
        for (int i = 0; i < _length; i++)
            work[i] = data[i] * chirp[i];
        inner.Transform(work, inverse: false);
        for (int i = 0; i < work.Length; i++)
            work[i] *= filter[i];
        inner.Transform(work, inverse: true);
        for (int i = 0; i < _length; i++)
            data[i] = work[i] * chirp[i];
    }
}
