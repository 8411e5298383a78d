using System.Diagnostics;
using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Sessions under many threads, many runs and sudden stops.</summary>
[Collection(nameof(Undisturbed))]
public sealed class SessionStressTests
{
    [Fact]
    public async Task Runs_of_one_session_from_several_threads_do_not_mix_their_values()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 64]);
        Output w = graph.Constant(Filled(64, 64, 0.5f));
        Output y = graph.Relu(graph.MatMul(x + 1f, w)) * 2f;
        using var session = new Session(graph);

        Task[] tasks = [.. Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                float value = (n * 200) + i;
                Tensor result = session.Run(y, new FeedDict { [x] = Filled(8 + n, 64, value) });
                Assert.All(result.ToArray<float>(), r => Assert.Equal((value + 1) * 64, r));
            }
        }))];
        await Task.WhenAll(tasks);
    }

    [Fact]
    public async Task Runs_that_change_variables_of_their_own_do_not_disturb_each_other()
    {
        var graph = new Graph();
        Variable shared = graph.Variable(Filled(1, 4, 2), name: "shared");
        Output[] steps = [.. Enumerable.Range(0, 8).Select(n => graph.Variable(new float[1, 4], name: $"own{n}").AssignAdd(shared.Value))];
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (int i = 1; i <= 500; i++)
                Assert.Equal(2f * i, session.Run(steps[n]).ItemAt<float>(3));
        })));
        // One plan for all of them, of which each run takes one part.
        Tensor?[] all = session.Run([.. steps.Select(static s => (Fetch)s)]);
        Assert.All(all, static t => Assert.Equal(1002f, t!.ItemAt<float>(0)));
    }

    [Fact]
    public async Task A_graph_may_grow_while_sessions_run_it()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [], "x");
        Output y = graph.Multiply(x + 1f, 3f, name: "y");
        using var session = new Session(graph);
        using var grown = new CancellationTokenSource();
        Task[] runs = [.. Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (int i = 0; i < 50 || !grown.IsCancellationRequested; i++)
                Assert.Equal((n + 1f) * 3, (float)(n % 2 == 0 ? session.Run(y, new FeedDict { [x] = (float)n }) : session.Run("y:0", new FeedDict { ["x:0"] = (float)n })!));
        }))];
        Output last = y;
        for (int i = 0; i < 3000; i++)
            last = graph.Identity(last, name: "more");
        await grown.CancelAsync();
        await Task.WhenAll(runs);
        Assert.Equal(9f, (float)session.Run(last, new FeedDict { [x] = 2f }));
    }

    [Fact]
    public void Ten_thousand_runs_of_a_small_graph_collect_no_more_than_their_results_do()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [1], name: "x");
        Variable w = graph.Variable(new[] { 10f }, name: "W1");
        Variable b = graph.Variable(new[] { 1f }, name: "B1");
        Output output = graph.Greater(graph.Add(graph.Multiply(x, w.Value), b.Value), 50f, name: "output");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = new[] { 6f } };
        Shape shape = [1];
        int results = Collections(() => Tensor.Uninitialized(DType.Bool, shape));
        Assert.InRange(Collections(() => session.Run(output, feeds)), 0, results);

        static int Collections(Func<Tensor> body)
        {
            for (int i = 0; i < 100; i++)
                body();
            GC.Collect();
            int before = GC.CollectionCount(0);
            for (int i = 0; i < 10_000; i++)
                GC.KeepAlive(body());
            return GC.CollectionCount(0) - before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_long_matrix_product_stops_when_asked(int threads)
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32);
        Output product = graph.MatMul(a, a);
        AssertStops(graph, product, new FeedDict { [a] = Filled(6000, 6000, 1) }, threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_long_convolution_stops_when_asked(int threads)
    {
        var graph = new Graph();
        Output a = graph.Placeholder(DType.Float32, [-1, -1, -1, 1024]);
        Output filter = graph.Constant(Tensor.Zeros(DType.Float32, [3, 3, 1024, 1024]));
        Output y = graph.Conv2D(a, filter, [1, 1, 1, 1], "SAME");
        AssertStops(graph, y, new FeedDict { [a] = Tensor.Zeros(DType.Float32, [2, 64, 64, 1024]) }, threads);
    }

    [Fact]
    public void Ten_thousand_runs_do_not_grow()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 4]);
        Variable w = graph.Variable(Tensor.Zeros(DType.Float32, [4, 3]), name: "w");
        Output y = graph.AddOperation("Softmax", null, null, graph.MatMul(x, w.Reference))[0];
        using var session = new Session(graph);
        session.Run(w.Initializer);
        var feeds = new FeedDict { [x] = Filled(100, 4, 1) };

        AssertSteady(10_000, () => session.Run(y, feeds));
    }

    [Fact]
    public void Two_hundred_runs_of_a_convolution_do_not_grow()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 32, 32, 8]);
        Output y = x;
        for (int i = 0; i < 4; i++)
        {
            Output filter = graph.Constant(Tensor.Zeros(DType.Float32, [3, 3, 8, 8]));
            y = graph.Relu(graph.Conv2D(y, filter, [1, 1, 1, 1], "SAME"));
        }

        Output sum = graph.AddOperation("Sum", null, null, y, graph.Constant(new[] { 0, 1, 2, 3 }))[0];
        using var session = new Session(graph);
        var feeds = new FeedDict { [x] = Tensor.Zeros(DType.Float32, [4, 32, 32, 8]) };

        AssertSteady(200, () => session.Run(sum, feeds));
    }

    [Fact]
    public void A_hundred_thousand_iterations_leave_nothing_behind()
    {
        var graph = new Graph();
        IReadOnlyList<LoopVariable> results = graph.WhileLoop(
            v => graph.Less((Output)v[0], 100_000),
            v => [graph.Add((Output)v[0], 1), graph.Add((Output)v[1], graph.Ones(new[] { 256 }))],
            [graph.Constant(0), graph.Zeros(new[] { 256 })]);
        using var session = new Session(graph);
        session.Run([(Output)results[0], (Output)results[1]]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Tensor?[] values = session.Run([(Output)results[0], (Output)results[1]]);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(100_000, values[0]!.Item<int>());
        Assert.All(values[1]!.ToArray<float>(), static v => Assert.Equal(100_000f, v));
        // A hundred thousand rows of 1 KiB would be 100 MB.
        Assert.InRange(after - before, long.MinValue, 20_000_000);
    }

    [Fact]
    public void A_fetched_variable_keeps_its_value_when_the_variable_changes()
    {
        var graph = new Graph();
        Variable w = graph.Variable(Filled(20, 20, 1), name: "w");
        Output same = graph.Reshape(graph.Identity(w.Reference), new[] { 400 });
        Output next = graph.Placeholder(DType.Float32, [20, 20]);
        Output assigned = graph.AddOperation("Assign", null, null, w.Reference, next)[0];
        using var session = new Session(graph);
        session.Run(w.Initializer);

        Tensor[] before = [session.Run(w), session.Run(same), session.Run(w.Reference)];
        float[,] fed = Filled(20, 20, 2);
        Tensor fedTensor = fed;
        Tensor during = session.Run(assigned, new FeedDict { [next] = fedTensor });
        session.Run(assigned, new FeedDict { [next] = Filled(20, 20, 3) });

        Assert.All(before, static t => Assert.Equal(1, t.ItemAt<float>(7)));
        Assert.Equal(2, during.ItemAt<float>(7));
        Assert.Equal(2, fedTensor.ItemAt<float>(7));
        Assert.Equal(3, session.Run(same).ItemAt<float>(7));
    }

    [Fact]
    public void Kernels_that_write_over_their_inputs_leave_fed_and_fetched_values_alone()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1]);
        Output shifted = x + 1f;
        Output view = graph.Reshape(shifted, new[] { -1, 10 });
        Output doubled = shifted * 2f;
        Output squared = graph.AddOperation("Square", null, null, graph.Identity(view))[0];
        Output negative = graph.AddOperation("Neg", null, null, x)[0];
        using var session = new Session(graph);
        float[] data = Enumerable.Repeat(1f, 1000).ToArray();
        Tensor fed = data;

        Tensor?[] values = session.Run([view, doubled, squared, negative, x], new FeedDict { [x] = fed });
        Tensor again = session.Run(graph.AddOperation("Exp", null, null, negative)[0], new FeedDict { [negative] = values[3]! });

        Assert.Equal([2f, 4f, 4f, -1f, 1f], values.Select(static v => v!.ItemAt<float>(999)));
        Assert.Equal(MathF.Exp(-1), again.ItemAt<float>(0), 5);
        Assert.Equal(-1, values[3]!.ItemAt<float>(0));
        Assert.All(data, static d => Assert.Equal(1, d));
    }

    [Fact]
    public void Writing_to_a_fetched_constant_does_not_change_the_graph()
    {
        var graph = new Graph();
        Output constant = graph.Constant(new[] { 1f, 2f });
        Output same = graph.Identity(constant);
        using var session = new Session(graph);

        session.Run(constant).MutableData<float>()[0] = 9;
        session.Run(same).MutableData<float>()[1] = 9;

        Assert.Equal([1f, 2f], session.Run(constant).ToArray<float>());
        Assert.Equal(1f, graph.ToGraphDef().Node[0].Attr["value"].Tensor.TensorContent.Span[3] == 0x3f ? 1f : 0f);
    }

    private static void AssertStops(Graph graph, Output fetch, FeedDict feeds, int threads)
    {
        using var session = new Session(graph, new SessionOptions { ThreadCount = threads });
        using var stop = new CancellationTokenSource();
        // The work must outlast this on any machine: 39 thousand million multiplications and additions, even by Winograd's way.
        using var timer = new Timer(_ => stop.Cancel(), null, 20, Timeout.Infinite);
        var clock = Stopwatch.StartNew();

        Exception? fault = Record.Exception(() => session.Run(fetch, feeds, stop.Token));

        Assert.IsAssignableFrom<OperationCanceledException>(fault);
        // Generous, for machines that do other things as well; the whole would take far longer.
        Assert.InRange(clock.ElapsedMilliseconds, 0, 4000);
    }

    private static void AssertSteady(int count, Action run)
    {
        for (int i = 0; i < 20; i++)
            run();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < count; i++)
            run();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 2 << 20);
    }

    private static float[,] Filled(int rows, int columns, float value)
    {
        float[,] values = new float[rows, columns];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref values[0, 0], values.Length).Fill(value);
        return values;
    }
}
