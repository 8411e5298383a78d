using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

// npy    := 93 'NUMPY'  major: byte  minor: byte  length: uint16 (version 1) or uint32 (2, 3), low first
//           header: length bytes of text, padded with spaces so that the elements start at a multiple of 64, ends in a line feed
//           elements
// header := {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }

namespace NotebookPersist.Formats.Npy;

/// <summary>NumPy's file of one array.</summary>
/// <remarks>Source: NumPy, <c>numpy.lib.format</c>. Versions 1, 2 and 3 are read, version 1 is written.</remarks>
public static class NpyFile
{
    private const int ChunkByteCount = 1 << 20;

    // Strings of no characters take no bytes in the file; this many of them are no attack on memory.
    private const int MostEmptyStrings = 1 << 20;

    /// <summary>Reads an array of numbers, booleans or strings, in C or Fortran order, of either byte order.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no such array, or is damaged.</exception>
    public static Tensor Read(string path, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = RegularFile.OpenRead(path);
        return Read(file, file.Length, path, path, cancellation);
    }

    /// <summary>Element type and shape of the array in a file, without reading its elements.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no array of numbers, booleans or strings.</exception>
    public static (DType DType, Shape Shape) ReadSpec(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = RegularFile.OpenRead(path);
        NpyHeader header = NpyHeader.Read(file, path, path);
        return (header.DType, header.Shape);
    }

    /// <summary>Whether a file begins as one of this format does.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsAt(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        Span<byte> start = stackalloc byte[NpyHeader.Magic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(NpyHeader.Magic);
    }

    /// <summary>Why an array of a type would hold something else than the tensor did, or null where it holds the same.</summary>
    /// <param name="dtype">Element type. Whether strings can be kept depends on them; see <see cref="WhyNot(Tensor)"/>.</param>
    public static string? WhyNot(DType dtype) => NpyHeader.Has(dtype) ? null : $"NumPy has no type for {dtype.Name()}";

    /// <summary>Why an array would hold something else than the tensor does, or null where it holds the same.</summary>
    public static string? WhyNot(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.DType == DType.String ? NpyStrings.WhyNot(tensor) : WhyNot(tensor.DType);
    }

    /// <summary>Writes a tensor; strings as NumPy's U where they are text, else as S, bfloat16 as its raw 16 bits, quantized types as plain integers.</summary>
    /// <exception cref="ArgumentException">The tensor holds no numbers, booleans or strings, or strings that end in zero bytes.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void Write(string path, Tensor tensor, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        (byte[] prologue, ReadOnlyMemory<byte>? strings) = Encode(tensor);
        using AtomicFile file = AtomicFile.Create(path, prologue.Length + (strings?.Length ?? tensor.ByteCount));
        file.Stream.Write(prologue);
        WriteElements(file.Stream, strings is { } text ? text.Span : tensor.Bytes, cancellation);
        file.Commit();
    }

    /// <summary>Writes a tensor as a file would hold it.</summary>
    internal static void Write(Stream stream, Tensor tensor, CancellationToken cancellation)
    {
        (byte[] prologue, ReadOnlyMemory<byte>? strings) = Encode(tensor);
        stream.Write(prologue);
        WriteElements(stream, strings is { } text ? text.Span : tensor.Bytes, cancellation);
    }

    /// <summary>Reads an array that is all of a stream.</summary>
    /// <param name="stream">Stands at the array's first byte.</param>
    /// <param name="byteCount">Unit: bytes that the stream holds; memory is only taken for as many.</param>
    /// <param name="shown">What is read, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    internal static Tensor Read(Stream stream, long byteCount, string shown, string path, CancellationToken cancellation)
    {
        NpyHeader header = NpyHeader.Read(stream, shown, path);
        long there = byteCount - header.ByteCount;
        if (header.ElementsByteCount != there)
        {
            CheckpointFault fault = header.ElementsByteCount > there ? CheckpointFault.Truncated : CheckpointFault.BadStructure;
            throw NpyHeader.Fault(shown, path, fault, header.ByteCount, $"{header.ElementsByteCount} bytes of elements are expected where {there} are left");
        }

        if (there > Array.MaxLength || (header.ItemByteCount == 0 && header.Shape.ElementCount > MostEmptyStrings))
            throw NpyHeader.Fault(shown, path, CheckpointFault.LimitExceeded, null, $"its {header.Shape.ElementCount} elements are more than one tensor can hold");
        return header.Text is null ? ReadNumbers(stream, header, shown, path, cancellation) : ReadStrings(stream, header, shown, path, cancellation);
    }

    private static (byte[] Prologue, ReadOnlyMemory<byte>? Strings) Encode(Tensor tensor)
    {
        if (tensor.DType != DType.String)
            return (NpyHeader.Format(NpyHeader.TypeOf(tensor.DType), tensor.Shape), null);
        (string type, byte[] elements) = NpyStrings.Encode(tensor);
        return (NpyHeader.Format(type, tensor.Shape), elements);
    }

    private static void WriteElements(Stream stream, ReadOnlySpan<byte> elements, CancellationToken cancellation)
    {
        for (int position = 0; position < elements.Length; position += ChunkByteCount)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(elements[position..Math.Min(elements.Length, position + ChunkByteCount)]);
        }
    }

    private static Tensor ReadNumbers(Stream stream, NpyHeader header, string shown, string path, CancellationToken cancellation)
    {
        Tensor tensor = Tensor.Uninitialized(header.DType, header.Shape);
        Span<byte> bytes = tensor.MutableBytes;
        ReadElements(stream, bytes, header, shown, path, cancellation);
        if (header.IsBigEndian == BitConverter.IsLittleEndian)
            ElementBytes.Reverse(bytes, header.DType);
        if (header.DType == DType.Bool)
            ElementBytes.NormalizeBooleans(bytes);
        if (!header.IsFortranOrder || header.Shape.Rank < 2)
            return tensor;
        Tensor ordered = Tensor.Uninitialized(header.DType, header.Shape);
        FromFortranOrder(bytes, ordered.MutableBytes, header.Shape, header.DType.Size());
        return ordered;
    }

    private static Tensor ReadStrings(Stream stream, NpyHeader header, string shown, string path, CancellationToken cancellation)
    {
        byte[] elements = new byte[(int)header.ElementsByteCount];
        ReadElements(stream, elements, header, shown, path, cancellation);
        if (header.IsFortranOrder && header.Shape.Rank > 1)
        {
            byte[] ordered = new byte[elements.Length];
            FromFortranOrder(elements, ordered, header.Shape, (int)header.ItemByteCount);
            elements = ordered;
        }

        return NpyStrings.Decode(header, elements, shown, path);
    }

    private static void ReadElements(Stream stream, Span<byte> bytes, NpyHeader header, string shown, string path, CancellationToken cancellation)
    {
        for (int position = 0; position < bytes.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = stream.Read(bytes[position..Math.Min(bytes.Length, position + ChunkByteCount)]);
            if (count == 0)
                throw NpyHeader.Fault(shown, path, CheckpointFault.Truncated, header.ByteCount + position, $"{bytes.Length - position} more bytes of elements are expected");
            position += count;
        }
    }

    // The last index runs fastest in the target; each step of an index is a fixed number of elements in the source.
    private static void FromFortranOrder(ReadOnlySpan<byte> source, Span<byte> target, Shape shape, int size)
    {
        long[] index = new long[shape.Rank];
        long[] steps = new long[shape.Rank];
        long step = size;
        for (int d = 0; d < steps.Length; d++)
            (steps[d], step) = (step, step * shape[d]);
        long from = 0;
        for (int to = 0; to < target.Length; to += size)
        {
            source.Slice((int)from, size).CopyTo(target[to..]);
            for (int d = index.Length - 1; d >= 0; d--)
            {
                from += steps[d];
                if (++index[d] < shape[d])
                    break;
                from -= steps[d] * shape[d];
                index[d] = 0;
            }
        }
    }
}
