using System.Buffers.Binary;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Tables;

namespace NotebookPersist.Tests.Formats;

/// <summary>Finds the blocks of a table and puts right checksums on changed ones.</summary>
internal static class TableBlocks
{
    public static List<(int Offset, int Size)> Locate(byte[] table)
    {
        BoundedReader footer = new(table.AsSpan(table.Length - TableLayout.FooterByteCount), "table", 0, "footer");
        int end = (int)footer.ReadVarint64();
        footer.ReadVarint64();
        (int Offset, int Size) index = ((int)footer.ReadVarint64(), (int)footer.ReadVarint64());

        // Small tables: one data block, which ends where the metaindex block begins.
        return [(0, end - TableLayout.TrailerByteCount), index];
    }

    public static void Seal(byte[] table, int offset, int size)
        => BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(offset + size + 1), Crc32C.Mask(Crc32C.Compute(table.AsSpan(offset, size + 1))));
}
