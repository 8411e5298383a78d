using NotebookPersist.Formats;
using NotebookPersist.Formats.Records;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Records;

public sealed class RecordTests
{
    [Fact]
    public void The_documented_example_is_what_is_written_and_read()
    {
        byte[] example = FormatDocument.HexExample(File.ReadAllLines(FormatDocument.Path("Records")));

        // These twelve bytes begin every event file that TensorFlow writes.
        Assert.Equal("1800000000000000", Convert.ToHexStringLower(example[..8]));
        Assert.Equal("a37f4b22", Convert.ToHexStringLower(example[8..12]));
        using var written = new MemoryStream();
        byte[] data = [.. example[12..^4]];
        new RecordWriter(written).Write(data);
        Assert.Equal(example, written.ToArray());
        Event first = Event.Parser.ParseFrom(data);
        Assert.Equal((1.0, "brain.Event:2"), (first.WallTime, first.FileVersion));
    }

    [Fact]
    public void Records_of_all_lengths_come_back()
    {
        using var folder = new TemporaryFolder();
        byte[][] records = [.. new[] { 0, 1, 7, 8, 4096, 100_000 }.Select(static n => Enumerable.Range(0, n).Select(static i => (byte)(i * 7)).ToArray())];
        using (FileStream file = File.Create(folder["r"]))
        {
            var writer = new RecordWriter(file);
            foreach (byte[] record in records)
                writer.Write(record);
        }

        Assert.Equal(records, RecordReader.Read(folder["r"]).ToArray());
    }

    [Fact]
    public void Every_cut_and_every_flipped_bit_is_noticed()
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        var writer = new RecordWriter(stream);
        writer.Write("first"u8);
        writer.Write("second"u8);
        byte[] whole = stream.ToArray();
        for (int length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            int complete = length < 21 ? 0 : 1;
            Assert.Equal(complete, RecordReader.Read(folder["cut"], allowOpenEnd: true).Count());
            if (length != 21)
                Assert.Equal(CheckpointFault.Truncated, Assert.Throws<CheckpointFormatException>(() => RecordReader.Read(folder["cut"]).Count()).Fault);
        }

        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder["flipped"], flipped);
            Assert.Throws<CheckpointFormatException>(() => RecordReader.Read(folder["flipped"]).Count());
        }
    }

    // A length that is not there, with a checksum that fits, must not take memory.
    [Fact]
    public void A_forged_length_takes_no_memory()
    {
        using var folder = new TemporaryFolder();
        byte[] length = BitConverter.GetBytes(long.MaxValue);
        File.WriteAllBytes(folder["forged"], [.. length, .. BitConverter.GetBytes(NotebookPersist.Formats.Coding.Crc32C.Mask(NotebookPersist.Formats.Coding.Crc32C.Compute(length))), 1, 2, 3, 4, 5]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CheckpointFormatException>(() => RecordReader.Read(folder["forged"]).Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
