using System.Buffers.Binary;

namespace NotebookPersist.Kernels.Audio;

/// <summary>Sound files of 16 bits: RIFF, a format chunk (PCM), then the samples.</summary>
/// <remarks>Source: "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft), the WAVE form.</remarks>
public static class WaveFile
{
    private const int HeaderByteCount = 44;
    private const float Scale = 1 << 15;

    /// <summary>Makes a file.</summary>
    /// <param name="samples">From -1 to 1; what lies outside is cut off. The channels of a moment follow each other.</param>
    /// <param name="channels">Channels of a moment.</param>
    /// <param name="rate">Moments a second.</param>
    public static byte[] Write(ReadOnlySpan<float> samples, int channels, int rate)
    {
        byte[] wave = new byte[HeaderByteCount + (samples.Length * sizeof(short))];
        Span<byte> header = wave;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], wave.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], rate * channels * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)(channels * sizeof(short)));
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], samples.Length * sizeof(short));
        for (int i = 0; i < samples.Length; i++)
        {
            float sample = Math.Clamp(MathF.Round(samples[i] * Scale, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(header[(HeaderByteCount + (i * sizeof(short)))..], (short)sample);
        }

        return wave;
    }

    /// <summary>Reads a file.</summary>
    /// <returns>Samples from -1 to 1, channels of a moment after each other.</returns>
    /// <exception cref="FormatException">It is damaged, compressed, or not of 16 bits.</exception>
    public static (float[] Samples, int Channels, int Rate) Read(ReadOnlySpan<byte> file)
    {
        Expect(file, 0, "RIFF"u8);
        Expect(file, 8, "WAVE"u8);
        Expect(file, 12, "fmt "u8);
        uint size = file.Length >= 36 ? BinaryPrimitives.ReadUInt32LittleEndian(file[16..]) : 0;
        if (size is not (16 or 18))
            throw new FormatException($"Bad file size for WAV: Expected 16 or 18, but got {size}");
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(file[20..]);
        if (coding != 1)
            throw new FormatException($"Bad audio format for WAV: Expected 1 (PCM), but got {coding}");
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(file[22..]);
        if (channels < 1)
            throw new FormatException($"Bad number of channels for WAV: Expected at least 1, but got {channels}");
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(file[24..]);
        uint bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(file[28..]);
        int bytesPerMoment = BinaryPrimitives.ReadUInt16LittleEndian(file[32..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[34..]);
        if (bits != 16)
            throw new FormatException($"Can only read 16-bit WAV files, but received {bits}");
        if (bytesPerMoment != channels * sizeof(short))
            throw new FormatException($"Bad bytes per sample in WAV header: Expected {channels * sizeof(short)} but got {bytesPerMoment}");
        if (bytesPerSecond != unchecked((uint)bytesPerMoment * rate))
            throw new FormatException($"Bad bytes per second in WAV header: Expected {unchecked((uint)bytesPerMoment * rate)} but got {bytesPerSecond} (sample_rate={rate}, bytes_per_sample={bytesPerMoment})");
        return (ReadSamples(file, 20 + (int)size, bytesPerMoment), channels, unchecked((int)rate));
    }

    private static float[] ReadSamples(ReadOnlySpan<byte> file, int start, int bytesPerMoment)
    {
        float[]? samples = null;
        for (long at = start; at < file.Length;)
        {
            if (at + 8 > file.Length)
                throw new FormatException("Data too short when trying to read string");
            ReadOnlySpan<byte> chunk = file[(int)at..];
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (size > int.MaxValue)
                throw new FormatException($"WAV data chunk is too large: {size} bytes, but the limit is {int.MaxValue}");
            if (chunk.StartsWith("data"u8))
            {
                if (samples is not null)
                    throw new FormatException("More than one data chunk found in WAV");
                int byteCount = (int)size / bytesPerMoment * bytesPerMoment;
                if (byteCount > chunk.Length - 8)
                    throw new FormatException("Data too short when trying to read string");
                samples = new float[byteCount / sizeof(short)];
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(chunk[(8 + (i * sizeof(short)))..]) * (1 / Scale);
                size = (uint)byteCount;
            }

            at += 8 + (long)size;
        }

        return samples ?? throw new FormatException("No data chunk found in WAV");
    }

    private static void Expect(ReadOnlySpan<byte> file, int at, ReadOnlySpan<byte> text)
    {
        if (file.Length < at + text.Length)
            throw new FormatException("Data too short when trying to read string");
        if (!file[at..].StartsWith(text))
            throw new FormatException($"Header mismatch: Expected {System.Text.Encoding.ASCII.GetString(text)} at byte {at}");
    }
}
