namespace NotebookPersist.Formats.Tables;

/// <summary>The constants of the table format.</summary>
internal static class TableLayout
{
    /// <summary>The last eight bytes of every table, low byte first.</summary>
    public const ulong Magic = 0xDB4775248B80FB57;

    /// <summary>Two block handles padded to 40 bytes, then the magic number.</summary>
    public const int FooterByteCount = 48;

    /// <summary>Type byte and checksum after each block.</summary>
    public const int TrailerByteCount = 5;

    /// <summary>The block is stored as it is.</summary>
    public const byte Uncompressed = 0;

    /// <summary>The block is stored as raw snappy.</summary>
    public const byte Snappy = 1;
}
