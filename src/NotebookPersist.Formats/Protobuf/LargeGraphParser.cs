using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Parses large stored graphs with all cores.</summary>
/// <remarks>
/// The bytes of messages of one type, put together, are a message with the fields of all of them, in order. So a graph can be cut between any two of
/// its fields, and each part is a graph. Nearly all of a graph are its nodes, and all of a node is a map, which takes long to fill.
/// Thread safety: all members may be called from any thread.
/// </remarks>
internal static class LargeGraphParser
{
    /// <summary>Smaller graphs are parsed before another thread has begun. Unit: bytes.</summary>
    public const int LargeFrom = 1 << 17;

    // What is left of a core that has other things to do waits for nobody.
    private const int PartsACore = 4;

    private const int GraphDefTag = MetaGraphDef.GraphDefFieldNumber << 3 | 2;

    /// <summary>Parses a large graph, or a meta graph with one.</summary>
    /// <param name="bytes">The whole message.</param>
    /// <param name="message">The message, as the parser of protobuf makes it.</param>
    /// <returns>False where there is nothing to gain, or the bytes do not parse: protobuf's own parser tells then why.</returns>
    public static bool TryParse<T>(byte[] bytes, [NotNullWhen(true)] out T? message)
        where T : IMessage, new()
    {
        message = default;
        if (bytes.Length < LargeFrom || Environment.ProcessorCount == 1)
            return false;
        IMessage? parsed = typeof(T) == typeof(GraphDef) ? Graph(bytes, 0, bytes.Length) : typeof(T) == typeof(MetaGraphDef) ? MetaGraph(bytes) : null;
        if (parsed is null)
            return false;
        message = (T)parsed;
        return true;
    }

    private static MetaGraphDef? MetaGraph(byte[] bytes)
    {
        (int Start, int Content, int End)? found = null;
        for (int at = 0; at < bytes.Length;)
        {
            if (Field(bytes, at, bytes.Length) is not { } field)
                return null;
            if (field.Tag == GraphDefTag)
            {
                if (found is not null)
                    return null; // Two graphs are merged, which is for protobuf to do.
                found = (at, field.Content, field.End);
            }

            at = field.End;
        }

        if (found is not { } graph || graph.End - graph.Content < LargeFrom || Graph(bytes, graph.Content, graph.End) is not { } graphDef)
            return null;
        var meta = new MetaGraphDef();
        if (!TryMerge(meta, bytes, 0, graph.Start) || !TryMerge(meta, bytes, graph.End, bytes.Length))
            return null;
        meta.GraphDef = graphDef;
        return meta;
    }

    private static GraphDef? Graph(byte[] bytes, int start, int end)
    {
        if (Cuts(bytes, start, end) is not { } cuts)
            return null;
        var parts = new GraphDef?[cuts.Count - 1];
        Parallel.For(0, parts.Length, i =>
        {
            var part = new GraphDef();
            if (TryMerge(part, bytes, cuts[i], cuts[i + 1]))
                parts[i] = part;
        });

        var whole = new GraphDef();
        foreach (GraphDef? part in parts)
        {
            if (part is null)
                return null;
            whole.MergeFrom(part);
        }

        return whole;
    }

    // Where one part ends and the next begins, both ends included.
    private static List<int>? Cuts(byte[] bytes, int start, int end)
    {
        int step = Math.Max((end - start) / (Environment.ProcessorCount * PartsACore), LargeFrom / PartsACore);
        List<int> cuts = [start];
        for (int at = start; at < end;)
        {
            if (Field(bytes, at, end) is not { } field)
                return null;
            at = field.End;
            if (at - cuts[^1] >= step || at == end)
                cuts.Add(at);
        }

        return cuts;
    }

    private static bool TryMerge(IMessage message, byte[] bytes, int start, int end)
    {
        try
        {
            message.MergeFrom(new CodedInputStream(bytes, start, end - start));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    // A field at a position, where its content begins, and where it ends; null where it is none or does not end.
    private static (ulong Tag, int Content, int End)? Field(byte[] bytes, int at, int end)
    {
        if (Varint(bytes, ref at, end) is not { } tag)
            return null;
        int content = at;
        switch (tag & 7)
        {
            case 0:
                return Varint(bytes, ref at, end) is null ? null : (tag, content, at);
            case 1:
                return end - at < sizeof(ulong) ? null : (tag, content, at + sizeof(ulong));
            case 2:
                if (Varint(bytes, ref at, end) is not { } length || length > (ulong)(end - at))
                    return null;
                return (tag, at, at + (int)length);
            case 5:
                return end - at < sizeof(uint) ? null : (tag, content, at + sizeof(uint));
            default:
                return null;
        }
    }

    private static ulong? Varint(byte[] bytes, ref int at, int end)
    {
        const int bits = 64;
        ulong value = 0;
        for (int shift = 0; shift < bits && at < end; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        return null;
    }
}
