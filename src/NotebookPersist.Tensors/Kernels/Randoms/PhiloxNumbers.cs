namespace NotebookPersist.Kernels.Randoms;

/// <summary>Draws the numbers of a stream one by one, as rejection methods do.</summary>
/// <param name="generator">The stream, from where it is now.</param>
public ref struct PhiloxNumbers(Philox generator)
{
    private Philox _generator = generator;
    private PhiloxBlock _block;
    private int _used = 4;

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (_used == 4)
        {
            _block = _generator.Next();
            _used = 0;
        }

        return _used++ switch { 0 => _block.X, 1 => _block.Y, 2 => _block.Z, _ => _block.W };
    }

    /// <summary>A double in [0, 1) from the next two numbers.</summary>
    public double NextDouble()
    {
        uint first = Next();
        return RandomBits.ToDouble(first, Next());
    }

    /// <summary>The next 64 bits, the lower half first.</summary>
    public ulong NextLong()
    {
        uint low = Next();
        return low | ((ulong)Next() << 32);
    }

    /// <summary>A float in [0, 1) from the next number.</summary>
    public float NextSingle() => RandomBits.ToSingle(Next());

    /// <summary>An integer below a limit, each as likely as any other: numbers from the last, incomplete range are drawn again.</summary>
    public uint NextBelow(uint limit)
    {
        if (limit == 0)
            return 0 * Next();
        uint incomplete = unchecked((uint)-limit) % limit;
        uint number;
        do
            number = Next();
        while (number < incomplete && incomplete != 0);
        return number % limit;
    }

    /// <inheritdoc cref="NextBelow"/>
    public ulong NextLongBelow(ulong limit)
    {
        if (limit == 0)
            return 0 * NextLong();
        ulong incomplete = unchecked((ulong)-(long)limit) % limit;
        ulong number;
        do
            number = NextLong();
        while (number < incomplete && incomplete != 0);
        return number % limit;
    }
}
