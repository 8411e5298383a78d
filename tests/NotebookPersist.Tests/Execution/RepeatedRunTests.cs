using Xunit;

namespace NotebookPersist.Tests.Execution;

public sealed class RepeatedRunTests
{
    private static (Session Session, Output X, Output Output) Small(Graph graph, SessionOptions? options = null)
    {
        Output x = graph.Placeholder(DType.Float32, [1], name: "x");
        Variable w = graph.Variable(new[] { 10f }, name: "W1");
        Variable b = graph.Variable(new[] { 1f }, name: "B1");
        Output output = graph.Greater(graph.Add(graph.Multiply(x, w.Value), b.Value), 50f, name: "output");
        var session = new Session(graph, options);
        session.Run(graph.GlobalVariablesInitializer());
        return (session, x, output);
    }

    [Fact]
    public void A_run_that_repeats_allocates_its_result_and_nothing_else()
    {
        var graph = new Graph();
        (Session session, Output x, Output output) = Small(graph);
        using (session)
        {
            var feeds = new FeedDict { [x] = new[] { 6f } };
            for (int i = 0; i < 100; i++)
                session.Run(output, feeds);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Tensor result = session.Run(output, feeds);
            long first = GC.GetAllocatedBytesForCurrentThread() - before;
            Shape shape = [1];
            before = GC.GetAllocatedBytesForCurrentThread();
            Tensor alone = Tensor.Uninitialized(DType.Bool, shape);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(result.Data<bool>()[0]);
            Assert.Equal(1, alone.Count);
            Assert.True(first <= allocated, $"A run allocated {first} bytes, its result alone {allocated}.");
        }
    }

    [Fact]
    public void Ten_thousand_runs_of_a_small_graph_never_wake_the_collector()
    {
        var graph = new Graph();
        (Session session, Output x, Output output) = Small(graph);
        using (session)
        {
            var feeds = new FeedDict { [x] = new[] { 6f } };
            for (int i = 0; i < 100; i++)
                session.Run(output, feeds);
            // Other tests allocate meanwhile: what counts is that the bytes of all these runs are those of their results.
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10_000; i++)
                session.Run(output, feeds);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000 * 200);
        }
    }

    [Fact]
    public void Feeds_made_anew_for_each_run_are_told_apart_by_their_keys()
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32, [], name: "a");
        Output b = graph.Placeholder(DType.Float32, [], name: "b");
        Output y = graph.Subtract(a, b);
        using var session = new Session(graph);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(3f, (float)session.Run(y, new FeedDict { [a] = 5f, [b] = 2f }));
            Assert.Equal(3f, (float)session.Run(y, new FeedDict { [b] = 2f, [a] = 5f }));
            Assert.Equal(7f, (float)session.Run(y, new FeedDict { ["a:0"] = 9f, [b] = 2f }));
            Assert.Equal(4f, (float)session.Run(y, new FeedDict { [y] = 4f }));
            Assert.Throws<RunException>(() => session.Run(y, new FeedDict { [a] = 5f }));
            Assert.Throws<RunException>(() => session.Run(y));
        }

        var many = new FeedDict();
        Output[] all = [.. Enumerable.Range(0, 20).Select(i => graph.Placeholder(DType.Float32, [], name: $"p{i}"))];
        foreach (Output p in all)
            many.Add(p, 1f);
        many[all[3]] = 10f;
        many[all[19]] = 100f;
        Assert.Equal((20, 10f), (many.Count, (float)many[all[3]]));
        Assert.Equal(128f, (float)session.Run(graph.AddN([.. all.Select(static p => (Operand)p)]), many));
        Assert.Throws<KeyNotFoundException>(() => many["q:0"]);
    }

    [Fact]
    public void Each_run_gives_a_result_of_its_own()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [2], name: "x");
        Output y = graph.Add(graph.Multiply(x, 2f), 1f);
        using var session = new Session(graph);
        var feeds = new FeedDict { [x] = new[] { 1f, 2f } };
        Tensor first = session.Run(y, feeds);
        feeds[x] = new[] { 3f, 4f };
        Tensor second = session.Run(y, feeds);
        Tensor third = session.Run(y, feeds);
        Assert.Equal([3f, 5f], first.ToArray<float>());
        Assert.Equal([7f, 9f], second.ToArray<float>());
        Assert.Equal([7f, 9f], third.ToArray<float>());
    }

    [Fact]
    public void Shapes_may_change_from_run_to_run()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1], name: "x");
        Output y = graph.Add(graph.Multiply(x, 2f), graph.Multiply(x, x));
        using var session = new Session(graph);
        var feeds = new FeedDict { [x] = new[] { 1f, 2f } };
        Assert.Equal([3f, 8f], session.Run(y, feeds).ToArray<float>());
        feeds[x] = new[] { 1f, 2f, 3f };
        Assert.Equal([3f, 8f, 15f], session.Run(y, feeds).ToArray<float>());
        feeds[x] = new[] { 5f };
        Assert.Equal([35f], session.Run(y, feeds).ToArray<float>());
    }

    [Fact]
    public void A_changed_graph_is_looked_at_again()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], name: "x");
        Output y = graph.Add(x, 1f);
        using var session = new Session(graph);
        var feeds = new FeedDict { [x] = 1f };
        Assert.Equal(2f, (float)session.Run(y, feeds));
        Output z = graph.Multiply(y, 3f);
        Assert.Equal(2f, (float)session.Run(y, feeds));
        Assert.Equal(6f, (float)session.Run(z, feeds));
        feeds.Add(y, 5f);
        Assert.Equal(15f, (float)session.Run(z, feeds));
    }

    [Fact]
    public void A_value_that_does_not_fit_is_refused_in_every_run()
    {
        var graph = new Graph();
        (Session session, Output x, Output output) = Small(graph);
        using (session)
        {
            var feeds = new FeedDict { [x] = new[] { 6f } };
            session.Run(output, feeds);
            session.Run(output, feeds);
            feeds[x] = new[] { 6f, 7f };
            Assert.Contains("Cannot feed value of shape (2,)", Assert.Throws<ArgumentException>(() => session.Run(output, feeds)).Message, StringComparison.Ordinal);
            feeds[x] = new[] { 4f };
            Assert.False(session.Run(output, feeds).Data<bool>()[0]);
            session.Close();
            Assert.Throws<ObjectDisposedException>(() => session.Run(output, feeds));
        }
    }

    [Fact]
    public void Several_threads_may_repeat_one_run()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [3], name: "x");
        Output y = graph.Add(graph.Multiply(graph.Add(x, 1f), x), graph.Multiply(x, 3f));
        using var session = new Session(graph);
        Parallel.For(0, 8, thread =>
        {
            var feeds = new FeedDict { [x] = new[] { thread, 2f, 3f } };
            for (int i = 0; i < 300; i++)
                Assert.Equal([((thread + 1f) * thread) + (3f * thread), 12f, 21f], session.Run(y, feeds).ToArray<float>());
        });
    }

    [Fact]
    public void A_callable_runs_as_the_session_does()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], name: "x");
        Variable v = graph.Variable(1f, name: "v");
        Operation step = v.AssignAdd(x).Operation;
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        SessionCallable callable = session.MakeCallable([step, v], [x]);
        Assert.Null(callable.Run(2f)[0]);
        session.MakeCallable([step], [x]).Run(4f);
        Assert.Equal(7f, (float)session.Run(v));
        graph.Constant(1f);
        callable.Run(1f);
        Assert.Equal(8f, (float)session.Run(v));
        Assert.Contains("Expects 1 values", Assert.Throws<ArgumentException>(() => callable.Run()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.MakeCallable(["missing:0"]));
    }
}
