namespace NotebookPersist.Kernels.Randoms;

/// <summary>Standard normal numbers computed in single precision.</summary>
/// <typeparam name="T">float, or a narrower type that the result is rounded to.</typeparam>
internal readonly struct NormalSingle<T>(Func<float, T>? round) : IPhiloxDistribution<T>
    where T : unmanaged
{
    public int GroupSize => 4;

    public int Stride => 1;

    public void Sample(Philox generator, Span<T> group)
    {
        PhiloxBlock b = generator.Next();
        (float first, float second) = RandomBits.Normal(b.X, b.Y);
        (float third, float fourth) = RandomBits.Normal(b.Z, b.W);
        group[3] = Rounding.Apply(fourth, round);
        group[0] = Rounding.Apply(first, round);
        group[1] = Rounding.Apply(second, round);
        group[2] = Rounding.Apply(third, round);
    }
}

internal readonly struct NormalDouble : IPhiloxDistribution<double>
{
    public int GroupSize => 2;

    public int Stride => 1;

    public void Sample(Philox generator, Span<double> group)
    {
        PhiloxBlock b = generator.Next();
        (group[0], group[1]) = RandomBits.Normal(b.X, b.Y, b.Z, b.W);
    }
}

/// <summary>Standard normal numbers within two standard deviations: others are drawn again.</summary>
/// <typeparam name="T">float, or a narrower type that the result is rounded to.</typeparam>
internal readonly struct TruncatedSingle<T>(Func<float, T>? round) : IPhiloxDistribution<T>
    where T : unmanaged
{
    public int GroupSize => 4;

    // 256 numbers are reserved for each element, so that every group starts at a place of its own.
    public int Stride => 256;

    public void Sample(Philox generator, Span<T> group)
    {
        var numbers = new PhiloxNumbers(generator);
        for (int i = 0; i < group.Length;)
        {
            uint x0 = numbers.Next();
            (float first, float second) = RandomBits.Normal(x0, numbers.Next());
            if (Math.Abs(first) < 2.0f)
                group[i++] = Rounding.Apply(first, round);
            if (i < group.Length && Math.Abs(second) < 2.0f)
                group[i++] = Rounding.Apply(second, round);
        }
    }
}

/// <inheritdoc cref="TruncatedSingle{T}"/>
internal readonly struct TruncatedDouble : IPhiloxDistribution<double>
{
    public int GroupSize => 2;

    public int Stride => 128;

    public void Sample(Philox generator, Span<double> group)
    {
        for (int i = 0; i < group.Length;)
        {
            PhiloxBlock b = generator.Next();
            (double first, double second) = RandomBits.Normal(b.X, b.Y, b.Z, b.W);
            if (Math.Abs(first) < 2.0)
                group[i++] = first;
            if (i < group.Length && Math.Abs(second) < 2.0)
                group[i++] = second;
        }
    }
}

internal static class Rounding
{
    /// <summary>The number itself where no rounding is given, which is for float only.</summary>
    public static T Apply<T>(float value, Func<float, T>? round)
        where T : unmanaged => round is null ? System.Runtime.CompilerServices.Unsafe.BitCast<float, T>(value) : round(value);
}
