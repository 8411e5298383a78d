using Xunit;

namespace NotebookPersist.Tests.Graphs.Recurrent;

/// <summary>MapFn, Scan and the folds: the examples of TensorFlow's documentation, and gradients.</summary>
public sealed class FunctionalTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Rows_are_mapped()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 2], "x");
        Output squares = _graph.MapFn(static r => r * r, x);
        Output sums = _graph.MapFn(r => _graph.ReduceSum(r), x);
        Output counts = _graph.MapFn(r => _graph.Cast(_graph.ReduceSum(r), DType.Int32), x, DType.Int32);
        IReadOnlyList<Output> both = _graph.MapFn(v => [v[0] * v[1], v[0] - v[1]], [x, x * 2.0]);
        Output gradient = _graph.Gradients(_graph.ReduceSum(squares), x)[0]!;
        using var session = new Session(_graph);
        var feed = new FeedDict { { x, new[,] { { 1f, 2f }, { 3f, 4f } } } };
        Assert.Equal([1f, 4, 9, 16], session.Run(squares, feed)!.ToArray<float>());
        Assert.Equal([3f, 7], session.Run(sums, feed)!.ToArray<float>());
        Assert.Equal([3, 7], session.Run(counts, feed)!.ToArray<int>());
        Assert.Equal([2f, 8, 18, 32], session.Run(both[0], feed)!.ToArray<float>());
        Assert.Equal([-1f, -2, -3, -4], session.Run(both[1], feed)!.ToArray<float>());
        Assert.Equal([2f, 4, 6, 8], session.Run(gradient, feed)!.ToArray<float>());
        Assert.Equal([-1, 2], squares.Shape);
        Assert.True(_graph.TryGetOperation("map/while/LoopCond", out _));
        Assert.True(_graph.TryGetOperation("map/TensorArrayStack/TensorArrayGatherV3", out _));
    }

    [Fact]
    public void Rows_are_scanned_and_folded()
    {
        Output x = _graph.Constant(new[] { 1f, 2f, 3f, 4f, 5f, 6f });
        Output sums = _graph.Scan(static (a, r) => a + r, x);
        Output from = _graph.Scan(static (a, r) => a - r, x, _graph.Constant(0f));
        Output back = _graph.Scan(static (a, r) => a + r, x, reverse: true);
        Output total = _graph.Foldl(static (a, r) => a + r, x);
        Output left = _graph.Foldl(static (a, r) => a * 2.0 + r, x, _graph.Constant(1f));
        Output right = _graph.Foldr(static (a, r) => a * 2.0 + r, x, _graph.Constant(1f));
        Output rightAlone = _graph.Foldr(static (a, r) => a - r, x);

        // Fibonacci numbers, as in TensorFlow's documentation.
        IReadOnlyList<Output> fibonacci = _graph.Scan((a, _) => [a[1], a[0] + a[1]], [_graph.Zeros([6])], [_graph.Constant(0f), _graph.Constant(1f)]);
        Output gradient = _graph.Gradients(_graph.ReduceSum(_graph.Scan(static (a, r) => a * r, x)), x)[0]!;
        using var session = new Session(_graph);
        Assert.Equal([1f, 3, 6, 10, 15, 21], session.Run(sums)!.ToArray<float>());
        Assert.Equal([-1f, -3, -6, -10, -15, -21], session.Run(from)!.ToArray<float>());
        Assert.Equal([21f, 20, 18, 15, 11, 6], session.Run(back)!.ToArray<float>());
        Assert.Equal(21f, (float)session.Run(total)!);
        Assert.Equal(64f + 32 + 32 + 24 + 16 + 10 + 6, (float)session.Run(left)!);
        Assert.Equal(64f + (6 * 32) + (5 * 16) + (4 * 8) + (3 * 4) + (2 * 2) + 1, (float)session.Run(right)!);
        Assert.Equal(6f - 5 - 4 - 3 - 2 - 1, (float)session.Run(rightAlone)!);
        Assert.Equal([1f, 1, 2, 3, 5, 8], session.Run(fibonacci[0])!.ToArray<float>());
        Assert.Equal([1f + 2 + 6 + 24 + 120 + 720, (2f + 6 + 24 + 120 + 720) / 2], session.Run(gradient)!.ToArray<float>()[..2]);
        Assert.Equal([6], sums.Shape);
    }

    [Fact]
    public void A_scalar_has_no_rows() =>
        Assert.Contains("not a scalar", Assert.Throws<ArgumentException>(() => _graph.MapFn(static r => r, 1.0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Variables_made_in_loops_and_branches_are_there_before_and_trained()
    {
        Output x = _graph.Constant(new[] { 1f, 2f });
        Output y = _graph.MapFn(r => r * _graph.GetVariable("w", [], initializer: new ConstantInitializer(3.0)).Value, x);
        Output z = _graph.Cond(_graph.Constant(true), () => _graph.Variable(2f, "v") * 1.0, () => _graph.Constant(0f));
        Output gradient = _graph.Gradients([_graph.ReduceSum(y)], [_graph.TrainableVariables()[0].Reference])[0]!;
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal([3f, 6], session.Run(y)!.ToArray<float>());
        Assert.Equal(2f, (float)session.Run(z)!);
        Assert.Equal(3f, (float)session.Run(gradient)!);
        string message = Assert.Throws<GraphException>(() => _graph.Cond(_graph.Constant(true), () => _graph.Variable(_graph.Square(y), "inner").Value, () => y)).Message;
        Assert.Contains("use a lambda as the initializer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_with_different_numbers_of_rows_are_refused()
    {
        string message = Assert.Throws<ArgumentException>(() => _graph.MapFn(static v => [v[0] + v[1]], [_graph.Zeros([3]), _graph.Zeros([4])])).Message;
        Assert.Contains("has 3", message, StringComparison.Ordinal);
        Assert.Contains("has 4", message, StringComparison.Ordinal);
    }
}
