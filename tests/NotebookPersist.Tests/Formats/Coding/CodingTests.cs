using System.Buffers;
using CsCheck;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Coding;
using Xunit;

namespace NotebookPersist.Tests.Formats.Coding;

public sealed class CodingTests
{
    [Fact]
    public void Checksum_agrees_with_the_vectors_of_rfc_3720()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        byte[] ones = new byte[32];
        Array.Fill(ones, (byte)0xFF);
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(ones));
        Assert.Equal(0u, Crc32C.Compute([]));
        Assert.Equal(0xC78AB0E5u, Crc32C.Mask(0xE3069283));
        Assert.Equal(0xE3069283u, Crc32C.Unmask(0xC78AB0E5));
        Assert.Equal(0xA282EAD8u, Crc32C.Mask(0));
    }

    [Fact]
    public void Checksum_by_hardware_equals_that_by_table_at_all_lengths_around_the_streams()
    {
        byte[] data = new byte[40_000];
        new Random(1).NextBytes(data);
        foreach (int length in new[] { 0, 1, 7, 8, 9, 63, 4095, 12_287, 12_288, 12_289, 24_576, 24_583, 39_999 })
        {
            ReadOnlySpan<byte> span = data.AsSpan(1, length);
            uint expected = Crc32C.ComputeByTable(span);
            Assert.Equal(expected, Crc32C.Compute(span));
            Assert.Equal(expected, Crc32C.Extend(Crc32C.Compute(span[..(length / 3)]), span[(length / 3)..]));
        }
    }

    [Theory]
    [InlineData(0, "80")]
    [InlineData(-1, "7f")]
    [InlineData(1, "81")]
    [InlineData(63, "bf")]
    [InlineData(-64, "40")]
    [InlineData(64, "c040")]
    [InlineData(-65, "3fbf")]
    [InlineData(100, "c064")]
    [InlineData(1000, "c3e8")]
    [InlineData(8191, "dfff")]
    [InlineData(8192, "e02000")]
    [InlineData(1000000, "ef4240")]
    [InlineData(-1000000, "10bdc0")]
    public void Ordered_signed_numbers_have_tensorflows_bytes(long value, string hex)
    {
        ArrayBufferWriter<byte> writer = new();
        OrderedCode.WriteSigned(writer, value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));
    }

    [Fact]
    public void Ordered_signed_numbers_read_back_and_sort_as_numbers()
    {
        List<long> values = [long.MinValue, long.MaxValue, 0];
        for (int bit = 0; bit < 63; bit++)
        {
            for (int step = -1; step <= 1; step++)
            {
                values.Add((1L << bit) + step);
                values.Add(-(1L << bit) + step);
            }
        }

        values.Sort();
        byte[]? previous = null;
        foreach (long value in values.Distinct())
        {
            ArrayBufferWriter<byte> writer = new();
            OrderedCode.WriteSigned(writer, value);
            BoundedReader reader = new(writer.WrittenSpan, "test", 0, "number");
            Assert.Equal(value, OrderedCode.ReadSigned(ref reader));
            Assert.Equal(0, reader.Remaining);
            byte[] bytes = writer.WrittenSpan.ToArray();
            Assert.True(previous is null || previous.AsSpan().SequenceCompareTo(bytes) < 0, $"{value} does not sort above its predecessor");
            previous = bytes;
        }
    }

    [Theory]
    [InlineData("w", "-:-", "00770001010280" + "7f807f")]
    [InlineData("embedding/weights", "0,1000:0,64", "00656d62656464696e672f776569676874730001010280c3e880c040")]
    [InlineData("embedding/weights", "1000,1000:0,64", "00656d62656464696e672f7765696768747300010102c3e8c3e880c040")]
    [InlineData("v", "", "0076000100")]
    public void Slice_keys_have_tensorflows_bytes(string name, string slice, string hex)
    {
        byte[] key = SliceKey.Encode(TensorName.Encode(name), TensorSlice.Parse(slice));
        Assert.Equal(hex, Convert.ToHexStringLower(key));
        (byte[] readName, TensorSlice readSlice) = SliceKey.Decode(key, "test");
        Assert.Equal(name, TensorName.Decode(readName));
        Assert.Equal(TensorSlice.Parse(slice), readSlice);
    }

    [Fact]
    public void Names_of_any_bytes_survive_as_strings()
    {
        byte[][] names = ["plain"u8.ToArray(), [0x66, 0xFF, 0xFF, 0xFF], [0x6E, 0x00, 0x61], "中文/权重"u8.ToArray(), [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0xC3]];
        foreach (byte[] name in names)
            Assert.Equal(name, TensorName.Encode(TensorName.Decode(name)));
        Assert.Equal("f\uDCFF\uDCFF\uDCFF", TensorName.Decode([0x66, 0xFF, 0xFF, 0xFF]));
        Assert.Throws<ArgumentException>(() => TensorName.Encode("a\uD800"));
    }

    [Theory]
    [InlineData("0,3:x,3", "Expected a pair of numbers or '-' but got 'x,3'")]
    [InlineData("0,0", "Expected non-negative start and positive length but got start = 0, length = 0")]
    public void Slice_texts_are_refused_in_tensorflows_words(string text, string message)
        => Assert.Contains(message, Assert.Throws<FormatException>(() => TensorSlice.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Checksums_of_parts_combine_to_that_of_the_whole() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 70_000]).Sample(static (first, second) =>
            Crc32C.Combine(Crc32C.Compute(first), Crc32C.Compute(second), second.Length) == Crc32C.Compute([.. first, .. second]));
}
