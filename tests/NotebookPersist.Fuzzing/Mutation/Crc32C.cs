namespace NotebookPersist.Fuzzing.Mutation;

/// <summary>The checksum of tables, computed bit by bit: slow, and of nobody else's code.</summary>
internal static class Crc32C
{
    private static readonly uint[] _table = [.. Enumerable.Range(0, 256).Select(static i => Step((uint)i))];

    public static uint Extend(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte b in bytes)
            crc = _table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    /// <summary>As it is stored.</summary>
    public static uint Mask(uint crc) => unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);

    private static uint Step(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) * 0x82F63B78);
        return value;
    }
}
