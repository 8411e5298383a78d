using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Frames of the wire: identities, the delimiter, the signature, then header, parent header, metadata and content as JSON.</summary>
/// <remarks>Source: "Messaging in Jupyter", section "The wire protocol", version 5.3.</remarks>
internal sealed class MessageCodec(string key)
{
    private const int PartCount = 4;
    private const int MaxDepth = 128;
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly SeenSignatures _seen = new();

    /// <summary>Reads a message; false with a reason when the frames are no message signed with the key, or one that was read before.</summary>
    /// <remarks>Thread safety: one thread at a time.</remarks>
    public bool TryRead(IReadOnlyList<byte[]> frames, [NotNullWhen(true)] out JupyterMessage? message, [NotNullWhen(false)] out string? fault)
    {
        message = null;
        var delimiter = -1;
        for (var i = 0; i < frames.Count && delimiter < 0; i++)
        {
            if (frames[i].AsSpan().SequenceEqual(Delimiter))
                delimiter = i;
        }

        if (delimiter < 0 || frames.Count < delimiter + 2 + PartCount)
        {
            fault = "its frames are incomplete";
            return false;
        }

        var parts = Enumerable.Range(delimiter + 2, PartCount).Select(i => frames[i]).ToArray();
        if (_key.Length > 0 && !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts)), frames[delimiter + 1]))
        {
            fault = "its signature is wrong";
            return false;
        }

        if (_key.Length > 0 && !_seen.Add(frames[delimiter + 1]))
        {
            fault = "its signature was used before";
            return false;
        }

        var nodes = new JsonObject[PartCount];
        for (var i = 0; i < PartCount; i++)
        {
            if (!TryParse(parts[i], out var node))
            {
                fault = "its JSON is malformed";
                return false;
            }

            nodes[i] = node;
        }

        message = new JupyterMessage([.. frames.Take(delimiter)], nodes[0], nodes[1], nodes[2], nodes[3]);
        fault = message.Type.Length == 0 ? "its header names no type" : null;
        return fault is null;
    }

    /// <summary>The frames of a message to send.</summary>
    public List<byte[]> Write(IEnumerable<byte[]> identities, string type, JsonObject content, JsonObject? parentHeader, JsonObject? metadata = null)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = TimeProvider.System.GetUtcNow().ToString("O"),
            ["msg_type"] = type,
            ["version"] = JupyterKernel.ProtocolVersion,
        };
        byte[][] parts = [Bytes(header), Bytes(parentHeader), Bytes(metadata), Bytes(content)];
        return [.. identities, Delimiter, _key.Length > 0 ? Encoding.ASCII.GetBytes(Sign(parts)) : [], .. parts];
    }

    private static byte[] Bytes(JsonObject? node) => node is null ? "{}"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(node, Compact);

    private static bool TryParse(byte[] utf8, [NotNullWhen(true)] out JsonObject? node)
    {
        node = null;
        try
        {
            var parsed = JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) as JsonObject;
            ReadTexts(parsed);
            node = parsed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // The caller says what was wrong with the message as a whole.
        }

        return node is not null;
    }

    // The parser decodes names and texts only when they are asked for, and fails where they are no UTF-8 or half a surrogate pair: better here than there.
    private static void ReadTexts(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, value) in members)
                ReadTexts(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                ReadTexts(item);
        }
        else if (node?.GetValueKind() == JsonValueKind.String)
        {
            node.GetValue<string>();
        }
    }

    private string Sign(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
            hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
