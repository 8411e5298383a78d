using System.Buffers.Binary;
using System.Numerics;

namespace NotebookPersist;

/// <summary>The 64-bit FarmHash fingerprint, which never changes.</summary>
/// <remarks>Source: Google's FarmHash, namespace farmhashna, which TensorFlow's Fingerprint64 calls.</remarks>
internal static class FarmHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;

    /// <summary>The fingerprint of some bytes.</summary>
    public static ulong Fingerprint64(ReadOnlySpan<byte> s) => unchecked(s.Length switch
    {
        <= 16 => Upto16(s),
        <= 32 => Upto32(s),
        <= 64 => Upto64(s),
        _ => Longer(s),
    });

    private static ulong Upto16(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            int length = s.Length;
            if (length >= 8)
            {
                ulong mul = K2 + ((ulong)length * 2);
                ulong a = U64(s) + K2;
                ulong b = U64(s[^8..]);
                ulong c = (BitOperations.RotateRight(b, 37) * mul) + a;
                ulong d = (BitOperations.RotateRight(a, 25) + b) * mul;
                return Combine(c, d, mul);
            }

            if (length >= 4)
            {
                ulong mul = K2 + ((ulong)length * 2);
                return Combine((ulong)length + ((ulong)U32(s) << 3), U32(s[^4..]), mul);
            }

            if (length > 0)
            {
                uint y = s[0] + ((uint)s[length >> 1] << 8);
                uint z = (uint)length + ((uint)s[length - 1] << 2);
                return ShiftMix((y * K2) ^ (z * K0)) * K2;
            }

            return K2;
        }
    }

    private static ulong Upto32(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            ulong mul = K2 + ((ulong)s.Length * 2);
            ulong a = U64(s) * K1;
            ulong b = U64(s[8..]);
            ulong c = U64(s[^8..]) * mul;
            ulong d = U64(s[^16..]) * K2;
            return Combine(
                BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d,
                a + BitOperations.RotateRight(b + K2, 18) + c,
                mul);
        }
    }

    private static ulong Upto64(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            ulong mul = K2 + ((ulong)s.Length * 2);
            ulong a = U64(s) * K2;
            ulong b = U64(s[8..]);
            ulong c = U64(s[^8..]) * mul;
            ulong d = U64(s[^16..]) * K2;
            ulong y = BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d;
            ulong z = Combine(y, a + BitOperations.RotateRight(b + K2, 18) + c, mul);
            ulong e = U64(s[16..]) * mul;
            ulong f = U64(s[24..]);
            ulong g = (y + U64(s[^32..])) * mul;
            ulong h = (z + U64(s[^24..])) * mul;
            return Combine(
                BitOperations.RotateRight(e + f, 43) + BitOperations.RotateRight(g, 30) + h,
                e + BitOperations.RotateRight(f + a, 18) + g,
                mul);
        }
    }

    private static ulong Longer(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            const ulong Seed = 81;
            ulong x = Seed;
            ulong y = (Seed * K1) + 113;
            ulong z = ShiftMix((y * K2) + 113) * K2;
            (ulong First, ulong Second) v = (0, 0);
            (ulong First, ulong Second) w = (0, 0);
            x = (x * K2) + U64(s);
            int end = (s.Length - 1) / 64 * 64;
            int last64 = s.Length - 64;
            int at = 0;
            do
            {
                ReadOnlySpan<byte> block = s[at..];
                x = BitOperations.RotateRight(x + y + v.First + U64(block[8..]), 37) * K1;
                y = BitOperations.RotateRight(y + v.Second + U64(block[48..]), 42) * K1;
                x ^= w.Second;
                y += v.First + U64(block[40..]);
                z = BitOperations.RotateRight(z + w.First, 33) * K1;
                v = Weak(block, v.Second * K1, x + w.First);
                w = Weak(block[32..], z + w.Second, y + U64(block[16..]));
                (z, x) = (x, z);
                at += 64;
            }
            while (at != end);

            ulong mul = K1 + ((z & 0xff) << 1);
            ReadOnlySpan<byte> tail = s[last64..];
            w.First += (ulong)((s.Length - 1) & 63);
            v.First += w.First;
            w.First += v.First;
            x = BitOperations.RotateRight(x + y + v.First + U64(tail[8..]), 37) * mul;
            y = BitOperations.RotateRight(y + v.Second + U64(tail[48..]), 42) * mul;
            x ^= w.Second * 9;
            y += (v.First * 9) + U64(tail[40..]);
            z = BitOperations.RotateRight(z + w.First, 33) * mul;
            v = Weak(tail, v.Second * mul, x + w.First);
            w = Weak(tail[32..], z + w.Second, y + U64(tail[16..]));
            (z, x) = (x, z);
            return Combine(Combine(v.First, w.First, mul) + (ShiftMix(y) * K0) + z, Combine(v.Second, w.Second, mul) + x, mul);
        }
    }

    private static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        unchecked
        {
            (ulong w, ulong x, ulong y, ulong z) = (U64(s), U64(s[8..]), U64(s[16..]), U64(s[24..]));
            a += w;
            b = BitOperations.RotateRight(b + a + z, 21);
            ulong c = a;
            a += x;
            a += y;
            b += BitOperations.RotateRight(a, 44);
            return (a + z, b + c);
        }
    }

    private static ulong Combine(ulong u, ulong v, ulong mul)
    {
        unchecked
        {
            ulong a = (u ^ v) * mul;
            a ^= a >> 47;
            ulong b = (v ^ a) * mul;
            b ^= b >> 47;
            return b * mul;
        }
    }

    private static ulong ShiftMix(ulong value) => value ^ (value >> 47);

    private static ulong U64(ReadOnlySpan<byte> s) => BinaryPrimitives.ReadUInt64LittleEndian(s);

    private static uint U32(ReadOnlySpan<byte> s) => BinaryPrimitives.ReadUInt32LittleEndian(s);
}
