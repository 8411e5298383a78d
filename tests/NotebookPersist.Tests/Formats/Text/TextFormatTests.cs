using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Text;

public sealed class TextFormatTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_graph_text_of_tensorflow_1_15_is_printed_again_byte_for_byte()
    {
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("golden-tf115/ops", "*.pbtxt"))
        {
            byte[] text = File.ReadAllBytes(path);
            GraphDef graph = TextFormat.Parse<GraphDef>(text, path);
            Assert.Equal(MessageFile.Read<GraphDef>(Path.ChangeExtension(path, ".pb")), graph);
            Assert.True(Encoding.UTF8.GetString(text) == TextFormat.Print(graph, TextDialect.Cpp), SharedFiles.Relative(path));
            count++;
        }

        output.WriteLine($"{count} texts parsed, equal to their binary twins, printed identically.");
        Assert.True(count >= 10);
    }

    [Fact]
    public void Every_real_text_parses_and_its_print_parses_to_an_equal_message()
    {
        int count = 0, identical = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.pbtxt"))
        {
            IMessage message = Path.GetFileName(path) == "saved_model.pbtxt" ? RoundTrip<Protos.SavedModel>(path) : RoundTrip<GraphDef>(path);
            bool same = File.ReadAllText(path) == TextFormat.Print(message);
            identical += same ? 1 : 0;
            count++;
            if (!same)
                output.WriteLine("printed differently: " + SharedFiles.Relative(path));
        }

        output.WriteLine($"{count} real texts, {identical} printed identically.");
        Assert.True(count >= 8);
    }

    [Fact]
    public void Every_checkpoint_state_is_printed_again_byte_for_byte()
    {
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "checkpoint"))
        {
            using TemporaryFolder folder = new();
            CheckpointState state = CheckpointStateFile.Read(path);
            Assert.NotEmpty(state.ModelCheckpointPath);
            CheckpointStateFile.Write(folder["checkpoint"], state);
            Assert.Equal(File.ReadAllText(path), File.ReadAllText(folder["checkpoint"]));
            count++;
        }

        output.WriteLine($"{count} state files.");
        Assert.True(count >= 9);
    }

    [Fact]
    public void A_checkpoint_state_escapes_paths_as_tensorflow_does()
    {
        CheckpointState state = new() { ModelCheckpointPath = "C:\\m\\é\"'\n", LastPreservedTimestamp = 1569264018 };
        state.AllModelCheckpointTimestamps.Add(1569264018.55);
        Assert.Equal(
            "model_checkpoint_path: \"C:\\\\m\\\\\\303\\251\\\"\\'\\n\"\nall_model_checkpoint_timestamps: 1569264018.55\nlast_preserved_timestamp: 1569264018.0\n",
            TextFormat.Print(state));
    }

    [Fact]
    public void All_forms_of_the_syntax_are_understood()
    {
        const string Text = """
            # a comment
            node { name: 'a' 'b' "\x63\144" op: "Const"; input: ["x", "y:1"],
              attr < key: "value" value: { tensor { dtype: 1 float_val: [1, -2.5e3f, inf, nan] int_val: 0x1F int_val: 017 bool_val: t } } >
              attr { value { list { } } key: "list" }
              attr { key: "f" value { f: .5 } }
              attr { key: "type" value { type: DT_STRING } }
            }
            versions: < producer: 134 >
            """;
        NodeDef node = TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(Text)).Node[0];
        Assert.Equal("abcd", node.Name);
        Assert.Equal(["x", "y:1"], node.Input);
        TensorProto tensor = node.Attr["value"].Tensor;
        Assert.Equal([1f, -2500f, float.PositiveInfinity, float.NaN], tensor.FloatVal.ToArray());
        Assert.Equal([31, 15], tensor.IntVal);
        Assert.Equal(AttrValue.ValueOneofCase.List, node.Attr["list"].ValueCase);
        Assert.Equal(0.5f, node.Attr["f"].F);
        Assert.Equal(DataType.DtString, node.Attr["type"].Type);
    }

    [Theory]
    [InlineData("node { nme: 'a' }", 1, 8, "found 'nme', expected a field of tensorflow.NodeDef")]
    [InlineData("node {\n  name: 3 }", 2, 9, "found '3', expected a quoted string")]
    [InlineData("node {", 1, 7, "found the end of the text, expected '}'")]
    [InlineData("node { name: 'a", 1, 14, "does not end on its line")]
    [InlineData("version: 99999999999", 1, 10, "expected an integer from -2147483648 to 2147483647")]
    [InlineData("version: 08", 1, 10, "expected an integer")]
    [InlineData("versions { } versions { }", 1, 14, "'versions' is given twice")]
    [InlineData("version: 1 version: 2", 1, 21, "'version' is given twice")]
    [InlineData("node { attr { key: 'é' value { f: 1 i: 2 } } }", 1, 40, "'i' is given beside 'f'")]
    [InlineData("node { name: '\\q' }", 1, 15, "escape")]
    [InlineData("versions: [ { } ]", 1, 1, "is not repeated")]
    [InlineData("node { name: '\\377' }", 1, 14, "is not UTF-8")]
    [InlineData("}", 1, 1, "found '}', expected a field of tensorflow.GraphDef")]
    public void Errors_tell_line_column_found_and_expected(string text, int line, int column, string words)
    {
        CheckpointFormatException error = Assert.Throws<CheckpointFormatException>(() => TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(text), "g.pbtxt"));
        Assert.Equal(CheckpointFault.BadText, error.Fault);
        Assert.Contains($"line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_limited()
    {
        string known = "library { function { node_def { attr { key: 'a' value { func { " + string.Concat(Enumerable.Repeat("attr { key: 'a' value { func { ", 5000));
        Assert.Contains(
            "nest deeper", Assert.Throws<CheckpointFormatException>(() => TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(known))).Message, StringComparison.Ordinal);
        string unknown = "u: 1 " + string.Concat(Enumerable.Repeat("u { ", 5000));
        Assert.Throws<CheckpointFormatException>(() => TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(unknown), skipUnknownFields: true));
    }

    [Fact]
    public void Text_changed_at_random_parses_or_is_refused_and_nothing_else()
    {
        byte[] whole = File.ReadAllBytes(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-pbtxt/00000123/saved_model.pbtxt"));
        byte[] marks = "{}<>[]:;,\"'\\#-.x0123456789 \n"u8.ToArray();
        Random random = new(7);
        int parsed = 0, refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] changed = whole[..(round % 4 == 3 ? random.Next(whole.Length) : whole.Length)];
            for (int change = random.Next(1, 3); change > 0; change--)
                changed[random.Next(changed.Length)] = marks[random.Next(marks.Length)];
            try
            {
                TextFormat.Parse<Protos.SavedModel>(changed, skipUnknownFields: round % 2 == 0);
                parsed++;
            }
            catch (CheckpointFormatException)
            {
                refused++;
            }
        }

        output.WriteLine($"{refused} refused, {parsed} parsed.");
    }

    [Fact]
    public void Unknown_fields_can_be_passed_over()
    {
        const string Text = "debug_info { a: 1 b < c: ['x', \"y\"] > [type/x] { } 7: 3 } node { name: 'a' new_field: [1, 2], other: -inf } list_of: [{ a: 1 }, { }] 99: 'x'";
        Assert.Equal("a", TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(Text), skipUnknownFields: true).Node[0].Name);
    }

    [Fact]
    public void An_expanded_any_becomes_its_message()
    {
        const string Text = "meta_info_def { any_info { [type.googleapis.com/tensorflow.VersionDef] { producer: 3 } } }";
        MetaGraphDef meta = TextFormat.Parse<MetaGraphDef>(Encoding.UTF8.GetBytes(Text));
        Assert.Equal(3, meta.MetaInfoDef.AnyInfo.Unpack<VersionDef>().Producer);
    }

    [Fact]
    public void A_known_any_is_printed_as_python_does_and_parses_again()
    {
        const string Text = "meta_info_def {\n  any_info {\n    [type.googleapis.com/tensorflow.VersionDef] {\n      producer: 3\n    }\n  }\n}\n";
        MetaGraphDef meta = new() { MetaInfoDef = new() { AnyInfo = Google.Protobuf.WellKnownTypes.Any.Pack(new VersionDef { Producer = 3 }) } };
        Assert.Equal(Text, TextFormat.Print(meta));
        Assert.Equal(meta, TextFormat.Parse<MetaGraphDef>(Encoding.UTF8.GetBytes(Text)));
        Assert.Contains("value: \"\\010\\003\"", TextFormat.Print(meta, TextDialect.Cpp), StringComparison.Ordinal);
        meta.MetaInfoDef.AnyInfo.TypeUrl = "type.googleapis.com/of.Others";
        Assert.Equal(meta, TextFormat.Parse<MetaGraphDef>(Encoding.UTF8.GetBytes(TextFormat.Print(meta))));
    }

    [Fact]
    public void A_nan_has_the_bits_that_protobuf_gives_it()
    {
        AttrValue value = TextFormat.Parse<AttrValue>("f: nan"u8.ToArray());
        Assert.Equal(0x7FC00000, BitConverter.SingleToInt32Bits(value.F));
        Assert.Equal(unchecked((int)0xFFC00000), BitConverter.SingleToInt32Bits(TextFormat.Parse<AttrValue>("f: -nan"u8.ToArray()).F));
        Assert.Equal("f: nan\n", TextFormat.Print(value));
    }

    [Theory]
    [InlineData(0.1f, "0.10000000149011612", "0.1")]
    [InlineData(1f, "1.0", "1")]
    [InlineData(1e10f, "10000000000.0", "1e+10")]
    [InlineData(1e-12f, "9.999999960041972e-13", "1e-12")]
    [InlineData(3.14159274f, "3.1415927410125732", "3.14159274")]
    [InlineData(float.MaxValue, "3.4028234663852886e+38", "3.40282347e+38")]
    [InlineData(-0f, "-0.0", "-0")]
    [InlineData(float.NegativeInfinity, "-inf", "-inf")]
    [InlineData(123456f, "123456.0", "123456")]
    [InlineData(1234567f, "1234567.0", "1234567")]
    public void Numbers_are_printed_as_python_and_cpp_print_them(float value, string python, string cpp)
    {
        Assert.Equal(python, FloatText.Python(value));
        Assert.Equal(cpp, FloatText.Cpp(value));
    }

    private static T RoundTrip<T>(string path)
        where T : IMessage, new()
    {
        T message = TextFormat.Parse<T>(File.ReadAllBytes(path), path, skipUnknownFields: true);
        foreach (TextDialect dialect in Enum.GetValues<TextDialect>())
            Assert.Equal(message, TextFormat.Parse<T>(Encoding.UTF8.GetBytes(TextFormat.Print(message, dialect))));
        return message;
    }
}
