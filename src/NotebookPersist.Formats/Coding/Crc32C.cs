using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace NotebookPersist.Formats.Coding;

/// <summary>CRC-32C (Castagnoli), and the masked form in which TensorFlow stores it.</summary>
/// <remarks>Reflected polynomial 0x82F63B78, initial value and final exclusive-or 0xFFFFFFFF. Source: RFC 3720, appendix B.4.</remarks>
internal static class Crc32C
{
    // A checksum of data that itself holds checksums is weak, so stored ones are rotated and shifted by this.
    private const uint MaskDelta = 0xA282EAD8;

    private const uint Polynomial = 0x82F63B78;

    // The crc32 instruction takes three cycles but one can start each cycle: three independent streams fill the unit.
    private const int StreamByteCount = 4096;

    // x to the power 2^n modulo the polynomial, for every n that a length in bits can have.
    private static readonly uint[] SquaredPowers = MakeSquaredPowers();

    private static readonly uint[][] ByteTables = MakeByteTables();

    private static readonly Lazy<uint[][]> StreamShift = new(MakeStreamShift);

    /// <summary>The checksum of <paramref name="data"/>; 0 for no bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Extend(0, data);

    /// <summary>The checksum of some bytes followed by <paramref name="data"/>, from the checksum of the former.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> data)
    {
        uint state = ~crc;
        if (Sse42.X64.IsSupported || ArmCrc32.Arm64.IsSupported)
        {
            return ~UpdateByHardware(state, data);
        }

        return ~UpdateByTable(state, data);
    }

    /// <summary>The checksum of two runs of bytes one after the other, from the checksum of each.</summary>
    /// <param name="first">Checksum of the first run.</param>
    /// <param name="second">Checksum of the second run.</param>
    /// <param name="secondByteCount">Unit: bytes; length of the second run.</param>
    public static uint Combine(uint first, uint second, long secondByteCount)
    {
        // Appending bytes multiplies by x once a bit.
        const int bitsOfByte = 3;
        uint shift = 1u << 31;
        for (int n = bitsOfByte; secondByteCount != 0; secondByteCount >>= 1, n++)
        {
            if ((secondByteCount & 1) != 0)
                shift = Multiply(SquaredPowers[n], shift);
        }

        return Multiply(shift, first) ^ second;
    }

    /// <summary>The form in which a checksum is stored.</summary>
    public static uint Mask(uint crc) => unchecked(BitOperations.RotateRight(crc, 15) + MaskDelta);

    /// <summary>The checksum behind its stored form.</summary>
    public static uint Unmask(uint masked) => BitOperations.RotateLeft(unchecked(masked - MaskDelta), 15);

    /// <summary>The portable path, for tests to compare with.</summary>
    internal static uint ComputeByTable(ReadOnlySpan<byte> data) => ~UpdateByTable(~0u, data);

    private static uint UpdateByHardware(uint state, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 3 * StreamByteCount)
        {
            ReadOnlySpan<ulong> first = MemoryMarshal.Cast<byte, ulong>(data[..StreamByteCount]);
            ReadOnlySpan<ulong> second = MemoryMarshal.Cast<byte, ulong>(data.Slice(StreamByteCount, StreamByteCount));
            ReadOnlySpan<ulong> third = MemoryMarshal.Cast<byte, ulong>(data.Slice(2 * StreamByteCount, StreamByteCount));
            uint a = state, b = 0, c = 0;
            for (int i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
            {
                a = Step(a, first[i]);
                b = Step(b, second[i]);
                c = Step(c, third[i]);
            }

            state = Shift(Shift(a) ^ b) ^ c;
            data = data[(3 * StreamByteCount)..];
        }

        while (data.Length >= sizeof(ulong))
        {
            state = Step(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte b in data)
        {
            state = Sse42.IsSupported ? Sse42.Crc32(state, b) : ArmCrc32.ComputeCrc32C(state, b);
        }

        return state;
    }

    private static uint Step(uint state, ulong eightBytes)
        => Sse42.X64.IsSupported ? unchecked((uint)Sse42.X64.Crc32(state, eightBytes)) : ArmCrc32.Arm64.ComputeCrc32C(state, eightBytes);

    // What the state becomes after StreamByteCount zero bytes.
    private static uint Shift(uint state)
    {
        uint[][] tables = StreamShift.Value;
        return tables[0][state & 0xFF] ^ tables[1][(state >> 8) & 0xFF] ^ tables[2][(state >> 16) & 0xFF] ^ tables[3][state >> 24];
    }

    private static uint UpdateByTable(uint state, ReadOnlySpan<byte> data)
    {
        uint[][] t = ByteTables;
        while (data.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ state;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            state = t[7][low & 0xFF] ^ t[6][(low >> 8) & 0xFF] ^ t[5][(low >> 16) & 0xFF] ^ t[4][low >> 24]
                ^ t[3][high & 0xFF] ^ t[2][(high >> 8) & 0xFF] ^ t[1][(high >> 16) & 0xFF] ^ t[0][high >> 24];
            data = data[8..];
        }

        foreach (byte b in data)
        {
            state = t[0][(state ^ b) & 0xFF] ^ (state >> 8);
        }

        return state;
    }

    // Polynomials over the field of two elements, bit 31 the constant term, modulo the checksum's.
    private static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (uint bit = 1u << 31; bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
                product ^= right;
            right = (right & 1) != 0 ? (right >> 1) ^ Polynomial : right >> 1;
        }

        return product;
    }

    private static uint[] MakeSquaredPowers()
    {
        uint[] powers = new uint[66]; // The bits of a length, and three for the bits of a byte.
        powers[0] = 1u << 30;
        for (int n = 1; n < powers.Length; n++)
            powers[n] = Multiply(powers[n - 1], powers[n - 1]);
        return powers;
    }

    private static uint[][] MakeByteTables()
    {
        uint[][] tables = new uint[8][];
        for (int k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint state = k == 0 ? i : tables[k - 1][i];
                if (k == 0)
                {
                    for (int bit = 0; bit < 8; bit++)
                    {
                        state = (state & 1) != 0 ? (state >> 1) ^ Polynomial : state >> 1;
                    }
                }
                else
                {
                    state = tables[0][state & 0xFF] ^ (state >> 8);
                }

                tables[k][i] = state;
            }
        }

        return tables;
    }

    private static uint[][] MakeStreamShift()
    {
        // Appending zero bytes is linear over the bits of the state, so 32 states determine all.
        byte[] zeros = new byte[StreamByteCount];
        uint[] images = new uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            images[bit] = UpdateByTable(1u << bit, zeros);
        }

        uint[][] tables = new uint[4][];
        for (int k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (int value = 0; value < 256; value++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    if ((value >> bit & 1) != 0)
                    {
                        tables[k][value] ^= images[(8 * k) + bit];
                    }
                }
            }
        }

        return tables;
    }
}
