using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels.Randoms;

/// <summary>The counter-based random generator Philox 4x32 with ten rounds: four 32-bit numbers a step, any step reachable at once.</summary>
/// <remarks>
/// A value: copies run on independently from where they were copied, which is how threads share one stream.
/// Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011), keyed and counted as TensorFlow's PhiloxRandom.
/// </remarks>
public struct Philox
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;

    private readonly uint _key0;
    private readonly uint _key1;
    private uint _counter0;
    private uint _counter1;
    private uint _counter2;
    private uint _counter3;

    /// <summary>A stream chosen by two seeds: the first is the key, the second the upper half of the counter.</summary>
    public Philox(ulong seed, ulong seed2)
    {
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        (_counter2, _counter3) = ((uint)seed2, (uint)(seed2 >> 32));
    }

    /// <summary>A stream of a given key, from a given counter on.</summary>
    public Philox(PhiloxBlock counter, uint key0, uint key1)
    {
        (_key0, _key1) = (key0, key1);
        (_counter0, _counter1, _counter2, _counter3) = (counter.X, counter.Y, counter.Z, counter.W);
    }

    /// <summary>The stream that TensorFlow's stateless operations draw from: the seeds are scrambled first.</summary>
    public static Philox Scrambled(ulong seed0, ulong seed1)
    {
        PhiloxBlock mix = Mix(seed0, seed1);
        return new Philox(new PhiloxBlock(0, 0, mix.Z, mix.W), mix.X, mix.Y);
    }

    /// <summary>Two seeds scrambled: the key of a stream, and the upper half of its counter.</summary>
    public static PhiloxBlock Mix(ulong seed0, ulong seed1)
    {
        var counter = new PhiloxBlock((uint)seed0, (uint)(seed0 >> 32), (uint)seed1, (uint)(seed1 >> 32));
        return new Philox(counter, 0x3ec8f720, 0x02461e29).Next();
    }

    /// <summary>Goes over a number of steps.</summary>
    /// <param name="steps">Unit: blocks of four numbers.</param>
    public void Skip(ulong steps)
    {
        uint low = (uint)steps;
        uint high = (uint)(steps >> 32);
        unchecked
        {
            _counter0 += low;
            if (_counter0 < low)
                high++;
            _counter1 += high;
            if (_counter1 < high && ++_counter2 == 0)
                _counter3++;
        }
    }

    /// <summary>The next four numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PhiloxBlock Next()
    {
        (uint c0, uint c1, uint c2, uint c3) = (_counter0, _counter1, _counter2, _counter3);
        (uint k0, uint k1) = (_key0, _key1);
        unchecked
        {
            for (int round = 0; round < 10; round++)
            {
                ulong a = (ulong)MultiplierA * c0;
                ulong b = (ulong)MultiplierB * c2;
                c0 = (uint)(b >> 32) ^ c1 ^ k0;
                c1 = (uint)b;
                c2 = (uint)(a >> 32) ^ c3 ^ k1;
                c3 = (uint)a;
                k0 += WeylA;
                k1 += WeylB;
            }

            if (++_counter0 == 0 && ++_counter1 == 0 && ++_counter2 == 0)
                _counter3++;
        }

        return new PhiloxBlock(c0, c1, c2, c3);
    }
}
