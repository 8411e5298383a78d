using System.Text;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Strings;

/// <summary>Strings taken apart and put together, against the examples of TensorFlow's documentation and .NET's own text.</summary>
public sealed class StringPartTests
{
    [Fact]
    public void Strings_are_split_at_separators()
    {
        Assert.Equal(("0,0 0,1 1,0 2,0 2,1 2,2", "hello|world|a|b|c|d", "3,3"), Split(new[] { "hello world", "a", " b  c d " }, default, -1));
        Assert.Equal(("0,0 0,1 0,2 0,3 1,0", "1|2||3|", "2,4"), Split(new[] { "1<>2<><>3", "" }, "<>", -1));
        Assert.Equal(("0,0 0,1", "1|2<><>3", "1,2"), Split(new[] { "1<>2<><>3" }, "<>", 1));

        // Of a matrix each piece has the place of its string.
        Assert.Equal(("0,0,0 0,0,1 0,1,0 1,1,0 1,1,1", "a|b|c|d|e", "2,2,2"), Split(new[,] { { "a b", "c" }, { "", "d e" } }, default, -1));
        Assert.Throws<ArgumentException>(static () => new Graph().StringSplit("a b", default, -1));
    }

    [Fact]
    public void Strings_are_split_into_bytes()
    {
        Assert.Equal(("h|e|l|l|o|1|2", "0,5,5,7"), Ragged(static g => g.BytesSplit(new[] { "hello", "", "12" })));
        Assert.Equal(("a|b", "0,2"), Ragged(static g => g.BytesSplit("ab")));
        Assert.Throws<ArgumentException>(static () => new Graph().BytesSplit(new[,] { { "a" } }));
    }

    [Fact]
    public void Segments_are_joined()
    {
        Assert.Equal(["this:is:q", ":a:b", ""], Texts(static g => g.UnsortedSegmentJoin(new[] { "this", "", "is", "a", "q", "b" }, new[] { 0, 1, 0, 1, 0, 1 }, 3, ":")));
        Assert.Equal(["Y6", "qp"], Texts(static g => g.UnsortedSegmentJoin(new[,] { { "Y", "q" }, { "6", "p" }, { "x", "x" } }, new[] { 0, 0, -1 }, 1)));
    }

    [Fact]
    public void Words_that_stand_together_are_joined()
    {
        string[] words = ["a", "b", "c"];
        Assert.Equal(["a b", "b c"], Texts(g => g.Ngrams(words, [2])));
        Assert.Equal(["a-b-c", "a-b", "b-c"], Texts(g => g.Ngrams(words, [3, 2], "-")));
        Assert.Equal(["< a", "a b", "b c", "c >"], Texts(g => g.Ngrams(words, [2], padValues: ("<", ">"))));
        Assert.Equal(["< a b", "a b c", "b c >"], Texts(g => g.Ngrams(words, [3], padValues: ("<", ">"), paddingWidth: 1)));
        Assert.Equal(["a b c"], Texts(g => g.Ngrams(words, [5], preserveShortSequences: true)));
        Tensor rows = OpRuns.Once(static g => g.Ngrams(new[,] { { "a", "b", "c" }, { "d", "e", "f" } }, [2], "+"));
        Assert.Equal(new long[] { 2, 2 }, rows.Shape.Dimensions.ToArray());
        Assert.Equal(["a+b", "b+c", "d+e", "e+f"], Texts(rows));
    }

    [Fact]
    public void Words_joined_senselessly_are_refused()
    {
        var graph = new Graph();
        Assert.Contains("greater than 0", Assert.Throws<ArgumentException>(() => graph.Ngrams(new[] { "a" }, [0])).Message, StringComparison.Ordinal);
        Assert.Contains("padding_width", Assert.Throws<ArgumentException>(() => graph.Ngrams(new[] { "a" }, [1], padValues: ("", ""), paddingWidth: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("pad_values must be provided", Assert.Throws<ArgumentException>(() => graph.Ngrams(new[] { "a" }, [1], paddingWidth: 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => graph.Ngrams("a", [1]));
    }

    [Fact]
    public void Code_points_are_read_and_written()
    {
        string[] texts = ["Gödel", "", "日本\U0001F600"];
        int[] points = [.. texts.SelectMany(static t => t.EnumerateRunes()).Select(static r => r.Value)];
        var graph = new Graph();
        (Output values, Output splits) = graph.UnicodeDecode(texts, "UTF-8");
        Output again = graph.UnicodeEncode((values, splits), "UTF-8"), wide = graph.UnicodeEncode((values, splits), "UTF-16-BE");
        (Output latin, _) = graph.UnicodeDecode(Tensor.OfStrings([1], [Encoding.Latin1.GetBytes("Gödel")]), "ISO-8859-1");
        using var session = new Session(graph);
        Assert.Equal(points, session.Run(values).ToArray<int>());
        Assert.Equal([0L, 5, 5, 8], session.Run(splits).ToArray<long>());
        Assert.Equal(texts, Texts(session.Run(again)));
        Assert.Equal(texts.Select(Encoding.BigEndianUnicode.GetBytes), session.Run(wide).Strings.ToArray());
        Assert.Equal(points[..5], session.Run(latin).ToArray<int>());
        Assert.Equal("UnicodeDecode/UnicodeDecode", values.Operation.Name);
    }

    [Fact]
    public void Even_rows_of_code_points_are_strings_too()
    {
        Assert.Equal(["hi", "yo"], Texts(static g => g.UnicodeEncode(new[,] { { 104, 105 }, { 121, 111 } }, "UTF-8")));
        Tensor one = OpRuns.Once(static g => g.UnicodeEncode(new[] { 0x65E5, 0x672C }, "UTF-8"));
        Assert.Equal(0, one.Rank);
        Assert.Equal(["日本"], Texts(one));
        Tensor four = OpRuns.Once(static g => g.UnicodeEncode(Tensor.Of<int>([2, 2, 1], [97, 98, 99, 100]), "UTF-8"));
        Assert.Equal(new long[] { 2, 2 }, four.Shape.Dimensions.ToArray());
        Assert.Equal(["a", "b", "c", "d"], Texts(four));
        Assert.Throws<ArgumentException>(static () => new Graph().UnicodeEncode(7, "UTF-8"));
    }

    [Fact]
    public void Characters_are_told_apart_and_encodings_changed()
    {
        Assert.Equal(("G|ö|日|\U0001F600", "0,2,2,4"), Ragged(static g => g.UnicodeSplit(new[] { "Gö", "", "日\U0001F600" }, "UTF-8")));
        Assert.Equal(Encoding.BigEndianUnicode.GetBytes("Gö"), OpRuns.Once(static g => g.UnicodeTranscode("Gö", "UTF-8", "UTF-16-BE")).Strings[0]);
        Tensor broken = Tensor.OfStrings(Shape.Scalar, [[(byte)'a', 0xFF, (byte)'b']]);
        Assert.Equal(["a\uFFFDb"], Texts(g => g.UnicodeTranscode(broken, "UTF-8", "UTF-8")));
        Assert.Equal(["ab"], Texts(g => g.UnicodeTranscode(broken, "UTF-8", "UTF-8", errors: "ignore")));
        Assert.Equal(["a?b"], Texts(g => g.UnicodeTranscode(broken, "UTF-8", "UTF-8", replacementChar: '?')));
        Assert.Throws<RunException>(() => OpRuns.Once(g => g.UnicodeTranscode(broken, "UTF-8", "UTF-8", errors: "strict")));
    }

    [Fact]
    public void The_facade_has_the_names_of_TensorFlow()
    {
        using IDisposable own = new Graph().AsDefault();
        Output text = tf.Constant(new[] { " Ab " });
        (Output Node, string[] Expected)[] cases =
        [
            (tf.Strings.Lower(text), [" ab "]), (tf.Strings.Upper(text), [" AB "]), (tf.Strings.Strip(text), ["Ab"]), (tf.Strings.Join([text, "x"], "-"), [" Ab -x"]),
            (tf.Strings.Format("<{}>", [text]), ["<[\" Ab \"]>"]),
        ];
        using var session = new Session(text.Graph);
        Assert.All(cases, c => Assert.Equal(c.Expected, Texts(session.Run(c.Node))));
        Assert.Equal([4], session.Run(tf.Strings.Length(text)).ToArray<int>());
        Assert.Equal([2.5f], session.Run(tf.Strings.ToNumber(new[] { "2.5" })).ToArray<float>());

        // Published values of FarmHash's Fingerprint64 and of SipHash are those of the longer names.
        Assert.Equal(session.Run(tf.Strings.StringToHashBucketFast(text, 1000)).ToArray<long>(), session.Run(tf.Strings.ToHashBucketFast(text, 1000)).ToArray<long>());
        Assert.InRange(session.Run(tf.Strings.ToHashBucket(text, 10)).ToArray<long>()[0], 0, 9);
        Assert.InRange(session.Run(tf.Strings.ToHashBucketStrong(text, 10, [1, 2])).ToArray<long>()[0], 0, 9);
    }

    private static (string Places, string Pieces, string Shape) Split(Tensor texts, Operand sep, int most)
    {
        var graph = new Graph();
        (Output indices, Output values, Output shape) = graph.StringSplit(texts, sep, most);
        using var session = new Session(graph);
        int rank = texts.Rank + 1;
        string places = string.Join(' ', session.Run(indices).ToArray<long>().Chunk(rank).Select(static p => string.Join(',', p)));
        return (places, string.Join('|', Texts(session.Run(values))), string.Join(',', session.Run(shape).ToArray<long>()));
    }

    private static (string Values, string Splits) Ragged(Func<Graph, (Output Values, Output RowSplits)> build)
    {
        var graph = new Graph();
        (Output values, Output splits) = build(graph);
        using var session = new Session(graph);
        return (string.Join('|', Texts(session.Run(values))), string.Join(',', session.Run(splits).ToArray<long>()));
    }

    private static string[] Texts(Func<Graph, Output> build) => Texts(OpRuns.Once(build));

    private static string[] Texts(Tensor value) => [.. value.Strings.ToArray().Select(Encoding.UTF8.GetString)];
}
