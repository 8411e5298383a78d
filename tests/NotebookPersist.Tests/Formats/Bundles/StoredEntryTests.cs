using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Bundles;

/// <summary>Entries are read as the parser of the message reads them, whatever their form.</summary>
public sealed class StoredEntryTests
{
    private static readonly long[] Sizes = [0, 1, 2, 127, 128, 300, 1L << 20, int.MaxValue, 1L << 40, long.MaxValue, -1, -2, long.MinValue];

    [Fact]
    public void Random_entries_read_as_their_messages()
    {
        var random = new Random(20151109);
        StoredEntry previous = default;
        for (int i = 0; i < 5000; i++)
        {
            var message = new BundleEntryProto
            {
                Dtype = (DataType)random.Next(-1, 25),
                ShardId = random.Next(10) == 0 ? -1 : random.Next(3),
                Offset = Sizes[random.Next(Sizes.Length)],
                Size = Sizes[random.Next(Sizes.Length)],
                Crc32C = random.Next(4) == 0 ? 0 : (uint)random.NextInt64(1L << 32),
            };
            if (random.Next(20) != 0)
            {
                message.Shape = new TensorShapeProto { UnknownRank = random.Next(30) == 0 };
                for (int d = random.Next(12); d > 0; d--)
                    message.Shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = random.Next(3) == 0 ? Sizes[random.Next(Sizes.Length)] : random.Next(9), Name = random.Next(40) == 0 ? "rows" : "" });
            }

            if (random.Next(10) == 0)
                message.Slices.Add(new TensorSliceProto { Extent = { new TensorSliceProto.Types.Extent { Start = 1, Length = 2 } } });
            previous = AssertReads(message.ToByteArray(), previous);
        }
    }

    [Fact]
    public void Bytes_that_no_writer_makes_read_as_the_parser_reads_them()
    {
        byte[] usual = new BundleEntryProto { Dtype = DataType.DtFloat, Shape = Of(2, 300), ShardId = 1, Offset = 70000, Size = 2400, Crc32C = 0x01020304 }.ToByteArray();
        for (int length = 0; length <= usual.Length; length++)
            AssertReads(usual[..length], default);
        for (int bit = 0; bit < usual.Length * 8; bit++)
        {
            byte[] flipped = [.. usual];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertReads(flipped, default);
        }

        AssertReads([.. usual, .. usual], default); // The later value counts, and the shape is longer.
        AssertReads([.. usual, 0x78, 0x05], default); // A field of a later release.
        AssertReads([0x20, 0x05, .. usual], default);
        AssertReads([0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, .. usual[2..]], default); // Longer than needed.
        AssertReads([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, .. usual[2..]], default); // More than 32 bits.
    }

    [Fact]
    public void Neighbours_of_the_same_shape_share_it_and_others_do_not()
    {
        StoredEntry first = StoredEntry.Parse(Entry(2, 3), default), second = StoredEntry.Parse(Entry(2, 3), first), third = StoredEntry.Parse(Entry(3, 2), second);
        Shape shape = first.ConcreteShape("t", "index");
        Assert.Equal([2, 3], shape);
        Assert.Same(shape, second.ConcreteShape("t", "index"));
        Assert.Equal([3, 2], third.ConcreteShape("t", "index"));
        Assert.Equal(Shape.Scalar, StoredEntry.Parse(Entry(), third).ConcreteShape("t", "index"));
    }

    private static byte[] Entry(params long[] sizes) => new BundleEntryProto { Dtype = DataType.DtFloat, Shape = Of(sizes), Size = 4 }.ToByteArray();

    private static TensorShapeProto Of(params long[] sizes) => Shape.Create(sizes).ToProto();

    private static StoredEntry AssertReads(byte[] bytes, StoredEntry previous)
    {
        BundleEntryProto expected;
        try
        {
            expected = BundleEntryProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            Assert.Throws<InvalidProtocolBufferException>(() => StoredEntry.Parse(bytes, previous));
            return previous;
        }

        StoredEntry found = StoredEntry.Parse(bytes, previous);
        Assert.Equal(expected, found.ToProto());
        Assert.Equal(
            (expected.Dtype, expected.ShardId, expected.Offset, expected.Size, expected.Crc32C, expected.Slices.Count > 0, expected.Slices.Count),
            ((DataType)found.DType, found.Shard, found.Offset, found.Size, found.Crc32C, found.IsPartitioned, found.Slices.Count));
        Assert.Equal(Told(() => ShapeProtos.ToConcreteShape(expected.Shape, "t", "index")), Told(() => found.ConcreteShape("t", "index")));
        return found;
    }

    private static string Told(Func<Shape> shape)
    {
        try
        {
            return shape().ToString();
        }
        catch (CheckpointFormatException fault)
        {
            return fault.Message;
        }
    }
}
