namespace NotebookPersist.Kernels.Randoms;

/// <summary>Fills tensors with random numbers; how the work is shared among threads changes no number.</summary>
public static class RandomFill
{
    private const int GrainGroups = 4096;

    /// <summary>Uniform numbers in [0, 1).</summary>
    /// <param name="output">DType: float16, bfloat16, float32, float64.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static void Uniform(Tensor output, Philox generator, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (output.DType)
        {
            case DType.Float32:
                Fill<float, UniformSingle>(output, generator, default, workers);
                break;
            case DType.Float64:
                Fill<double, UniformDouble>(output, generator, default, workers);
                break;
            case DType.Float16:
                Fill<Half, UniformHalf>(output, generator, default, workers);
                break;
            case DType.BFloat16:
                Fill<BFloat16, UniformBFloat16>(output, generator, default, workers);
                break;
            default:
                throw Unsupported(output);
        }
    }

    /// <summary>Integers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="output">DType: int32, int64.</param>
    /// <param name="low">Smallest number.</param>
    /// <param name="high">Above the largest number; more than <paramref name="low"/>.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static void UniformInt(Tensor output, long low, long high, Philox generator, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.DType == DType.Int32)
            Fill<int, UniformInt32>(output, generator, new((int)low, (int)high), workers);
        else if (output.DType == DType.Int64)
            Fill<long, UniformInt64>(output, generator, new(low, high), workers);
        else
            throw Unsupported(output);
    }

    /// <summary>Numbers of mean 0 and standard deviation 1.</summary>
    /// <param name="output">DType: float16, bfloat16, float32, float64.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static void Normal(Tensor output, Philox generator, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (output.DType)
        {
            case DType.Float32:
                Fill<float, NormalSingle<float>>(output, generator, default, workers);
                break;
            case DType.Float64:
                Fill<double, NormalDouble>(output, generator, default, workers);
                break;
            case DType.Float16:
                Fill<Half, NormalSingle<Half>>(output, generator, new(static x => (Half)x), workers);
                break;
            case DType.BFloat16:
                Fill<BFloat16, NormalSingle<BFloat16>>(output, generator, new(static x => (BFloat16)x), workers);
                break;
            default:
                throw Unsupported(output);
        }
    }

    /// <summary>Numbers of mean 0 and standard deviation 1, none farther than 2 from the mean.</summary>
    /// <param name="output">DType: float16, bfloat16, float32, float64.</param>
    /// <param name="generator">The stream to draw from.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static void TruncatedNormal(Tensor output, Philox generator, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (output.DType)
        {
            case DType.Float32:
                Fill<float, TruncatedSingle<float>>(output, generator, default, workers);
                break;
            case DType.Float64:
                Fill<double, TruncatedDouble>(output, generator, default, workers);
                break;
            case DType.Float16:
                Fill<Half, TruncatedSingle<Half>>(output, generator, new(static x => (Half)x), workers);
                break;
            case DType.BFloat16:
                Fill<BFloat16, TruncatedSingle<BFloat16>>(output, generator, new(static x => (BFloat16)x), workers);
                break;
            default:
                throw Unsupported(output);
        }
    }

    /// <summary>A permutation of 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">Number of positions; its numbers are drawn one a position.</param>
    /// <param name="generator">The stream to draw from.</param>
    public static int[] Permutation(int count, Philox generator)
    {
        int[] permutation = [.. Enumerable.Range(0, count)];
        var numbers = new PhiloxNumbers(generator);
        for (int i = 0; i < count - 1; i++)
        {
            int other = i + (int)(numbers.Next() % (uint)(count - i));
            (permutation[i], permutation[other]) = (permutation[other], permutation[i]);
        }

        return permutation;
    }

    private static void Fill<T, TDistribution>(Tensor output, Philox generator, TDistribution distribution, Workers workers)
        where T : unmanaged
        where TDistribution : struct, IPhiloxDistribution<T>
    {
        int size = distribution.GroupSize;
        int full = output.Count / size;
        workers.For(full, GrainGroups, (start, end) =>
        {
            Span<T> elements = output.MutableData<T>();
            for (int group = start; group < end; group++)
                distribution.Sample(At(generator, (ulong)group * (ulong)distribution.Stride), elements.Slice(group * size, size));
        });
        int rest = output.Count - (full * size);
        if (rest == 0)
            return;
        Span<T> last = stackalloc T[size];
        last.Clear();
        distribution.Sample(At(generator, (ulong)full * (ulong)distribution.Stride), last);
        last[..rest].CopyTo(output.MutableData<T>()[(full * size)..]);
    }

    private static Philox At(Philox generator, ulong steps)
    {
        generator.Skip(steps);
        return generator;
    }

    private static NotSupportedException Unsupported(Tensor output) => new($"Random numbers of type '{output.DType.Name()}' cannot be drawn.");
}
