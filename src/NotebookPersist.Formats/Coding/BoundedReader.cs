using System.Buffers.Binary;

namespace NotebookPersist.Formats.Coding;

/// <summary>Reads integers and byte runs from a span that came from a file, and never past its end.</summary>
/// <remarks>Every failure is a <see cref="CheckpointFormatException"/> with the path and the offset in the file.</remarks>
internal ref struct BoundedReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly string _path;
    private readonly string _what;
    private readonly long _fileOffset;

    /// <summary>Starts at the first byte of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="path">The file they came from.</param>
    /// <param name="fileOffset">Unit: bytes; where in the file <paramref name="data"/> starts.</param>
    /// <param name="what">What is being read, for messages, e.g. "index block".</param>
    public BoundedReader(ReadOnlySpan<byte> data, string path, long fileOffset, string what)
    {
        _data = data;
        _path = path;
        _fileOffset = fileOffset;
        _what = what;
    }

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _data.Length - Position;

    /// <summary>Where in the file the next byte is.</summary>
    public readonly long FileOffset => _fileOffset + Position;

    /// <summary>Reads 1 to 10 bytes.</summary>
    public ulong ReadVarint64()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (Position >= _data.Length)
            {
                throw Fail(CheckpointFault.Truncated, "an integer runs past the end");
            }

            byte b = _data[Position++];
            if (shift == 63 && b > 1)
            {
                break;
            }

            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Fail(CheckpointFault.BadStructure, "an integer is longer than 64 bits");
    }

    /// <summary>Reads a length or offset that must fit a non-negative 64-bit signed integer.</summary>
    public long ReadLength64()
    {
        ulong value = ReadVarint64();
        return value <= long.MaxValue ? (long)value : throw Fail(CheckpointFault.BadStructure, $"the length {value} is out of range");
    }

    /// <summary>Reads a length of bytes that must still be there.</summary>
    public int ReadLength()
    {
        ulong value = ReadVarint64();
        return value <= (ulong)Remaining
            ? (int)value
            : throw Fail(CheckpointFault.BadStructure, $"a length of {value} bytes is given where {Remaining} are left");
    }

    /// <summary>Reads a 32-bit base-128 integer that must be at most <paramref name="max"/>.</summary>
    public int ReadVarint32(int max)
    {
        ulong value = ReadVarint64();
        return value <= (ulong)max ? (int)value : throw Fail(CheckpointFault.BadStructure, $"found {value} where at most {max} is possible");
    }

    /// <summary>Reads four bytes, low first.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(sizeof(uint)));

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => ReadBytes(1)[0];

    /// <summary>A view of the next <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Fail(CheckpointFault.Truncated, $"{count} bytes are needed where {Remaining} are left");
        }

        ReadOnlySpan<byte> bytes = _data.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>The exception for a fault at the present position.</summary>
    public readonly CheckpointFormatException Fail(CheckpointFault fault, string problem)
        => new($"Cannot read the {_what} of '{_path}' at byte {FileOffset}: {problem}.", fault, _path, FileOffset);
}
