using NotebookPersist.Formats.Files;

namespace NotebookPersist.Persistence;

/// <summary>Knows files of other kinds by how they begin, so that a message can say what was given.</summary>
internal static class ForeignFiles
{
    private static readonly (string Name, int Offset, byte[] Mark)[] Marks =
    [
        ("a JPEG image", 0, [0xFF, 0xD8, 0xFF]),
        ("a PNG image", 0, [0x89, .. "PNG\r\n"u8]),
        ("a GIF image", 0, [.. "GIF8"u8]),
        ("a PDF document", 0, [.. "%PDF-"u8]),
        ("an HDF5 file, such as Keras writes", 0, [0x89, .. "HDF\r\n"u8]),
        ("a zip archive", 0, [.. "PK\x03\x04"u8]),
        ("a gzip archive", 0, [0x1F, 0x8B]),
        ("a TensorFlow Lite model", 4, [.. "TFL3"u8]),
        ("a GGUF model", 0, [.. "GGUF"u8]),
        ("a pickle of Python", 0, [0x80, 0x02]),
        ("a program", 0, [0x7F, .. "ELF"u8]),
    ];

    /// <summary>What a file is, with its article; null where it is of no kind that is known here.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? NameOf(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        var start = new byte[16];
        ReadOnlySpan<byte> read = start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        foreach ((string name, int offset, byte[] mark) in Marks)
        {
            if (read.Length >= offset + mark.Length && read.Slice(offset, mark.Length).SequenceEqual(mark))
                return name;
        }

        return null;
    }
}
