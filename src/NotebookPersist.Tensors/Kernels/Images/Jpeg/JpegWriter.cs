using System.Buffers.Binary;

namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Writes JPEG files.</summary>
/// <remarks>Source: ITU-T T.81 and T.871 (JFIF); baseline files with the usual codes are those of libjpeg byte for byte.</remarks>
public static class JpegWriter
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="pixels">Row by row; 1 channel for grey, 3 for colours.</param>
    /// <param name="height">Rows, at most 65,535.</param>
    /// <param name="width">Columns, at most 65,535.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="options">How.</param>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int height, int width, int channels, JpegEncoding options)
    {
        int finer = channels == 3 && options.HalvesColors ? 2 : 1;
        JpegComponent[] components = [.. Enumerable.Range(0, channels).Select(i => new JpegComponent(i + 1, i == 0 ? finer : 1, i == 0 ? finer : 1, Math.Min(i, 1)))];
        var frame = new JpegFrame(width, height, options.IsProgressive, components);
        foreach (JpegComponent component in components)
        {
            component.Allocate(frame);
            component.Quantization = JpegTables.Quantization(component.QuantizationTable == 1, options.Quality);
        }

        JpegPictureBlocks.Fill(frame, pixels);
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        WriteHeader(frame, options, file);
        if (options.IsProgressive)
        {
            WriteScan(frame, [0, .. Enumerable.Range(1, channels - 1)], 0, 0, true, file);
            foreach ((int first, int last) in new[] { (1, 5), (6, 63) })
            {
                for (int i = 0; i < channels; i++)
                    WriteScan(frame, [i], first, last, true, file);
            }
        }
        else
        {
            WriteScan(frame, [.. Enumerable.Range(0, channels)], 0, 63, options.IsOptimized, file);
        }

        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void WriteHeader(JpegFrame frame, JpegEncoding options, MemoryStream file)
    {
        Segment(file, 0xE0, [
            .. "JFIF\0"u8, 1, 1, (byte)options.DensityUnit,
            (byte)(options.HorizontalDensity >> 8), (byte)options.HorizontalDensity, (byte)(options.VerticalDensity >> 8), (byte)options.VerticalDensity, 0, 0]);
        if (options.Xmp.Length > 0)
            Segment(file, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. options.Xmp]);
        foreach (JpegComponent component in frame.Components.DistinctBy(static c => c.QuantizationTable))
        {
            var body = new byte[65];
            body[0] = (byte)component.QuantizationTable;
            for (int i = 0; i < 64; i++)
                body[1 + i] = (byte)component.Quantization![JpegOrder.Natural[i]]; // Set above.
            Segment(file, 0xDB, body);
        }

        Segment(file, (byte)(frame.IsProgressive ? 0xC2 : 0xC0), [
            8, (byte)(frame.Height >> 8), (byte)frame.Height, (byte)(frame.Width >> 8), (byte)frame.Width, (byte)frame.Components.Length,
            .. frame.Components.SelectMany(static c => new[] { (byte)c.Id, (byte)((c.Across << 4) | c.Down), (byte)c.QuantizationTable })]);
    }

    private static void WriteScan(JpegFrame frame, int[] parts, int first, int last, bool isOptimized, MemoryStream file)
    {
        var writer = new JpegScanWriter(first, last);
        JpegComponent only = frame.Components[parts[0]];
        bool alone = parts.Length == 1;
        int columns = alone ? only.Columns : frame.UnitColumns;
        int units = columns * (alone ? only.Rows : frame.UnitRows);
        for (int unit = 0; unit < units; unit++)
        {
            (int row, int column) = Math.DivRem(unit, columns);
            for (int part = 0; part < parts.Length; part++)
            {
                JpegComponent component = frame.Components[parts[part]];
                (int across, int down) = alone ? (1, 1) : (component.Across, component.Down);
                for (int i = 0; i < across * down; i++)
                    writer.Add(part, component.QuantizationTable, component.Block((row * down) + (i / across), (column * across) + (i % across)));
            }
        }

        HuffmanTable?[] tables = isOptimized ? writer.Optimal() : Usual(frame.Components.Length);
        foreach (int table in new[] { 0, 2, 1, 3 })
        {
            if (tables[table] is { } codes)
                Segment(file, 0xC4, [(byte)((table / 2 << 4) | (table % 2)), .. codes.Counts, .. codes.Symbols]);
        }

        Segment(file, 0xDA, [
            (byte)parts.Length,
            .. parts.SelectMany(p => new[] { (byte)frame.Components[p].Id, (byte)((first > 0 ? 0 : frame.Components[p].QuantizationTable << 4) | (last > 0 ? frame.Components[p].QuantizationTable : 0)) }),
            (byte)first, (byte)last, 0]);
        writer.Write(tables, file);
    }

    private static HuffmanTable?[] Usual(int channels) =>
        [JpegTables.Dc[0], channels > 1 ? JpegTables.Dc[1] : null, JpegTables.Ac[0], channels > 1 ? JpegTables.Ac[1] : null];

    private static void Segment(MemoryStream file, byte marker, ReadOnlySpan<byte> body)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(body.Length + 2));
        file.Write(head);
        file.Write(body);
    }
}
