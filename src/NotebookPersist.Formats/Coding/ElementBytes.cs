using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NotebookPersist.Formats.Coding;

/// <summary>Bytes of elements as files hold them, into the machine's form.</summary>
internal static class ElementBytes
{
    /// <summary>Reverses the bytes of each number in place; of a complex number both halves.</summary>
    public static void Reverse(Span<byte> bytes, DType dtype)
    {
        switch (dtype.IsComplex() ? dtype.Size() / 2 : dtype.Size())
        {
            case sizeof(ushort):
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case sizeof(uint):
                Span<uint> doubleWords = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(doubleWords, doubleWords);
                break;
            case sizeof(ulong):
                Span<ulong> quadWords = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(quadWords, quadWords);
                break;
        }
    }

    /// <summary>Makes every byte that is not 0 a 1: the runtime takes no other for a bool.</summary>
    public static void NormalizeBooleans(Span<byte> bytes)
    {
        while (bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is int i and >= 0)
        {
            bytes[i] = 1;
            bytes = bytes[(i + 1)..];
        }
    }
}
