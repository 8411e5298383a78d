namespace NotebookPersist.Kernels.Randoms;

/// <summary>Draws the numbers of a stream one by one, as rejection methods do.</summary>
internal ref struct PhiloxNumbers(Philox generator)
{
    private Philox _generator = generator;
    private PhiloxBlock _block;
    private int _used = 4;

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
}
