using System.Text;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Strings;

public sealed class StringOpsTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Strings_are_joined_place_by_place_and_along_dimensions()
    {
        Output x = _graph.Constant(new[,] { { "a", "b" }, { "c", "d" } });
        Assert.Equal(["a-x", "b-x", "c-x", "d-x"], Run(_graph.StringJoin([x, "x"], "-")));
        Assert.Equal(["ac", "bd"], Run(_graph.ReduceJoin(x, new[] { 0 })));
        Assert.Equal(["a,b", "c,d"], Run(_graph.ReduceJoin(x, new[] { -1 }, separator: ",")));
        Assert.Equal(["abcd"], Run(_graph.ReduceJoin(x, new[] { 0, 1 })));
        Assert.Equal(["acbd"], Run(_graph.ReduceJoin(x)));
    }

    [Fact]
    public void Splits_give_the_parts_of_a_sparse_matrix()
    {
        (Output indices, Output values, Output shape) = _graph.StringSplit(new[] { "hello  world", "", "a b c" });
        Assert.Equal(["hello", "world", "a", "b", "c"], Run(values));
        using var session = new Session(_graph);
        Assert.Equal([0, 0, 0, 1, 2, 0, 2, 1, 2, 2], session.Run(indices).ToArray<long>());
        Assert.Equal([3, 3], session.Run(shape).ToArray<long>());
    }

    [Fact]
    public void Parts_are_cut_by_bytes_or_characters()
    {
        Assert.Equal(["ell"], Run(_graph.Substr(new[] { "hello" }, 1, 3)));
        Assert.Equal(["lo"], Run(_graph.Substr(new[] { "hello" }, -2, 9)));
        Assert.Equal(["né"], Run(_graph.Substr(new[] { "Renée" }, 2, 2, "UTF8_CHAR")));
    }

    [Fact]
    public void Regular_expressions_replace_their_groups()
    {
        Assert.Equal(["b=a, d=c"], Run(_graph.RegexReplace(new[] { "a=b, c=d" }, @"(\w)=(\w)", @"\2=\1")));
        Assert.Equal(["b=a, c=d"], Run(_graph.RegexReplace(new[] { "a=b, c=d" }, @"(\w)=(\w)", @"\2=\1", replaceGlobal: false)));
    }

    [Fact]
    public void Base64_is_web_safe_and_reversible()
    {
        string[] texts = ["", "f", "fo", "foo?>"];
        Output encoded = _graph.EncodeBase64(texts, pad: true);
        Assert.Equal(["", "Zg==", "Zm8=", "Zm9vPz4="], Run(encoded));
        Assert.Equal(texts, Run(_graph.DecodeBase64(encoded)));
    }

    [Fact]
    public void Case_and_space_follow_ascii_unless_told_otherwise()
    {
        Assert.Equal(["ÉTÉ a".ToUpperInvariant()], Run(_graph.StringUpper(new[] { "été a" }, "utf-8")));
        Assert.Equal(["éTé A"], Run(_graph.StringUpper(new[] { "été a" })));
        Assert.Equal(["a b"], Run(_graph.StringStrip(new[] { " \t a b\n" })));
    }

    [Theory]
    [InlineData("1e3", 1000f)]
    [InlineData(" -7 ", -7f)]
    [InlineData("inf", float.PositiveInfinity)]
    public void Numbers_are_read_from_text(string text, float expected)
    {
        using var session = new Session(_graph);
        Assert.Equal([expected], session.Run(_graph.StringToNumber(new[] { text })).ToArray<float>());
    }

    [Fact]
    public void Text_that_spells_no_number_is_named()
    {
        Output number = _graph.StringToNumber(new[] { "seven" });
        using var session = new Session(_graph);
        Assert.Contains("StringToNumberOp could not correctly convert string: seven", Assert.Throws<RunException>(() => session.Run(number)).Message, StringComparison.Ordinal);
    }

    private string[] Run(Output output)
    {
        using var session = new Session(_graph);
        return [.. session.Run(output).Strings.ToArray().Select(Encoding.UTF8.GetString)];
    }
}
