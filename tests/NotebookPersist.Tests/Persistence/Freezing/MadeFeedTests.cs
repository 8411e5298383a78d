using NotebookPersist.Persistence;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Freezing;

public sealed class MadeFeedTests
{
    [Fact]
    public void Two_small_items_are_made_at_first_but_only_one_of_the_size_of_a_picture()
    {
        var graph = new Graph();
        Output row = graph.Placeholder(DType.Float32, new[] { -1, 784 }, "row");
        Output picture = graph.Placeholder(DType.Float32, new[] { -1, 224, 224, 3 }, "picture");
        Output label = graph.Placeholder(DType.Int32, new[] { -1 }, "label");

        Assert.Equal([[2, 784], [2]], Shapes(MadeFeed.For([row, label])[0]));
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> tries = MadeFeed.For([picture, label]);
        Assert.Equal([[1, 224, 224, 3], [1]], Shapes(tries[0])); // As many labels as pictures.
        Assert.Single(tries);
    }

    [Fact]
    public void A_size_that_is_told_is_kept()
    {
        var graph = new Graph();
        Output pictures = graph.Placeholder(DType.Float32, new[] { 2, 224, 224, 3 }, "pictures");
        Assert.Equal([[2, 224, 224, 3]], Shapes(Assert.Single(MadeFeed.For([pictures]))));
        Assert.Equal(["pictures:0"], MadeFeed.For([pictures])[0].Keys);
    }

    private static long[][] Shapes(IReadOnlyDictionary<string, Tensor> feed) => [.. feed.Values.Select(static v => v.Shape.ToArray())];
}
