using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.Tables;

/// <summary>Passes bytes on and keeps their count and checksum.</summary>
/// <remarks>The stream below stays open. Thread safety: none.</remarks>
internal sealed class ChecksumStream(Stream target) : Stream
{
    private long _position;

    /// <summary>Unmasked CRC-32C of all bytes so far.</summary>
    public uint Crc { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("Bytes whose checksum is kept are written from beginning to end.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Crc = Crc32C.Extend(Crc, buffer);
        target.Write(buffer);
        _position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bytes whose checksum is kept are only written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Bytes whose checksum is kept are written from beginning to end.");

    public override void SetLength(long value) => throw new NotSupportedException("Bytes whose checksum is kept are written from beginning to end.");
}
