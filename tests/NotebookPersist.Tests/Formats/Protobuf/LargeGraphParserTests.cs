using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Protobuf;

/// <summary>Graphs parsed in parts are those that protobuf's own parser makes of the whole.</summary>
public sealed class LargeGraphParserTests
{
    [Fact]
    public void Every_large_graph_reads_as_protobufs_own_parser_reads_it()
    {
        int graphs = Compare<GraphDef>("*.pb");
        int metaGraphs = Compare<MetaGraphDef>("*.meta");
        Assert.True(graphs >= 8, $"Only {graphs} graphs were found.");
        Assert.True(metaGraphs >= 5, $"Only {metaGraphs} meta graphs were found.");
    }

    [Fact]
    public void What_a_graph_says_before_between_and_after_its_nodes_is_kept_and_nodes_keep_their_order()
    {
        using var stream = new MemoryStream();
        for (int i = 0; i < 4; i++)
        {
            var part = new GraphDef { Library = new FunctionDefLibrary { Function = { new FunctionDef { Signature = new OpDef { Name = $"f{i}" } } } }, Versions = new VersionDef { BadConsumers = { i } } };
            part.Node.AddRange(Enumerable.Range(2500 * i, 2500).Select(static k => new NodeDef { Name = $"n{k}", Op = "NoOp", Attr = { ["a"] = new AttrValue { I = k } } }));
            part.WriteTo(stream);
        }

        byte[] bytes = stream.ToArray();
        GraphDef read = Parsed<GraphDef>(bytes);
        Assert.Equal(GraphDef.Parser.ParseFrom(bytes), read);
        Assert.Equal(10_000, read.Node.Count);
        Assert.Equal([0, 1, 2, 3], read.Versions.BadConsumers);

        // Two graphs in one meta graph are one, as protobuf has it.
        byte[] twice = [.. new MetaGraphDef { GraphDef = read }.ToByteArray(), .. new MetaGraphDef { GraphDef = read, SaverDef = new SaverDef { MaxToKeep = 3 } }.ToByteArray()];
        Assert.Equal(20_000, MessageFile.Parse<MetaGraphDef>(twice, "memory").GraphDef.Node.Count);
    }

    [Fact]
    public void A_graph_cut_off_anywhere_says_what_protobufs_own_parser_says()
    {
        byte[] bytes = File.ReadAllBytes(SharedFiles.Path("fixtures/metagraph/scisharp-graphs/rcnn_untrained.meta"));
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] cut = bytes[..random.Next(LargeGraphParser.LargeFrom, bytes.Length)];
            for (int k = 0; k < i % 3; k++)
                cut[random.Next(cut.Length)] ^= (byte)(1 << random.Next(8));
            var expected = new MetaGraphDef();
            InvalidProtocolBufferException? fault = null;
            try
            {
                expected.MergeFrom(new CodedInputStream(cut));
            }
            catch (InvalidProtocolBufferException e)
            {
                fault = e;
                refused++;
            }

            if (fault is null)
                Assert.Equal(expected, MessageFile.Parse<MetaGraphDef>(cut, "memory"));
            else
                Assert.Contains(fault.Message, Assert.ThrowsAny<CheckpointFormatException>(() => MessageFile.Parse<MetaGraphDef>(cut, "memory")).Message, StringComparison.Ordinal);
        }

        Assert.InRange(refused, 10, 60);
    }

    private static int Compare<T>(string pattern)
        where T : IMessage<T>, new()
    {
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", pattern))
        {
            byte[] bytes = File.ReadAllBytes(path);
            var expected = new T();
            try
            {
                expected.MergeFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                continue;
            }

            if (bytes.Length < LargeGraphParser.LargeFrom || MessageFile.IsText(bytes))
                continue;
            count++;
            Assert.Equal(expected, Parsed<T>(bytes));
        }

        return count;
    }

    // Machines with one core have nothing to gain, and parse as ever.
    private static T Parsed<T>(byte[] bytes)
        where T : IMessage, new()
    {
        T read = MessageFile.Parse<T>(bytes, "memory");
        if (LargeGraphParser.TryParse(bytes, "memory", out T? parts))
            Assert.Equal(read, parts);
        else
            Assert.Equal(1, Environment.ProcessorCount);
        return read;
    }
}
