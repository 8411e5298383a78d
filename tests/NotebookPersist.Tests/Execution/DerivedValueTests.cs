using NotebookPersist.Memory;
using Xunit;

namespace NotebookPersist.Tests.Execution;

public sealed class DerivedValueTests
{
    private static readonly int[] Unit = [1, 1, 1, 1];

    [Fact]
    public void Transformed_filters_follow_every_change_of_their_variable()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 1, 12, 12, 16 });
        Variable filter = graph.Variable(graph.Fill(new[] { 3, 3, 16, 16 }, 0.5f), name: "filter");
        Output y = graph.Conv2D(x, filter.Value, Unit, "VALID");
        Output doubled = graph.AssignAdd(filter.Reference, graph.Fill(new[] { 3, 3, 16, 16 }, 0.5f));
        Output set = graph.Assign(filter.Reference, graph.Fill(new[] { 3, 3, 16, 16 }, 2f));
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = Ones(12 * 12 * 16, [1, 12, 12, 16]) };
        AssertAll(72, session.Run(y, feeds));
        AssertAll(72, session.Run(y, feeds));
        session.Run(doubled);
        AssertAll(144, session.Run(y, feeds));
        session.Run(set);
        AssertAll(288, session.Run(y, feeds));
    }

    [Fact]
    public void Packed_factors_follow_every_change_of_their_variable()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 4, 64 });
        Variable weights = graph.Variable(graph.Fill(new[] { 64, 80 }, 0.5f), name: "weights");
        Output y = graph.MatMul(x, weights.Value);
        Output added = graph.AssignAdd(weights.Reference, graph.Fill(new[] { 64, 80 }, 0.25f));
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = Ones(4 * 64, [4, 64]) };
        for (int step = 0; step < 4; step++)
        {
            for (int use = 0; use < 3; use++)
                AssertAll(32 + (16 * step), session.Run(y, feeds));
            session.Run(added);
        }
    }

    [Fact]
    public void A_session_beside_another_uses_its_memory_for_constants_in_the_bytes_of_its_variables()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 1, 12, 12, 16 }, "x");
        Variable filter = graph.Variable(graph.Fill(new[] { 3, 3, 16, 16 }, 0.5f), name: "filter");
        Output y = graph.Conv2D(x, filter.Value, Unit, "VALID", name: "y");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Tensor input = Ones(12 * 12 * 16, [1, 12, 12, 16]);
        AssertAll(72, session.Run(y, new FeedDict { [x] = input }));
        TensorBuffer bytes = Assert.Single(session.Variables.All).Value!.Buffer!;
        Tensor variable = new(DType.Float32, [3, 3, 16, 16], bytes);
        object made = session.Derived.Get<object>(variable, "winograd", static (_, _) => throw new InvalidOperationException("Nothing is computed twice."));
        var frozen = new Graph();
        frozen.ImportGraphDef(GraphFreezer.Freeze(session, ["y"]).GraphDef, name: "");
        Session beside = session.Beside(frozen);
        AssertAll(72, beside.Run(frozen.GetTensorByName("y:0"), new FeedDict { ["x:0"] = input }));
        Tensor constant = frozen.GetOperationByName("filter").Attributes.Tensor("value");
        Assert.NotSame(bytes, constant.Buffer);
        Assert.Same(made, beside.Derived.Get<object>(constant, "winograd", static (_, _) => throw new InvalidOperationException("Nothing is computed twice.")));
        Assert.Null(beside.Derived.GetOfLasting<object>(constant, "other", static (_, _) => new object()));
        Assert.Null(beside.Derived.GetOfLasting<object>(constant, "other", static (_, _) => new object()));
        Assert.Same(session.Pool, beside.Pool);

        TensorBuffer returned = session.Pool.Rent(1 << 16);
        returned.Retain();
        returned.Release();
        long held = session.Pool.HeldByteCount;
        beside.Dispose();
        Assert.True(held > 0);
        Assert.Equal(held, session.Pool.HeldByteCount);
        AssertAll(72, session.Run(y, new FeedDict { [x] = input }));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Beside(frozen));
    }

    [Fact]
    public void A_session_beside_another_has_values_of_its_own_where_the_bytes_are_others()
    {
        var graph = new Graph();
        Variable filter = graph.Variable(graph.Fill(new[] { 3, 3, 16, 16 }, 0.5f), name: "filter");
        using var session = new Session(graph);
        session.Run(filter.Initializer);
        var other = new Graph();
        Output x = other.Placeholder(DType.Float32, new[] { 1, 12, 12, 16 });
        Output y = other.Conv2D(x, other.Constant(Tensor.Of<float>([3, 3, 16, 16], Enumerable.Repeat(0.25f, 9 * 256).ToArray())), Unit, "VALID");
        using Session beside = session.Beside(other);
        AssertAll(36, beside.Run(y, new FeedDict { [x] = Ones(12 * 12 * 16, [1, 12, 12, 16]) }));
    }

    [Fact]
    public void An_exact_session_sums_plainly()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 1, 12, 12, 16 });
        Output y = graph.Conv2D(x, graph.Fill(new[] { 3, 3, 16, 16 }, 1f), Unit, "VALID");
        using var session = new Session(graph, new SessionOptions { ExactConvolution = true });
        Tensor input = Ones(12 * 12 * 16, [1, 12, 12, 16]);
        input.MutableData<float>()[0] = float.PositiveInfinity;
        Tensor result = session.Run(y, new FeedDict { [x] = input });
        // Only the one window that holds the infinite element shows it.
        Assert.Equal(16, result.Data<float>().ToArray().Count(float.IsPositiveInfinity));
        Assert.Equal(result.Count - 16, result.Data<float>().ToArray().Count(static v => v == 144));
    }

    private static Tensor Ones(int count, Shape shape) => Tensor.Of<float>(shape, Enumerable.Repeat(1f, count).ToArray());

    private static void AssertAll(float expected, Tensor found)
    {
        foreach (float value in found.Data<float>())
            Assert.Equal(expected, value, 1e-3f * expected);
    }
}
