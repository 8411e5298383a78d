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

    [Fact]
    public void Nodes_read_apart_are_those_that_protobufs_own_parser_reads()
    {
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.meta"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            // The array may be longer, and what is done with it afterwards changes nothing.
            byte[] lent = [.. bytes, 0xFF, 0xFF];
            if (MessageFile.IsText(bytes) || !LargeGraphParser.TryParse(lent, bytes.Length, path, out MetaGraphDef? read, out StoredNode[]? nodes))
                continue;
            count++;
            lent.AsSpan().Fill(0xFF);
            Assert.Empty(read.GraphDef.Node);
            Assert.Equal(MetaGraphDef.Parser.ParseFrom(bytes), WithNodes(read, nodes));
            Assert.Equal(MetaGraphDef.Parser.ParseFrom(bytes), WithNodes(MessageFile.ReadMetaGraph(path, out nodes), nodes!)); // It is as large.
        }

        Assert.True(count >= 5, $"Only {count} meta graphs were read.");
    }

    [Fact]
    public void What_is_damaged_or_written_in_another_way_is_left_to_protobufs_own_parser()
    {
        byte[] bytes = File.ReadAllBytes(SharedFiles.Path("fixtures/metagraph/scisharp-graphs/rcnn_untrained.meta"));
        var random = new Random(7);
        int read = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = bytes[..(i % 2 == 0 ? bytes.Length : random.Next(LargeGraphParser.LargeFrom, bytes.Length))];
            for (int k = 0; k < i % 5; k++)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (!LargeGraphParser.TryParse(damaged, damaged.Length, "memory", out MetaGraphDef? meta, out StoredNode[]? nodes))
                continue;
            read++;
            Assert.Equal(MetaGraphDef.Parser.ParseFrom(damaged), WithNodes(meta, nodes));
        }

        Assert.InRange(read, 6, 59);
    }

    [Fact]
    public void Nodes_with_more_than_an_import_uses_are_left_to_protobufs_own_parser()
    {
        NodeDef[] odd =
        [
            new() { Name = "debug", Op = "NoOp", ExperimentalDebugInfo = new NodeDef.Types.ExperimentalDebugInfo { OriginalNodeNames = { "x" } } },
            NodeDef.Parser.ParseFrom([.. new NodeDef { Name = "later", Op = "NoOp" }.ToByteArray(), 0x40, 1]),
        ];
        foreach (NodeDef node in odd)
        {
            var graph = new GraphDef();
            graph.Node.AddRange(Enumerable.Range(0, 5000).Select(static k => new NodeDef { Name = $"some_node_{k}", Op = "NoOp", Attr = { ["a"] = new AttrValue { I = k } } }));
            byte[] bytes = new MetaGraphDef { GraphDef = graph }.ToByteArray();
            Assert.True(LargeGraphParser.TryParse(bytes, bytes.Length, "memory", out MetaGraphDef? _, out StoredNode[]? all));
            Assert.Equal(5000, all.Length);
            graph.Node.Add(node);
            bytes = new MetaGraphDef { GraphDef = graph }.ToByteArray();
            Assert.False(LargeGraphParser.TryParse(bytes, bytes.Length, "memory", out MetaGraphDef? _, out StoredNode[]? _));
        }

        // Of two values of one name the last one counts, which is for the map to find out.
        byte[] twice = [.. new NodeDef { Name = "n", Attr = { ["a"] = new AttrValue { I = 1 } } }.ToByteArray(), .. new NodeDef { Attr = { ["a"] = new AttrValue { I = 2 } } }.ToByteArray()];
        Assert.Null(new StoredNodeReader("memory").TryRead(twice));
    }

    [Fact]
    public void Texts_and_small_values_that_recur_are_one_but_those_that_an_import_changes()
    {
        byte[] bytes = new NodeDef
        {
            Name = "n",
            Op = "Op",
            Device = "/cpu:0",
            Input = { "n", "Op" },
            Attr =
            {
                ["T"] = new AttrValue { Type = DataType.DtFloat },
                ["_class"] = new AttrValue { List = new AttrValue.Types.ListValue { S = { ByteString.CopyFromUtf8("loc:@n") } } },
                ["value"] = new AttrValue { Tensor = new TensorProto { Dtype = DataType.DtFloat, FloatVal = { 1 } } },
            },
        }.ToByteArray();
        var reader = new StoredNodeReader("memory");
        StoredNode first = reader.TryRead(bytes)!; // As TensorFlow writes it.
        StoredNode second = reader.TryRead(bytes)!; // The same.
        Assert.Same(first.Name, second.Inputs[0]);
        Assert.Same(first.Op, second.Op);
        Assert.Equal("/cpu:0", second.Device);
        foreach ((string key, AttrValue value) in first.Attrs)
        {
            (string Key, AttrValue Value) other = second.Attrs.Where(a => a.Key == key).Select(static a => (a.Key, a.Value)).Single();
            Assert.Equal(value, other.Value);
            Assert.Same(key, other.Key);
            Assert.Equal(key == "T", ReferenceEquals(value, other.Value));
        }
    }

    private static MetaGraphDef WithNodes(MetaGraphDef meta, StoredNode[] nodes)
    {
        foreach (StoredNode stored in nodes)
        {
            var node = new NodeDef { Name = stored.Name, Op = stored.Op, Device = stored.Device, Input = { stored.Inputs } };
            foreach ((string key, AttrValue value) in stored.Attrs)
                node.Attr.Add(key, value);
            meta.GraphDef.Node.Add(node);
        }

        return meta;
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
