using System.IO.Hashing;

namespace NotebookPersist.Formats.Coding;

/// <summary>Computes the checksum of ZIP archives over what is read through it.</summary>
internal sealed class Crc32Stream(Stream source) : Stream
{
    private readonly Crc32 _checksum = new();

    /// <summary>The checksum of all bytes read so far.</summary>
    public uint Checksum => _checksum.GetCurrentHashAsUInt32();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("The stream is only read on.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("The stream is only read on.");
        set => throw new NotSupportedException("The stream is only read on.");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = source.Read(buffer);
        _checksum.Append(buffer[..count]);
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream is only read on.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is only read on.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is only read on.");
}
