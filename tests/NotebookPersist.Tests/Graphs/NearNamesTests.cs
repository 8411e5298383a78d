using Xunit;

namespace NotebookPersist.Tests.Graphs;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("pred", "out/pred")]
    [InlineData("imp/e1", "e1")]
    [InlineData("Pred", "out/pred")]
    [InlineData("w1", "W1")]
    public void A_scope_more_or_less_comes_before_other_letters(string given, string meant) =>
        Assert.Equal(meant, NearNames.Of(given, ["prev", "e2", "out/pred", "e1", "W1", "x/y"], 3)[0]);

    [Fact]
    public void Few_names_are_listed_where_none_is_near()
    {
        Assert.Equal(" There are: 'a', 'b'.", NearNames.HintOrList("nosuch", ["a", "b"]));
        Assert.Equal("", NearNames.HintOrList("nosuch", []));
        Assert.StartsWith(" Near names: 'out/nosuch'", NearNames.HintOrList("nosuch", ["a", "out/nosuch"]), StringComparison.Ordinal);
    }
}
