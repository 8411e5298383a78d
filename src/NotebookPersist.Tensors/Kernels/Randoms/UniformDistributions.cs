namespace NotebookPersist.Kernels.Randoms;

internal readonly struct UniformSingle : IPhiloxDistribution<float>
{
    public int GroupSize => 4;

    public int Stride => 1;

    public void Sample(Philox generator, Span<float> group)
    {
        PhiloxBlock b = generator.Next();
        group[3] = RandomBits.ToSingle(b.W);
        group[0] = RandomBits.ToSingle(b.X);
        group[1] = RandomBits.ToSingle(b.Y);
        group[2] = RandomBits.ToSingle(b.Z);
    }
}

internal readonly struct UniformDouble : IPhiloxDistribution<double>
{
    public int GroupSize => 2;

    public int Stride => 1;

    public void Sample(Philox generator, Span<double> group)
    {
        PhiloxBlock b = generator.Next();
        group[1] = RandomBits.ToDouble(b.Z, b.W);
        group[0] = RandomBits.ToDouble(b.X, b.Y);
    }
}

internal readonly struct UniformHalf : IPhiloxDistribution<Half>
{
    public int GroupSize => 4;

    public int Stride => 1;

    public void Sample(Philox generator, Span<Half> group)
    {
        PhiloxBlock b = generator.Next();
        group[3] = RandomBits.ToHalf(b.W);
        group[0] = RandomBits.ToHalf(b.X);
        group[1] = RandomBits.ToHalf(b.Y);
        group[2] = RandomBits.ToHalf(b.Z);
    }
}

internal readonly struct UniformBFloat16 : IPhiloxDistribution<BFloat16>
{
    public int GroupSize => 4;

    public int Stride => 1;

    public void Sample(Philox generator, Span<BFloat16> group)
    {
        PhiloxBlock b = generator.Next();
        group[3] = RandomBits.ToBFloat16(b.W);
        group[0] = RandomBits.ToBFloat16(b.X);
        group[1] = RandomBits.ToBFloat16(b.Y);
        group[2] = RandomBits.ToBFloat16(b.Z);
    }
}

/// <summary>Integers in [low, high); slightly biased where the range is no power of two, as in TensorFlow.</summary>
internal readonly struct UniformInt32(int low, int high) : IPhiloxDistribution<int>
{
    private readonly uint _range = unchecked((uint)high - (uint)low);

    public int GroupSize => 4;

    public int Stride => 1;

    public void Sample(Philox generator, Span<int> group)
    {
        PhiloxBlock b = generator.Next();
        group[3] = Place(b.W);
        group[0] = Place(b.X);
        group[1] = Place(b.Y);
        group[2] = Place(b.Z);
    }

    private int Place(uint bits) => unchecked((int)((uint)low + (bits % _range)));
}

/// <inheritdoc cref="UniformInt32"/>
internal readonly struct UniformInt64(long low, long high) : IPhiloxDistribution<long>
{
    private readonly ulong _range = unchecked((ulong)high - (ulong)low);

    public int GroupSize => 2;

    public int Stride => 1;

    public void Sample(Philox generator, Span<long> group)
    {
        PhiloxBlock b = generator.Next();
        group[1] = Place(b.Z, b.W);
        group[0] = Place(b.X, b.Y);
    }

    private long Place(uint lower, uint upper) => unchecked((long)((ulong)low + ((lower | ((ulong)upper << 32)) % _range)));
}
