using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Protobuf;

public sealed class GraphDefStreamTests
{
    [Fact]
    public void Every_frozen_graph_reads_as_protobufs_own_parser_reads_it()
    {
        int count = 0, large = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.pb"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (Parsed(bytes) is not { Node.Count: > 0 } expected)
                continue;
            count++;
            Assert.Equal(expected, Read(bytes, ref large));
        }

        Assert.True(count > 100, $"Only {count} graphs were found.");
        Assert.True(large > 5, $"Only {large} large constants passed by.");
    }

    [Fact]
    public void A_large_content_is_handed_over_with_the_name_of_its_node()
    {
        byte[] content = new byte[GraphDefStream.LargeFrom];
        Array.Fill(content, (byte)7);
        var tensor = new TensorProto { Dtype = DataType.DtUint8, TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = content.Length } } }, TensorContent = ByteString.CopyFrom(content) };
        var graph = new GraphDef { Node = { new NodeDef { Name = "weights", Op = "Const", Attr = { ["dtype"] = new AttrValue { Type = DataType.DtUint8 }, ["value"] = new AttrValue { Tensor = tensor } } } } };
        var names = new List<string>();
        using var stream = new MemoryStream(graph.ToByteArray());
        GraphDef read = GraphDefStream.Read(stream, stream.Length, "memory", (node, count, from) =>
        {
            names.Add(node);
            byte[] bytes = new byte[count];
            from.ReadExactly(bytes);
            return ByteString.CopyFrom(bytes);
        });
        Assert.Equal(graph, read);
        Assert.Equal(["weights"], names);
    }

    [Fact]
    public void A_graph_cut_off_anywhere_reads_as_a_shorter_one_or_says_so()
    {
        byte[] bytes = File.ReadAllBytes(SharedFiles.Enumerate("fixtures/expected/dl4j-tf-graphs", "frozen_model.pb").First());
        for (int length = 0; length < bytes.Length; length++)
        {
            int large = 0;
            byte[] cut = bytes[..length];
            GraphDef? expected = Parsed(cut);
            if (expected is null)
                Assert.ThrowsAny<CheckpointFormatException>(() => Read(cut, ref large));
            else
                Assert.Equal(expected, Read(cut, ref large));
        }
    }

    private static GraphDef? Parsed(byte[] bytes)
    {
        try
        {
            return GraphDef.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static GraphDef Read(byte[] bytes, ref int large)
    {
        int count = 0;
        using var stream = new MemoryStream(bytes);
        GraphDef graph = GraphDefStream.Read(stream, bytes.Length, "memory", (_, length, from) =>
        {
            count++;
            byte[] content = new byte[length];
            from.ReadExactly(content);
            return ByteString.CopyFrom(content);
        });
        large += count;
        return graph;
    }
}
