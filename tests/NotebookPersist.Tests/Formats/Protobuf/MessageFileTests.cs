using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Protobuf;

public sealed class MessageFileTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_real_meta_graph_parses_and_survives_its_text_form()
    {
        int count = 0, nodes = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.meta"))
        {
            MetaGraphDef meta = MessageFile.Read<MetaGraphDef>(path);
            nodes += meta.GraphDef.Node.Count;
            Assert.NotEmpty(meta.GraphDef.Node);

            // Text form knows no fields of later releases, so those are dropped on both sides.
            string text = TextFormat.Print(meta);
            Assert.Equal(text, TextFormat.Print(TextFormat.Parse<MetaGraphDef>(Encoding.UTF8.GetBytes(text))));
            count++;
        }

        output.WriteLine($"{count} meta graphs, {nodes} nodes.");
        Assert.True(count >= 25);
    }

    [Fact]
    public void Every_real_graph_and_saved_model_parses_and_every_constant_decodes()
    {
        int graphs = 0, models = 0, constants = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.pb").Concat(SharedFiles.Enumerate("golden-tf115/ops", "*.pb")))
        {
            IEnumerable<GraphDef> found = [];
            switch (Path.GetFileName(path))
            {
                case "saved_model_config.pb" or "keras_metadata.pb" or "fingerprint.pb" or "tfhub_module.pb":
                    break;
                case "metrics_export_meta_graph.pb":
                    found = [MessageFile.Read<MetaGraphDef>(path).GraphDef];
                    graphs++;
                    break;
                case "saved_model.pb":
                    found = MessageFile.Read<Protos.SavedModel>(path).MetaGraphs.Select(static m => m.GraphDef);
                    models++;
                    break;
                default:
                    found = [MessageFile.Read<GraphDef>(path)];
                    graphs++;
                    break;
            }

            foreach (NodeDef node in found.SelectMany(static g => g.Node.Concat(g.Library?.Function.SelectMany(static f => f.NodeDef) ?? [])))
            {
                if (node.Op != "Const" || !node.Attr.TryGetValue("value", out AttrValue? value) || value.ValueCase != AttrValue.ValueOneofCase.Tensor)
                    continue;
                Tensor tensor = TensorProtos.Decode(value.Tensor, $"constant '{node.Name}' of '{path}'");
                Assert.Equal(value.Tensor.TensorShape?.Dim.Count ?? 0, tensor.Rank);
                constants++;
            }
        }

        output.WriteLine($"{graphs} graphs, {models} saved models, {constants} constants.");
        Assert.True(graphs > 200 && models > 60 && constants > 1000, $"{graphs} {models} {constants}");
    }

    [Fact]
    public void Text_and_binary_are_told_apart()
    {
        int text = 0, binary = 0;
        foreach (string pattern in new[] { "*.pb", "*.meta", "*.pbtxt" })
        {
            foreach (string path in SharedFiles.Enumerate("fixtures", pattern))
            {
                // One exporter of TensorFlow's wrote text under the binary name.
                bool isText = MessageFile.IsText(File.ReadAllBytes(path));
                Assert.True(isText == (pattern == "*.pbtxt" || Path.GetFileName(path) == "metrics_export_meta_graph.pb"), SharedFiles.Relative(path));
                text += isText ? 1 : 0;
                binary += isText ? 0 : 1;
            }
        }

        Assert.False(MessageFile.IsText([]));
        Assert.True(MessageFile.IsText("\n\n# graph\nnode { }"u8));
        Assert.False(MessageFile.IsText([0x0A, 0x20, .. new byte[32]]));
        output.WriteLine($"{text} texts, {binary} binaries.");
    }

    [Fact]
    public void A_file_that_is_no_message_is_told_with_path_and_place()
    {
        using TemporaryFolder folder = new();
        byte[] graph = new GraphDef { Node = { new NodeDef { Name = "node_with_a_name", Op = "NoOp" } } }.ToByteArray();
        File.WriteAllBytes(folder["g.pb"], graph[..^3]);
        CheckpointFormatException error = Assert.Throws<CheckpointFormatException>(() => MessageFile.Read<GraphDef>(folder["g.pb"]));
        Assert.Equal((CheckpointFault.BadMessage, folder["g.pb"]), (error.Fault, error.Path));
        Assert.NotNull(error.ByteOffset);
        Assert.Contains("tensorflow.GraphDef", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_messages_are_refused()
    {
        // Function attributes inside one another: func { attr { value { func { ...
        byte[] body = [];
        for (int i = 0; i < 300; i++)
            body = Wrap(0x52, Wrap(0x12, Wrap(0x12, body)));
        byte[] graph = Wrap(0x0A, Wrap(0x2A, Wrap(0x12, body)));
        Assert.Equal(CheckpointFault.BadMessage, Assert.Throws<CheckpointFormatException>(() => MessageFile.Parse<GraphDef>(graph, "deep")).Fault);
    }

    private static byte[] Wrap(byte tag, byte[] body)
    {
        using MemoryStream stream = new();
        CodedOutputStream wrapped = new(stream);
        wrapped.WriteRawTag(tag);
        wrapped.WriteBytes(ByteString.CopyFrom(body));
        wrapped.Flush();
        return stream.ToArray();
    }
}
