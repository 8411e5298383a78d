using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using NotebookPersist.Formats.Coding;
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

    /// <summary>Parses a large graph, or a meta graph with one.</summary>
    /// <param name="bytes">The whole message.</param>
    /// <param name="path">Where they came from.</param>
    /// <param name="message">The message, as the parser of protobuf makes it.</param>
    /// <returns>False where there is nothing to gain, or the bytes do not parse: protobuf's own parser tells then why.</returns>
    public static bool TryParse<T>(byte[] bytes, string path, [NotNullWhen(true)] out T? message)
        where T : IMessage, new()
    {
        message = default;
        if (bytes.Length < LargeFrom || Environment.ProcessorCount == 1)
            return false;
        try
        {
            IMessage? parsed = typeof(T) == typeof(GraphDef) ? Graph(bytes, 0, bytes.Length, path) : typeof(T) == typeof(MetaGraphDef) ? MetaGraph(bytes, path) : null;
            message = (T?)parsed;
            return message is not null;
        }
        catch (CheckpointFormatException)
        {
            return false;
        }
    }

    /// <summary>Parses a large meta graph, whose nodes are read into less memory than messages take.</summary>
    /// <param name="bytes">Begins with the whole message. Nothing of it is kept.</param>
    /// <param name="byteCount">Unit: bytes; the length of the message.</param>
    /// <param name="path">Where they came from.</param>
    /// <param name="message">All but the nodes.</param>
    /// <param name="nodes">The nodes, in order.</param>
    /// <returns>False where there is little to gain, or the bytes are not written as TensorFlow writes them: protobuf's own parser reads them then, or tells why not.</returns>
    public static bool TryParse(byte[] bytes, int byteCount, string path, [NotNullWhen(true)] out MetaGraphDef? message, [NotNullWhen(true)] out StoredNode[]? nodes)
    {
        (message, nodes) = (null, null);
        if (byteCount < LargeFrom)
            return false;
        try
        {
            if (Find(bytes.AsSpan(0, byteCount), path) is not { } graph || Nodes(bytes, graph.Content, graph.End, path) is not { } stored || Rest(bytes, graph.Start, graph.End, byteCount) is not { } meta)
                return false;
            meta.GraphDef = stored.Other;
            (message, nodes) = (meta, stored.Nodes);
            return true;
        }
        catch (CheckpointFormatException)
        {
            return false;
        }
    }

    private static MetaGraphDef? MetaGraph(byte[] bytes, string path)
    {
        if (Find(bytes, path) is not { } graph || graph.End - graph.Content < LargeFrom || Graph(bytes, graph.Content, graph.End, path) is not { } graphDef || Rest(bytes, graph.Start, graph.End, bytes.Length) is not { } meta)
            return null;
        meta.GraphDef = graphDef;
        return meta;
    }

    // Where the graph of a meta graph lies; null where there is none or more than one: two are merged, which is for protobuf to do.
    private static (int Start, int Content, int End)? Find(ReadOnlySpan<byte> bytes, string path)
    {
        (int Start, int Content, int End)? found = null;
        var reader = new BoundedReader(bytes, path, 0, "fields");
        while (reader.Remaining > 0)
        {
            int start = reader.Position;
            (ulong number, WireType wire) = WireFields.ReadTag(ref reader);
            if (number != MetaGraphDef.GraphDefFieldNumber || wire != WireType.Bytes)
            {
                WireFields.Skip(ref reader, wire);
                continue;
            }

            if (found is not null)
                return null;
            int length = reader.ReadLength();
            found = (start, reader.Position, reader.Position + length);
            reader.ReadBytes(length);
        }

        return found;
    }

    // A meta graph without what lies between two places.
    private static MetaGraphDef? Rest(byte[] bytes, int start, int end, int byteCount)
    {
        var meta = new MetaGraphDef();
        return TryMerge(meta, bytes, 0, start) && TryMerge(meta, bytes, end, byteCount) ? meta : null;
    }

    private static (GraphDef Other, StoredNode[] Nodes)? Nodes(byte[] bytes, int start, int end, string path)
    {
        List<int> cuts = Cuts(bytes, start, end, path);
        var parts = new (GraphDef Other, List<StoredNode> Nodes)?[cuts.Count - 1];
        Parallel.For(0, parts.Length, i => parts[i] = Part(bytes, cuts[i], cuts[i + 1], path));
        var nodes = new List<StoredNode>(parts.Sum(static p => p?.Nodes.Count ?? 0));
        var rest = new GraphDef();
        foreach ((GraphDef Other, List<StoredNode> Nodes)? part in parts)
        {
            if (part is not { } read)
                return null;
            rest.MergeFrom(read.Other);
            nodes.AddRange(read.Nodes);
        }

        return (rest, [.. nodes]);
    }

    private static (GraphDef Other, List<StoredNode> Nodes)? Part(byte[] bytes, int start, int end, string path)
    {
        var rest = new GraphDef();
        List<StoredNode> nodes = [];
        var nodeReader = new StoredNodeReader(path);
        try
        {
            var reader = new BoundedReader(bytes.AsSpan(start, end - start), path, start, "fields");
            while (reader.Remaining > 0)
            {
                int at = start + reader.Position;
                (ulong number, WireType wire) = WireFields.ReadTag(ref reader);
                if (number != GraphDef.NodeFieldNumber || wire != WireType.Bytes)
                {
                    WireFields.Skip(ref reader, wire);
                    if (!TryMerge(rest, bytes, at, start + reader.Position))
                        return null;
                }
                else if (nodeReader.TryRead(reader.ReadBytes(reader.ReadLength())) is { } node)
                {
                    nodes.Add(node);
                }
                else
                {
                    return null;
                }
            }

            return (rest, nodes);
        }
        catch (Exception e) when (e is CheckpointFormatException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static GraphDef? Graph(byte[] bytes, int start, int end, string path)
    {
        List<int> cuts = Cuts(bytes, start, end, path);
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
    private static List<int> Cuts(byte[] bytes, int start, int end, string path)
    {
        int step = Math.Max((end - start) / (Environment.ProcessorCount * PartsACore), LargeFrom / PartsACore);
        List<int> cuts = [start];
        var reader = new BoundedReader(bytes.AsSpan(start, end - start), path, start, "fields");
        while (reader.Remaining > 0)
        {
            WireFields.Skip(ref reader, WireFields.ReadTag(ref reader).Wire);
            int at = start + reader.Position;
            if (at - cuts[^1] >= step || at == end)
                cuts.Add(at);
        }

        return cuts;
    }

    private static bool TryMerge(IMessage message, byte[] bytes, int start, int end)
    {
        try
        {
            var input = new CodedInputStream(bytes, start, end - start);
            message.MergeFrom(input);
            return input.IsAtEnd;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
