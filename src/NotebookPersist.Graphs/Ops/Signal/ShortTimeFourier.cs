using System.Numerics;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The short-time Fourier transform: the spectrum of each of many pieces of a signal.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="signals">Shape: [..., samples]. DType: float32.</param>
    /// <param name="frameLength">Samples in a piece.</param>
    /// <param name="frameStep">Samples from one piece to the next.</param>
    /// <param name="fftLength">Samples that a spectrum is made of; by default the next power of two.</param>
    /// <param name="window">What pieces are multiplied by, of a length and element type; that of Hann by default.</param>
    /// <param name="padEnd">Whether pieces that reach beyond the end are kept, filled up with zeros.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., frames, fftLength / 2 + 1]. DType: complex64.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.signal.stft</c>.</remarks>
    public static Output Stft(
        this Graph graph, Operand signals, int frameLength, int frameStep, int? fftLength = null, Func<int, DType, Output>? window = null, bool padEnd = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "stft");
        Output x = graph.Convert(signals, name: "signals");
        Output frames = graph.Frame(x, frameLength, frameStep, padEnd);
        frames = graph.Multiply(frames, window?.Invoke(frameLength, x.DType) ?? graph.HannWindow(frameLength, dtype: x.DType));
        int length = fftLength ?? EnclosingPowerOfTwo(frameLength);
        // A piece that is shorter is filled up; one that is longer loses its end.
        return graph.Rfft(Resized(graph, frames, frameLength, length), new[] { length });
    }

    /// <summary>The signal whose short-time Fourier transform is given.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="stfts">Shape: [..., frames, fftLength / 2 + 1]. DType: complex64.</param>
    /// <param name="frameLength">Samples in a piece.</param>
    /// <param name="frameStep">Samples from one piece to the next.</param>
    /// <param name="fftLength">Samples that a spectrum is made of; by default the next power of two.</param>
    /// <param name="window">What pieces are multiplied by; that of Hann by default. <see cref="InverseStftWindow"/> undoes another.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., samples]. DType: float32.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.signal.inverse_stft</c>.</remarks>
    public static Output InverseStft(
        this Graph graph, Operand stfts, int frameLength, int frameStep, int? fftLength = null, Func<int, DType, Output>? window = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "inverse_stft");
        int length = fftLength ?? EnclosingPowerOfTwo(frameLength);
        Output frames = Resized(graph, graph.Irfft(graph.Convert(stfts, name: "stfts"), new[] { length }), length, frameLength);
        return graph.OverlapAndAdd(graph.Multiply(frames, window?.Invoke(frameLength, frames.DType) ?? graph.HannWindow(frameLength, dtype: frames.DType)), frameStep);
    }

    /// <summary>The discrete cosine transform over the innermost dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n] with n known. DType: float32.</param>
    /// <param name="type">1, 2 or 3.</param>
    /// <param name="orthonormal">Whether the transform keeps lengths; not for type 1.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The type is none of these, or the size is not known.</exception>
    /// <remarks>Without scale 2 sum(x[k] cos(pi (k + 1/2) i / n)) for type 2. Source: TensorFlow's <c>tf.signal.dct</c>.</remarks>
    public static Output Dct(this Graph graph, Operand input, int type = 2, bool orthonormal = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (type is < 1 or > 3 || (type == 1 && orthonormal))
            throw new ArgumentException($"Only types 1, 2 and 3 of the cosine transform are there, and type 1 is not orthonormal; got type {type}.", nameof(type));
        using NameScope scope = graph.NameScope(name ?? "dct");
        Output x = graph.Convert(input, name: "input");
        int rank = KnownRankOf(x, nameof(input));
        if (x.Shape[^1] is not (>= 1 and <= int.MaxValue / 2 and var known) || (type == 1 && known < 2))
            throw new ArgumentException($"The innermost size must be known, and at least 2 for type 1, got shape {x.Shape}.", nameof(input));
        int n = (int)known;
        if (type == 1)
        {
            Output back = graph.Reverse(Innermost(graph, x, rank, 1, n - 2), new[] { rank - 1 });
            return graph.Real(graph.Rfft(graph.Concat([x, back], rank - 1), new[] { 2 * (n - 1) }));
        }

        if (type == 2)
        {
            Output spectrum = Innermost(graph, graph.Rfft(Resized(graph, x, n, 2 * n), new[] { 2 * n }), rank, 0, n);
            Output result = graph.Real(graph.Multiply(spectrum, Turns(graph, n, -1)));
            return orthonormal ? graph.Multiply(result, Weights(graph, n, 0.5 / Math.Sqrt(n), Math.Sqrt(0.5 / n), x.DType)) : result;
        }

        Output scaled = orthonormal ? graph.Multiply(x, Weights(graph, n, Math.Sqrt(n), Math.Sqrt(0.5 * n), x.DType)) : graph.Multiply(x, graph.Cast(n, x.DType));
        Output turned = graph.Multiply(graph.Complex(scaled, graph.ZerosLike(scaled)), Turns(graph, n, 1));
        return Innermost(graph, graph.Irfft(Resized(graph, turned, n, n + 1), new[] { 2 * n }), rank, 0, n);
    }

    /// <summary>The transform that undoes <see cref="Dct"/>, up to a factor where lengths are not kept.</summary>
    /// <inheritdoc cref="Dct"/>
    /// <remarks>Source: TensorFlow's <c>tf.signal.idct</c>: type 2 is undone by type 3, and the other way round.</remarks>
    public static Output Idct(this Graph graph, Operand input, int type = 2, bool orthonormal = false, string? name = null) =>
        graph.Dct(input, type switch { 2 => 3, 3 => 2, _ => type }, orthonormal, name ?? "idct");

    private static int EnclosingPowerOfTwo(int length) => length > 0 ? (int)BitOperations.RoundUpToPowerOf2((uint)length) : throw new ArgumentOutOfRangeException(nameof(length), length, "Frames have at least one sample.");

    private static Output Innermost(Graph graph, Output x, int rank, int start, int count)
    {
        int[] begin = new int[rank], size = new int[rank];
        Array.Fill(size, -1);
        (begin[^1], size[^1]) = (start, count);
        return graph.Slice(x, begin, size);
    }

    private static Output Resized(Graph graph, Output x, int from, int to)
    {
        int rank = KnownRankOf(x, nameof(x));
        if (from >= to)
            return from == to ? x : Innermost(graph, x, rank, 0, to);
        int[,] paddings = new int[rank, 2];
        paddings[rank - 1, 1] = to - from;
        return graph.Pad(x, paddings);
    }

    private static Output Turns(Graph graph, int n, int sign)
    {
        var turns = new Complex64[n];
        for (int i = 0; i < n; i++)
            turns[i] = (Complex64)(2 * System.Numerics.Complex.Exp(new System.Numerics.Complex(0, sign * i * Math.PI * 0.5 / n)));
        return graph.Constant(Tensor.Of<Complex64>([n], turns));
    }

    private static Output Weights(Graph graph, int n, double first, double others, DType dtype)
    {
        double[] weights = new double[n];
        Array.Fill(weights, others);
        weights[0] = first;
        return graph.Constant(weights, dtype);
    }
}
