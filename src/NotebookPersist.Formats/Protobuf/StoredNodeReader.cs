using System.Text;
using System.Text.Unicode;
using Google.Protobuf;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Reads nodes of a stored graph; texts and small values that recur are made once.</summary>
/// <remarks>
/// Whatever is not written as TensorFlow writes it is left to protobuf's own parser:
/// <code>
/// NodeDef   := { 0A length name | 12 length op | 1A length input | 22 length device | 2A length AttrEntry }
/// AttrEntry := 0A length key, 12 length AttrValue
/// </code>
/// Thread safety: none.
/// </remarks>
internal sealed class StoredNodeReader(string path)
{
    // Longer texts and values seldom recur.
    private const int MostCharacters = 256;
    private const int MostSharedByteCount = 48;

    // No operation has so many; each is compared with those before.
    private const int MostAttributes = 64;

    private const byte TensorTag = (AttrValue.TensorFieldNumber << 3) | (int)WireType.Bytes;
    private const byte FunctionTag = (AttrValue.FuncFieldNumber << 3) | (int)WireType.Bytes;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttrValue> _values = new(StringComparer.Ordinal);
    private readonly List<string> _inputs = [];
    private readonly List<KeyValuePair<string, AttrValue>> _attrs = [];

    /// <summary>Reads a node.</summary>
    /// <param name="bytes">The message of the node.</param>
    /// <returns>Null where it is written in another way.</returns>
    /// <exception cref="CheckpointFormatException">A field does not end.</exception>
    /// <exception cref="InvalidProtocolBufferException">A value is damaged.</exception>
    public StoredNode? TryRead(ReadOnlySpan<byte> bytes)
    {
        string name = "", op = "", device = "";
        _inputs.Clear();
        _attrs.Clear();
        var reader = new BoundedReader(bytes, path, 0, "node");
        while (reader.Remaining > 0)
        {
            (ulong field, WireType wire) = WireFields.ReadTag(ref reader);
            if (wire != WireType.Bytes)
                return null;
            ReadOnlySpan<byte> content = reader.ReadBytes(reader.ReadLength());
            // The parser refuses bytes that are no text.
            if (field != NodeDef.AttrFieldNumber && !Utf8.IsValid(content))
                return null;
            switch (field)
            {
                case NodeDef.NameFieldNumber:
                    name = Text(content);
                    break;
                case NodeDef.OpFieldNumber:
                    op = Text(content);
                    break;
                case NodeDef.InputFieldNumber:
                    _inputs.Add(Text(content));
                    break;
                case NodeDef.DeviceFieldNumber:
                    device = Text(content);
                    break;
                case NodeDef.AttrFieldNumber when TryReadAttr(content):
                    break;
                default:
                    return null;
            }
        }

        return new StoredNode(name, op, device, [.. _inputs], [.. _attrs]);
    }

    private bool TryReadAttr(ReadOnlySpan<byte> bytes)
    {
        var reader = new BoundedReader(bytes, path, 0, "attribute");
        if (WireFields.ReadTag(ref reader) != (1, WireType.Bytes))
            return false;
        ReadOnlySpan<byte> name = reader.ReadBytes(reader.ReadLength());
        if (!Utf8.IsValid(name))
            return false;
        string key = Text(name);
        if (reader.Remaining == 0 || WireFields.ReadTag(ref reader) != (2, WireType.Bytes))
            return false;
        AttrValue value = Value(key, reader.ReadBytes(reader.ReadLength()));

        // Functions nest, and the parser counts their depth from the whole message.
        if (value.ValueCase == AttrValue.ValueOneofCase.Func || value.List?.Func.Count > 0)
            return false;
        if (reader.Remaining > 0 || _attrs.Count == MostAttributes)
            return false;
        foreach ((string known, _) in _attrs)
        {
            if (known == key)
                return false;
        }

        _attrs.Add(new(key, value));
        return true;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "";
        if (bytes.Length > MostCharacters)
            return Encoding.UTF8.GetString(bytes);
        Span<char> characters = stackalloc char[MostCharacters];
        ReadOnlySpan<char> text = characters[..Encoding.UTF8.GetChars(bytes, characters)];
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> texts = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!texts.TryGetValue(text, out string? known))
            _texts.Add(known = text.ToString());
        return known;
    }

    private AttrValue Value(string key, ReadOnlySpan<byte> bytes)
    {
        // Colocations are renamed where they lie; tensors become constants of one node each.
        if (bytes.Length > MostSharedByteCount || bytes.IsEmpty || bytes[0] is TensorTag or FunctionTag || key == "_class")
            return AttrValue.Parser.ParseFrom(bytes);
        Span<char> characters = stackalloc char[MostSharedByteCount];
        ReadOnlySpan<char> text = characters[..Encoding.Latin1.GetChars(bytes, characters)];
        Dictionary<string, AttrValue>.AlternateLookup<ReadOnlySpan<char>> values = _values.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!values.TryGetValue(text, out AttrValue? known))
            _values.Add(text.ToString(), known = AttrValue.Parser.ParseFrom(bytes));
        return known;
    }
}
