using System.Buffers.Binary;
using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Bundles;

/// <summary>Where and how one key of a bundle is stored.</summary>
/// <remarks>
/// An index of many small tensors is mostly these, so the usual form is read without making a message of it. Only these of protobuf's rules matter:
/// <code>
/// BundleEntry := 08 dtype 12 length Shape [ 18 shard ] [ 20 offset ] [ 28 size ] [ 35 crc32c ]
/// Shape       := { 12 length [ 08 size ] }
/// </code>
/// Whatever has another order, other fields or slices is left to the parser of the message. Source: tensor_bundle.proto. Thread safety: immutable.
/// </remarks>
internal readonly struct StoredEntry
{
    private const int DTypeTag = 0x08;
    private const int ShapeTag = 0x12;
    private const int ShardTag = 0x18;
    private const int OffsetTag = 0x20;
    private const int SizeTag = 0x28;
    private const int CrcTag = 0x35;
    private const int DimTag = 0x12;
    private const int DimSizeTag = 0x08;

    // Rarely has a tensor more; the parser of the message takes any number.
    private const int MostDimensions = 8;

    private readonly Shape? _shape;
    private readonly BundleEntryProto? _message;

    private StoredEntry(DType dtype, Shape shape, int shard, long offset, long size, uint crc) =>
        (DType, _shape, Shard, Offset, Size, Crc32C) = (dtype, shape, shard, offset, size, crc);

    /// <summary>What a message says.</summary>
    public StoredEntry(BundleEntryProto message)
    {
        _message = message;
        (DType, Shard, Offset, Size, Crc32C) = ((DType)message.Dtype, message.ShardId, message.Offset, message.Size, message.Crc32C);
    }

    /// <summary>Element type; a number beyond the known ones if a later release wrote it.</summary>
    public DType DType { get; }

    /// <summary>Number of the data file.</summary>
    public int Shard { get; }

    /// <summary>Unit: bytes from the start of the data file.</summary>
    public long Offset { get; }

    /// <summary>Unit: bytes.</summary>
    public long Size { get; }

    /// <summary>Checksum of the bytes, masked.</summary>
    public uint Crc32C { get; }

    /// <summary>The parts of a partitioned tensor.</summary>
    public IReadOnlyList<TensorSliceProto> Slices => _message is null ? [] : _message.Slices;

    /// <summary>True for a tensor that is stored in parts.</summary>
    public bool IsPartitioned => _message?.Slices.Count > 0;

    /// <summary>The shape, fully known.</summary>
    /// <param name="tensor">Name of the tensor, for messages.</param>
    /// <param name="path">The index, for messages.</param>
    /// <exception cref="CheckpointFormatException">It is not fully known, or has more elements than 63 bits can count.</exception>
    public Shape ConcreteShape(string tensor, string path) => _shape ?? ShapeProtos.ToConcreteShape(_message!.Shape, tensor, path); // There is one of the two.

    /// <summary>The message.</summary>
    public BundleEntryProto ToProto() => _message ?? new BundleEntryProto
    {
        Dtype = (DataType)DType,
        Shape = _shape!.ToProto(), // There is one of the two.
        ShardId = Shard,
        Offset = Offset,
        Size = Size,
        Crc32C = Crc32C,
    };

    /// <summary>Reads an entry of any form.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="previous">Gives its shape where the entry has the same; many neighbours do.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message.</exception>
    public static StoredEntry Parse(ReadOnlySpan<byte> bytes, in StoredEntry previous) =>
        TryParse(bytes, previous._shape, out StoredEntry entry) ? entry : new StoredEntry(BundleEntryProto.Parser.ParseFrom(bytes));

    private static bool TryParse(ReadOnlySpan<byte> bytes, Shape? likely, out StoredEntry entry)
    {
        entry = default;
        ulong shard = 0, offset = 0, size = 0;
        uint crc = 0;
        if (!TryTake(ref bytes, DTypeTag, out ulong dtype) || dtype > int.MaxValue
            || !TryTake(ref bytes, ShapeTag, out ulong length) || length > (ulong)bytes.Length || ShapeOf(bytes[..(int)length], likely) is not { } shape)
        {
            return false;
        }

        bytes = bytes[(int)length..];
        if ((IsNext(bytes, ShardTag) && (!TryTake(ref bytes, ShardTag, out shard) || shard > int.MaxValue))
            || (IsNext(bytes, OffsetTag) && !TryTake(ref bytes, OffsetTag, out offset))
            || (IsNext(bytes, SizeTag) && !TryTake(ref bytes, SizeTag, out size)))
        {
            return false;
        }

        if (IsNext(bytes, CrcTag) && bytes.Length > sizeof(uint))
        {
            crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
            bytes = bytes[(1 + sizeof(uint))..];
        }

        if (!bytes.IsEmpty || offset > long.MaxValue || size > long.MaxValue)
            return false;
        entry = new StoredEntry((DType)(int)dtype, shape, (int)shard, (long)offset, (long)size, crc);
        return true;
    }

    // Null where it is not fully known, too large, or told in another way.
    private static Shape? ShapeOf(ReadOnlySpan<byte> bytes, Shape? likely)
    {
        Span<long> sizes = stackalloc long[MostDimensions];
        Int128 count = 1;
        int rank = 0;
        for (; !bytes.IsEmpty; rank++)
        {
            if (rank == MostDimensions || !TryTake(ref bytes, DimTag, out ulong length) || length > (ulong)bytes.Length)
                return null;
            ReadOnlySpan<byte> dim = bytes[..(int)length];
            ulong size = 0;
            if (!dim.IsEmpty && (!TryTake(ref dim, DimSizeTag, out size) || !dim.IsEmpty || size > long.MaxValue))
                return null;
            bytes = bytes[(int)length..];
            sizes[rank] = (long)size;
            count = size == 0 ? 0 : count * size;
            if (count > long.MaxValue)
                return null;
        }

        return likely is not null && likely.Dimensions.SequenceEqual(sizes[..rank]) ? likely : Shape.Create(sizes[..rank]);
    }

    private static bool IsNext(ReadOnlySpan<byte> bytes, int tag) => !bytes.IsEmpty && bytes[0] == tag;

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, int tag, out ulong value)
    {
        const int bitsOfLong = 63;
        value = 0;
        if (!IsNext(bytes, tag))
            return false;
        for (int i = 1, shift = 0; i < bytes.Length && shift < bitsOfLong; i++, shift += 7)
        {
            value |= (ulong)(bytes[i] & 0x7F) << shift;
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
