using Xunit;

namespace NotebookPersist.Tests.Graphs;

public sealed class GraphConsumerTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void A_consumer_is_told_once_however_often_it_takes_the_value()
    {
        Output x = _graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        Output sum = _graph.AddN([x, x, x], "sum");
        Output product = _graph.Multiply(x, x, "product");
        _graph.AddN([sum, x, product, x], "all");
        Assert.Equal(["sum", "product", "all"], x.Consumers.Select(static c => c.Name));
        Assert.Equal(["all"], sum.Consumers.Select(static c => c.Name));
    }

    [Fact]
    public void A_group_waits_for_each_operation_once_in_the_order_given()
    {
        Operation[] operations = [.. Enumerable.Range(0, 50).Select(i => _graph.NoOp($"n{i}"))];
        Operation group = _graph.Group([.. operations.Reverse(), operations[7], operations[0]], "all");
        Assert.Equal(operations.Reverse(), group.ControlInputs);
    }

    [Fact]
    public void Removing_a_cell_leaves_the_other_consumers_of_what_it_took()
    {
        Output x = _graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        _graph.Multiply(x, x, "first");
        _graph.CurrentCell = "cell";
        Output gone = _graph.AddN([x, x], "gone");
        _graph.Multiply(gone, x, "gone_as_well");
        _graph.CurrentCell = null;
        _graph.Multiply(x, x, "last");
        _graph.RemoveCell("cell");
        Assert.Equal(["first", "last"], x.Consumers.Select(static c => c.Name));
    }

    [Fact]
    public void A_feed_that_is_set_again_replaces_the_first()
    {
        Output x = _graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        var feeds = new FeedDict { [x] = 1f, ["x:0"] = 2f };
        feeds[x] = 3f;
        Assert.Equal(2, feeds.Count);
        Assert.Equal(3f, feeds[x].Item<float>());
        Assert.Throws<KeyNotFoundException>(() => feeds["y:0"]);
        using var session = new Session(_graph);
        Assert.Contains("is fed twice", Assert.Throws<ArgumentException>(() => session.Run(x, feeds)).Message, StringComparison.Ordinal);
    }
}
