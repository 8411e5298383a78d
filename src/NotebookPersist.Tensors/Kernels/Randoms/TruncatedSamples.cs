using System.Numerics;

namespace NotebookPersist.Kernels.Randoms;

/// <summary>Draws normal numbers between bounds by rejection, by the method that rejects fewest.</summary>
/// <remarks>Source: C. Robert, "Simulation of truncated normal variables"; numbers and order of the draws are TensorFlow's on one thread.</remarks>
public static class TruncatedSamples
{
    /// <summary>Draws some numbers of one distribution.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">Where they go.</param>
    /// <param name="mean">Mean of the distribution that is cut off.</param>
    /// <param name="deviation">Its standard deviation; above 0.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound, above the lower one; one of the two is finite.</param>
    /// <param name="generator">Moves on by what is drawn.</param>
    /// <returns>False where too many draws were rejected.</returns>
    public static bool TryFill<T>(Span<T> output, T mean, T deviation, T low, T high, ref Philox generator)
        where T : unmanaged, IFloatingPointIeee754<T> => Sampler<T>.TryFill(output, mean, deviation, low, high, ref generator);

    private static class Sampler<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private const int MostRejections = 1000;

        private static readonly T Two = T.CreateChecked(2);
        private static readonly T Four = T.CreateChecked(4);
        private static readonly T FarEnough = T.CreateChecked(1.3);

        public static bool TryFill(Span<T> output, T mean, T deviation, T low, T high, ref Philox generator)
        {
            // Seen from the mean, the interval lies above, or around it.
            if (T.IsNegativeInfinity(low) || high < mean)
                (low, high, deviation) = (high, low, -deviation);
            (T from, T to) = ((low - mean) / deviation, (high - mean) / deviation);
            T root = T.Sqrt((from * from) + Four);
            T cutoff = Two * T.Exp((T.One / Two) + (from * (from - root) / Four)) / (from + root);
            bool accepted = (from < -FarEnough && to >= T.Zero) || (to > FarEnough && from <= T.Zero)
                ? FromNormal(output, from, to, ref generator)
                : to - from < cutoff ? FromUniform(output, from, to, ref generator) : FromExponential(output, from, to, ref generator);
            foreach (ref T value in output)
                value = (value * deviation) + mean;
            return accepted;
        }

        private static bool FromNormal(Span<T> output, T from, T to, ref Philox generator)
        {
            Span<T> draws = stackalloc T[4];
            int rejected = 0;
            for (int at = 0; at < output.Length;)
            {
                foreach (T draw in draws[..Normal(generator.Next(), draws)])
                {
                    if (draw >= from && draw <= to)
                    {
                        output[at++] = draw;
                        rejected = 0;
                        if (at == output.Length)
                            return true;
                    }
                    else if (++rejected > MostRejections)
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        private static bool FromUniform(Span<T> output, T from, T to, ref Philox generator)
        {
            T factor = from < T.Zero ? T.Zero : from * from;
            Span<T> draws = stackalloc T[4], checks = stackalloc T[4];
            int rejected = 0;
            for (int at = 0; at < output.Length;)
            {
                int count = Uniform(generator.Next(), draws);
                Uniform(generator.Next(), checks);
                for (int i = 0; i < count && at < output.Length; i++)
                {
                    T z = (draws[i] * (to - from)) + from;
                    if (checks[i] <= T.Exp((factor - (z * z)) / Two))
                    {
                        output[at++] = z;
                        rejected = 0;
                    }
                    else if (++rejected >= MostRejections)
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        private static bool FromExponential(Span<T> output, T from, T to, ref Philox generator)
        {
            T alpha = (from + T.Sqrt((from * from) + Four)) / Two;
            Span<T> draws = stackalloc T[4];
            int rejected = 0;
            for (int at = 0; at < output.Length;)
            {
                int count = Uniform(generator.Next(), draws);
                for (int i = 0; i < count && at < output.Length; i += 2)
                {
                    T z = (-T.Log(draws[i]) / alpha) + from;
                    T x = from < alpha ? alpha - z : from - alpha;
                    if (draws[i + 1] <= T.Exp(-x * x / Two) && z < to)
                    {
                        output[at++] = z;
                        rejected = 0;
                    }
                    else if (++rejected >= MostRejections)
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        // A block of bits gives four floats or two doubles.
        private static int Uniform(PhiloxBlock block, Span<T> draws)
        {
            if (typeof(T) == typeof(float))
            {
                (draws[0], draws[1]) = (T.CreateChecked(RandomBits.ToSingle(block.X)), T.CreateChecked(RandomBits.ToSingle(block.Y)));
                (draws[2], draws[3]) = (T.CreateChecked(RandomBits.ToSingle(block.Z)), T.CreateChecked(RandomBits.ToSingle(block.W)));
                return 4;
            }

            (draws[0], draws[1]) = (T.CreateChecked(RandomBits.ToDouble(block.X, block.Y)), T.CreateChecked(RandomBits.ToDouble(block.Z, block.W)));
            return 2;
        }

        private static int Normal(PhiloxBlock block, Span<T> draws)
        {
            if (typeof(T) == typeof(float))
            {
                ((float a, float b), (float c, float d)) = (RandomBits.Normal(block.X, block.Y), RandomBits.Normal(block.Z, block.W));
                (draws[0], draws[1], draws[2], draws[3]) = (T.CreateChecked(a), T.CreateChecked(b), T.CreateChecked(c), T.CreateChecked(d));
                return 4;
            }

            (double first, double second) = RandomBits.Normal(block.X, block.Y, block.Z, block.W);
            (draws[0], draws[1]) = (T.CreateChecked(first), T.CreateChecked(second));
            return 2;
        }
    }
}
