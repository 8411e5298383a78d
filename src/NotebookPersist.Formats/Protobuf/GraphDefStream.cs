using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Reads a stored graph node by node; large contents of constants are handed over as they pass by and are not held here.</summary>
/// <remarks>
/// Only these of protobuf's rules matter:
/// <code>
/// GraphDef    := { 0A length NodeDef | other field }
/// NodeDef     := { 0A length name | 2A length AttrEntry | other field }
/// AttrEntry   := 0A length key, 12 length AttrValue
/// AttrValue   := { 42 length TensorProto | other field }
/// TensorProto := { 22 length content | other field }
/// </code>
/// Thread safety: none.
/// </remarks>
public sealed class GraphDefStream
{
    /// <summary>Contents smaller than this are read as the rest of the graph is. Unit: bytes.</summary>
    public const int LargeFrom = 1 << 16;

    private const int NameTag = 0x0A;
    private const int AttrTag = 0x2A;

    // From a node down to the content of its attribute's tensor.
    private static readonly uint[] ContentPath = [AttrTag, 0x12, 0x42, 0x22];

    private readonly Stream _stream;
    private readonly string _path;
    private readonly LargeContent _large;
    private readonly List<KeyValuePair<string, AttrValue>> _attrs = [];
    private long _position;
    private string _node = "";
    private ByteString? _content;

    private GraphDefStream(Stream stream, string path, LargeContent large) => (_stream, _path, _large) = (stream, path, large);

    /// <summary>Takes a large content as it passes by.</summary>
    /// <param name="node">Name of the node; empty where the file tells it only later.</param>
    /// <param name="byteCount">Unit: bytes; all of them must be read.</param>
    /// <param name="stream">Stands at the first of them.</param>
    /// <returns>What stands for the content in the graph.</returns>
    public delegate ByteString LargeContent(string node, int byteCount, Stream stream);

    /// <summary>Reads a graph.</summary>
    /// <param name="stream">Stands at the beginning of the graph.</param>
    /// <param name="byteCount">Unit: bytes; the length of the graph.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <param name="large">Takes large contents.</param>
    /// <exception cref="CheckpointFormatException">The bytes are no graph.</exception>
    public static GraphDef Read(Stream stream, long byteCount, string path, LargeContent large)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(large);
        return new GraphDefStream(stream, path, large).ReadGraph(byteCount);
    }

    private GraphDef ReadGraph(long end)
    {
        var graph = new GraphDef();
        using var rest = new MemoryStream();
        while (_position < end)
        {
            uint tag = ReadTag(end);
            if (tag != NameTag)
            {
                CopyField(tag, end, rest);
                continue;
            }

            int length = ReadLength(end);
            (_node, _content) = ("", null);
            _attrs.Clear();
            using MemoryStream skeleton = Skim(ContentPath, _position + length);
            NodeDef node = Parse(NodeDef.Parser, skeleton.ToArray());
            foreach ((string key, AttrValue value) in _attrs)
                node.Attr[key] = value;
            graph.Node.Add(node);
        }

        graph.MergeFrom(Parse(GraphDef.Parser, rest.ToArray()));
        return graph;
    }

    // The message without its large content, which goes to whoever takes it.
    private MemoryStream Skim(ReadOnlySpan<uint> path, long end)
    {
        var kept = new MemoryStream();
        bool isNode = path.Length == ContentPath.Length;
        while (_position < end)
        {
            uint tag = ReadTag(end);
            if (tag != path[0])
            {
                int start = (int)kept.Length;
                CopyField(tag, end, kept);
                if (isNode && tag == NameTag)
                    _node = Parse(NodeDef.Parser, kept.GetBuffer().AsSpan(start, (int)kept.Length - start).ToArray()).Name;
                continue;
            }

            int length = ReadLength(end);
            if (length < LargeFrom)
            {
                Append(kept, tag, ReadBytes(length));
                continue;
            }

            if (path.Length == 1)
            {
                _content = _large(_node, length, _stream);
                _position += length;
                continue;
            }

            using MemoryStream inner = Skim(path[1..], _position + length);
            if (isNode && _content is not null)
                TakeAttr(inner);
            else
                Append(kept, tag, inner.ToArray());
        }

        return kept;
    }

    private void TakeAttr(MemoryStream entry)
    {
        using var node = new MemoryStream();
        Append(node, AttrTag, entry.ToArray());
        (string key, AttrValue value) = Parse(NodeDef.Parser, node.ToArray()).Attr.Single();
        value.Tensor.TensorContent = _content;
        _attrs.Add(KeyValuePair.Create(key, value));
        _content = null;
    }

    private void CopyField(uint tag, long end, MemoryStream target)
    {
        const int fixed64 = 8;
        const int fixed32 = 4;
        switch (tag & 7)
        {
            case 0:
                WriteVarint(target, tag);
                WriteVarint(target, ReadVarint(end));
                break;
            case 1:
                WriteVarint(target, tag);
                target.Write(ReadBytes(Within(fixed64, end)));
                break;
            case 2:
                Append(target, tag, ReadBytes(ReadLength(end)));
                break;
            case 5:
                WriteVarint(target, tag);
                target.Write(ReadBytes(Within(fixed32, end)));
                break;
            default:
                throw Fault(CheckpointFault.BadMessage, $"a field has the unknown wire type {tag & 7}");
        }
    }

    private T Parse<T>(MessageParser<T> parser, byte[] bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Fault(CheckpointFault.BadMessage, e.Message);
        }
    }

    private uint ReadTag(long end)
    {
        ulong tag = ReadVarint(end);
        return tag is > 7 and <= uint.MaxValue ? (uint)tag : throw Fault(CheckpointFault.BadMessage, $"{tag} is no field tag");
    }

    private int ReadLength(long end)
    {
        ulong length = ReadVarint(end);
        return length <= (ulong)(end - _position) && length <= (ulong)Array.MaxLength
            ? (int)length
            : throw Fault(CheckpointFault.Truncated, $"a field of {length} bytes does not fit the {end - _position} that are left");
    }

    private int Within(int count, long end) => count <= end - _position ? count : throw Fault(CheckpointFault.Truncated, "a number is cut off");

    private ulong ReadVarint(long end)
    {
        const int mostBits = 63;
        ulong value = 0;
        for (int shift = 0; shift <= mostBits; shift += 7)
        {
            int next = _position < end ? _stream.ReadByte() : -1;
            if (next < 0)
                throw Fault(CheckpointFault.Truncated, "a number is cut off");
            _position++;
            value |= unchecked((ulong)(next & 0x7F) << shift);
            if (next < 0x80)
                return value;
        }

        throw Fault(CheckpointFault.BadMessage, "a number has more than 64 bits");
    }

    private byte[] ReadBytes(int count)
    {
        byte[] bytes = new byte[count];
        if (_stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) < count)
            throw Fault(CheckpointFault.Truncated, $"{count} bytes are cut off");
        _position += count;
        return bytes;
    }

    private static void Append(MemoryStream target, uint tag, ReadOnlySpan<byte> bytes)
    {
        WriteVarint(target, tag);
        WriteVarint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void WriteVarint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            target.WriteByte((byte)((value & 0x7F) | 0x80));
        target.WriteByte((byte)value);
    }

    private CheckpointFormatException Fault(CheckpointFault fault, string problem) =>
        new($"Cannot read '{_path}' as a graph, near byte {_position}: {problem}.", fault, _path, _position);
}
