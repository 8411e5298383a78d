using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Memory;

namespace NotebookPersist.Benchmarks;

/// <summary>The least that saving and restoring could do: plain writes and reads of the same bytes.</summary>
internal static class PlainFiles
{
    private const int ChunkByteCount = 4 << 20;

    // Reads of this size find their bytes in the cache again when the checksum is computed.
    private const int ReadByteCount = 256 << 10;
    private const int PieceByteCount = 8 << 20;

    /// <summary>Writes the bytes of tensors one after the other, in large pieces, to a file of the right size from the start.</summary>
    public static void Write(string path, IReadOnlyList<Tensor> tensors, bool flush)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: tensors.Sum(static t => t.ByteCount));
        long offset = 0;
        foreach (Tensor tensor in tensors)
        {
            ReadOnlySpan<byte> bytes = tensor.Bytes;
            for (int position = 0; position < bytes.Length; position += ChunkByteCount)
            {
                ReadOnlySpan<byte> chunk = bytes.Slice(position, Math.Min(ChunkByteCount, bytes.Length - position));
                RandomAccess.Write(file, chunk, offset);
                offset += chunk.Length;
            }
        }

        if (flush)
            RandomAccess.FlushToDisk(file);
    }

    /// <summary>Reads all bytes once on all cores, each into one small buffer, and computes their checksum.</summary>
    public static void ReadAndCheck(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        ForPieces(length, (start, count) =>
        {
            Span<byte> buffer = Buffer();
            uint crc = 0;
            for (long position = start; position < start + count; position += ReadByteCount)
            {
                Span<byte> chunk = buffer[..(int)Math.Min(ReadByteCount, start + count - position)];
                RandomAccess.Read(file, chunk, position);
                crc = Crc32C.Extend(crc, chunk);
            }

            return crc;
        });
    }

    /// <summary>The same into fresh memory on huge pages, where a model's values must end up.</summary>
    public static TensorBuffer ReadAndCheckIntoFreshMemory(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        TensorBuffer memory = TensorBuffer.Allocate(length);
        ForPieces(length, (start, count) =>
        {
            uint crc = 0;
            for (long position = start; position < start + count; position += ReadByteCount)
            {
                Span<byte> chunk = memory.Bytes.Slice((int)position, (int)Math.Min(ReadByteCount, start + count - position));
                RandomAccess.Read(file, chunk, position);
                crc = Crc32C.Extend(crc, chunk);
            }

            return crc;
        });
        return memory;
    }

    /// <summary>Only takes that memory: the system zeroes each page when it is touched first.</summary>
    public static TensorBuffer TouchFreshMemory(long byteCount)
    {
        const int page = 4096;
        TensorBuffer memory = TensorBuffer.Allocate(byteCount);
        ForPieces(byteCount, (start, count) =>
        {
            for (long position = start; position < start + count; position += page)
                memory.Bytes[(int)position] = 1;
            return 0;
        });
        return memory;
    }

    [ThreadStatic]
    private static byte[]? _buffer;

    private static Span<byte> Buffer() => _buffer ??= GC.AllocateUninitializedArray<byte>(ReadByteCount);

    private static void ForPieces(long length, Func<long, long, uint> body)
    {
        uint[] checksums = new uint[(length + PieceByteCount - 1) / PieceByteCount];
        Parallel.For(0, checksums.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
        {
            long start = (long)p * PieceByteCount;
            checksums[p] = body(start, Math.Min(PieceByteCount, length - start));
        });
    }
}
