namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>One plane of a JPEG picture: how densely it is sampled, and the coefficients of its blocks.</summary>
/// <param name="id">What scans call it.</param>
/// <param name="across">Samples across where the finest plane has the frame's most.</param>
/// <param name="down">Samples down, likewise.</param>
/// <param name="quantization">Number of its quantization table.</param>
internal sealed class JpegComponent(int id, int across, int down, int quantization)
{
    public int Id => id;

    public int Across => across;

    public int Down => down;

    public int QuantizationTable => quantization;

    /// <summary>Blocks that hold part of the picture, in a row.</summary>
    public int Columns { get; private set; }

    /// <summary>Rows of blocks that hold part of the picture.</summary>
    public int Rows { get; private set; }

    /// <summary>Blocks in a row, those included that only fill the last units.</summary>
    public int Stride { get; private set; }

    /// <summary>Coefficients in natural order, 64 a block.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The quantization that was in force when the plane's first scan began.</summary>
    public ushort[]? Quantization { get; set; }

    public Span<short> Block(int row, int column) => Coefficients.AsSpan(((row * Stride) + column) * 64, 64);

    public void Allocate(JpegFrame frame)
    {
        Columns = Parts(Parts(frame.Width * across, frame.MostAcross), 8);
        Rows = Parts(Parts(frame.Height * down, frame.MostDown), 8);
        Stride = frame.UnitColumns * across;
        Coefficients = new short[checked(Stride * frame.UnitRows * down * 64)];
    }

    /// <summary>How many parts of a size it takes to cover a length.</summary>
    internal static int Parts(int length, int size) => (length + size - 1) / size;
}
