namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>What a JPEG file says of its picture before the first scan.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsProgressive">Whether each scan only adds to the coefficients.</param>
/// <param name="Components">The planes.</param>
internal sealed record JpegFrame(int Width, int Height, bool IsProgressive, JpegComponent[] Components)
{
    /// <summary>Samples across of the finest plane.</summary>
    public int MostAcross { get; } = Components.Max(static c => c.Across);

    /// <summary>Samples down of the finest plane.</summary>
    public int MostDown { get; } = Components.Max(static c => c.Down);

    /// <summary>Units of interleaved blocks in a row.</summary>
    public int UnitColumns => JpegComponent.Parts(Width, 8 * MostAcross);

    /// <summary>Rows of units of interleaved blocks.</summary>
    public int UnitRows => JpegComponent.Parts(Height, 8 * MostDown);

    /// <summary>Reads a frame header.</summary>
    /// <param name="body">What follows the marker and its length.</param>
    /// <param name="isProgressive">What the marker says.</param>
    /// <exception cref="FormatException">It is damaged, or asks for what is not supported.</exception>
    public static JpegFrame Read(ReadOnlySpan<byte> body, bool isProgressive)
    {
        if (body.Length < 6 || body.Length < 6 + (3 * body[5]))
            throw new FormatException("The JPEG frame header is cut off.");
        if (body[0] != 8)
            throw new FormatException($"The JPEG file has samples of {body[0]} bits; 8 are supported.");
        (int height, int width, int count) = ((body[1] << 8) | body[2], (body[3] << 8) | body[4], body[5]);
        if (height == 0 || width == 0 || count is not (1 or 3 or 4))
            throw new FormatException($"The JPEG file has {width} columns, {height} rows and {count} components; 1, 3 or 4 components are supported.");
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = body.Slice(6 + (3 * i), 3);
            (int across, int down) = (entry[1] >> 4, entry[1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || entry[2] > 3)
                throw new FormatException($"Component {i} of the JPEG file is sampled {across} by {down} and quantized by table {entry[2]}; 1 to 4 and 0 to 3 are possible.");
            components[i] = new JpegComponent(entry[0], across, down, entry[2]);
        }

        return new JpegFrame(width, height, isProgressive, components);
    }

    /// <summary>Makes room for the coefficients.</summary>
    /// <param name="byteCount">Size of the file: every block takes at least one bit of it.</param>
    /// <exception cref="FormatException">The file cannot hold so many blocks.</exception>
    public void Allocate(int byteCount)
    {
        long blocks = Components.Sum(c => (long)UnitColumns * c.Across * UnitRows * c.Down);
        if (blocks > 8L * byteCount)
            throw new FormatException($"The JPEG file says it has {Width} columns and {Height} rows, more than its {byteCount:N0} bytes can hold.");
        foreach (JpegComponent component in Components)
            component.Allocate(this);
    }
}
