namespace NotebookPersist.Benchmarks;

/// <summary>Chains of element by element operations, joined and one by one; and branches that do not depend on each other.</summary>
internal static class ChainBenchmarks
{
    private const int Rounds = 15;

    public static void Run()
    {
        foreach (int threads in (int[])[1, Environment.ProcessorCount])
        {
            foreach (int count in (int[])[10_000, 100_000, 4_000_000])
            {
                Chain("max(x * a + b, 0)", count, threads, static (g, x, y) => g.Relu((x * 1.7f) + 0.3f));
                Chain("0.9 * m + 0.1 * g * g, a second moment", count, threads, static (g, x, y) => (0.9f * x) + (0.1f * g.Square(y)));
                Chain("sigmoid cross entropy", count, threads, static (g, x, y) => g.Maximum(x, 0f) - (x * y) + g.Log1p(g.Exp(-g.Abs(x))));
            }
        }

        Branches();
    }

    private static void Chain(string name, int count, int threads, Func<Graph, Output, Output, Output> build)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1]);
        Output y = graph.Placeholder(DType.Float32, [-1]);
        // Reduced, so that neither has to hand out a result of its own.
        Output result = graph.AddOperation("Size", null, null, build(graph, x, y))[0];
        var feeds = new FeedDict { [x] = Numbers(count), [y] = Numbers(count) };
        using var joined = new Session(graph, new SessionOptions { ThreadCount = threads });
        using var single = new Session(graph, new SessionOptions { ThreadCount = threads, OptimizesPlans = false });
        int repeats = Math.Max(1, 1_000_000 / count);
        new Contest($"{name}; {count:N0} numbers, {threads} thread(s), {repeats:N0} runs")
            .Add("one by one", () => Repeat(repeats, () => single.Run(result, feeds)))
            .Add("joined", () => Repeat(repeats, () => joined.Run(result, feeds)))
            .Run(Rounds);
    }

    // As in Inception: four ways through a small image. In parallel at best, each half of the work on a core of its own.
    internal static void Branches()
    {
        foreach (int size in (int[])[28, 14, 7])
        {
            var graph = new Graph();
            Output x = graph.Placeholder(DType.Float32, [1, size, size, 192]);
            Output[] branches =
            [
                Layer(graph, x, 1, 192, 64), Layer(graph, Layer(graph, x, 1, 192, 96), 3, 96, 128), Layer(graph, Layer(graph, x, 1, 192, 16), 5, 16, 32),
                Layer(graph, graph.MaxPool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME"), 1, 192, 32),
            ];
            Output all = graph.Concat([.. branches.Select(static b => (Operand)b)], 3);
            Output heavy = graph.AddOperation("Size", null, null, branches[1])[0];
            Output rest = graph.AddOperation("Size", null, null, graph.Concat([branches[0], branches[2], branches[3]], 3))[0];
            var feeds = new FeedDict { [x] = Tensor.Zeros(DType.Float32, [1, size, size, 192]) };
            using var one = new Session(graph, new SessionOptions { ThreadCount = 1 });
            using var two = new Session(graph, new SessionOptions { ThreadCount = 2 });
            using var other = new Session(graph, new SessionOptions { ThreadCount = 1 });
            foreach (Session session in (Session[])[one, two, other])
                session.Run(graph.GlobalVariablesInitializer());
            new Contest($"An Inception block over {size}x{size}x192, 20 runs")
                .Add("one thread", () => Repeat(20, () => one.Run(all, feeds)))
                .Add("two threads, as sessions share them out", () => Repeat(20, () => two.Run(all, feeds)))
                .Add("two branches at a time, a thread each", () => Repeat(20, () => Parallel.Invoke(() => one.Run(heavy, feeds), () => other.Run(rest, feeds))))
                .Run(Rounds);
        }
    }

    private static Output Layer(Graph graph, Output x, int window, int inputs, int outputs) => graph.Relu(graph.Conv2D(
        x, graph.Variable(graph.TruncatedNormal(new long[] { window, window, inputs, outputs }, stddev: 0.1f, seed: 1)).Value, [1, 1, 1, 1], "SAME"));

    private static Tensor Numbers(int count)
    {
        Tensor numbers = Tensor.Uninitialized(DType.Float32, [count]);
        var random = new Random(1);
        foreach (ref float number in numbers.MutableData<float>())
            number = random.NextSingle() - 0.5f;
        return numbers;
    }

    private static void Repeat(int count, Action body)
    {
        for (int i = 0; i < count; i++)
            body();
    }
}
