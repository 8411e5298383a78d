namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Reads the bits of a scan, up to the next marker.</summary>
/// <param name="file">The whole file.</param>
/// <param name="start">Where the scan's bits begin.</param>
internal sealed class JpegBits(byte[] file, int start)
{
    private int _at = start;
    private int _bits;
    private int _count;

    /// <summary>Where the next byte is.</summary>
    public int Position => _at;

    /// <summary>True once bits were asked for that the scan does not have; they were 0.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>True where the file ended instead of the scan.</summary>
    public bool IsCutOff { get; private set; }

    public int Bit()
    {
        if (_count == 0)
            Fill();
        _count--;
        return (_bits >> _count) & 1;
    }

    /// <summary>So many bits as a number.</summary>
    public int Bits(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++)
            value = (value << 1) | Bit();
        return value;
    }

    /// <summary>So many bits as a number that may be negative: those that begin with 0 are.</summary>
    public int Signed(int count)
    {
        if (count == 0)
            return 0;
        int value = Bits(count);
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Goes on behind the next restart marker, where that is what follows.</summary>
    public void Restart()
    {
        _count = 0;
        IsExhausted = false;
        while (_at + 1 < file.Length && !(file[_at] == 0xFF && file[_at + 1] is not (0 or 0xFF)))
            _at++;
        if (_at + 1 < file.Length && file[_at + 1] is >= 0xD0 and <= 0xD7)
            _at += 2;
        else
            (IsExhausted, IsCutOff) = (true, _at + 1 >= file.Length);
    }

    private void Fill()
    {
        (_bits, _count) = (0, 8);
        if (_at >= file.Length)
        {
            (IsExhausted, IsCutOff) = (true, true);
            return;
        }

        if (file[_at] != 0xFF)
        {
            _bits = file[_at++];
            return;
        }

        // A zero behind such a byte says that it is no marker.
        if (_at + 1 < file.Length && file[_at + 1] == 0)
        {
            _bits = 0xFF;
            _at += 2;
            return;
        }

        (IsExhausted, IsCutOff) = (true, _at + 1 >= file.Length);
    }
}
