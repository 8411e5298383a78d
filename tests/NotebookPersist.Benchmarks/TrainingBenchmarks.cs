using System.Diagnostics;

namespace NotebookPersist.Benchmarks;

/// <summary>Steps of gradient descent of small networks, whose digits are random.</summary>
internal static class TrainingBenchmarks
{
    private const int Batch = 128;
    private const int Steps = 200;
    private const int FewestWarmUps = 40;

    // Code gets faster while it runs: methods are compiled again after thirty calls and a tenth of a second.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static readonly (string Name, Func<Graph, (Output Images, Output Labels, Output Loss, double Flops)> Build)[] Networks =
        [("MLP 784-512-10", Mlp), ("LeNet-5", LeNet), ("TF MNIST tutorial CNN", Cnn)];

    /// <summary>Times and shares of the peak.</summary>
    public static void Run(string folder)
    {
        double peak = FmaPeak.Measure(1);
        Console.WriteLine(FormattableString.Invariant($"\n### Training steps, batch {Batch}; peak of one core: {peak:0.0} GFLOP/s\n\n| model | threads | median ms | best ms | share of peak (median) | share of peak (best) |\n|---|---|---|---|---|---|"));
        foreach (int threads in (int[])[1, Environment.ProcessorCount])
        {
            foreach ((string name, Func<Graph, (Output, Output, Output, double)> build) in Networks)
                Train(name, threads, peak, build);
        }
    }

    /// <summary>Where the time of a step goes, node by node.</summary>
    public static void RunTrace(string folder)
    {
        foreach ((string name, Func<Graph, (Output, Output, Output, double)> build) in Networks)
        {
            Console.WriteLine($"\n### {name}");
            foreach (int threads in (int[])[1, Environment.ProcessorCount])
            {
                (Session session, Operation step, FeedDict feeds, _) = Start(threads, build);
                using (session)
                {
                    for (int i = 0; i < FewestWarmUps; i++)
                        session.Run(step, feeds);
                    NodeTimes.Print(session, step, feeds, 2 * FewestWarmUps);
                }
            }
        }
    }

    private static void Train(string name, int threads, double peak, Func<Graph, (Output, Output, Output, double)> build)
    {
        (Session session, Operation step, FeedDict feeds, double flops) = Start(threads, build);
        using (session)
        {
            var times = new List<double>();
            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < FewestWarmUps || Stopwatch.GetElapsedTime(begun) < WarmUp; i++)
                session.Run(step, feeds);
            begun = Stopwatch.GetTimestamp();
            while (times.Count < FewestWarmUps || (times.Count < Steps && Stopwatch.GetElapsedTime(begun) < 4 * WarmUp))
            {
                long start = Stopwatch.GetTimestamp();
                session.Run(step, feeds);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            double median = times[times.Count / 2];
            double most = peak * threads;
            Console.WriteLine(FormattableString.Invariant($"| {name} | {threads} | {median:0.00} | {times[0]:0.00} | {flops / median / 1e6 / most:0.0 %} | {flops / times[0] / 1e6 / most:0.0 %} |"));
        }
    }

    private static (Session Session, Operation Step, FeedDict Feeds, double Flops) Start(int threads, Func<Graph, (Output Images, Output Labels, Output Loss, double Flops)> build)
    {
        var graph = new Graph();
        (Output images, Output labels, Output loss, double flops) = build(graph);
        Operation train = new GradientDescentOptimizer(0.01f).Minimize(loss);
        var session = new Session(graph, new SessionOptions { ThreadCount = threads });
        session.Run(graph.GlobalVariablesInitializer());
        var random = new Random(1);
        long[] sizes = [Batch, .. images.Shape.Dimensions[1..]];
        Tensor pixels = Tensor.Uninitialized(DType.Float32, sizes);
        foreach (ref float pixel in pixels.MutableData<float>())
            pixel = random.NextSingle();
        Tensor digits = Tensor.Uninitialized(DType.Int32, [Batch]);
        foreach (ref int digit in digits.MutableData<int>())
            digit = random.Next(10);
        return (session, train, new FeedDict { [images] = pixels, [labels] = digits }, flops);
    }

    private static (Output, Output, Output, double) Mlp(Graph graph)
    {
        Output x = graph.Placeholder(DType.Float32, [-1, 784], "x");
        Output hidden = graph.Relu(Dense(graph, x, 784, 512));
        return Finish(graph, x, Dense(graph, hidden, 512, 10), Flops((784 * 512, false), (512 * 10, true)));
    }

    private static (Output, Output, Output, double) LeNet(Graph graph)
    {
        Output x = graph.Placeholder(DType.Float32, [-1, 32, 32, 1], "x");
        Output y = Pool(graph, graph.Tanh(Convolve(graph, x, 5, 1, 6, "VALID")));
        y = Pool(graph, graph.Tanh(Convolve(graph, y, 5, 6, 16, "VALID")));
        y = graph.Tanh(Dense(graph, graph.Reshape(y, new[] { -1, 400 }), 400, 120));
        y = graph.Tanh(Dense(graph, y, 120, 84));
        return Finish(graph, x, Dense(graph, y, 84, 10), Flops((28 * 28 * 25 * 6, false), (10 * 10 * 25 * 6 * 16, true), (400 * 120, true), (120 * 84, true), (84 * 10, true)));
    }

    private static (Output, Output, Output, double) Cnn(Graph graph)
    {
        Output x = graph.Placeholder(DType.Float32, [-1, 28, 28, 1], "x");
        Output y = Pool(graph, graph.Relu(Convolve(graph, x, 5, 1, 32, "SAME")));
        y = Pool(graph, graph.Relu(Convolve(graph, y, 5, 32, 64, "SAME")));
        y = graph.Relu(Dense(graph, graph.Reshape(y, new[] { -1, 3136 }), 3136, 1024));
        return Finish(graph, x, Dense(graph, y, 1024, 10), Flops((28 * 28 * 25 * 32, false), (14 * 14 * 25 * 32 * 64, true), (3136 * 1024, true), (1024 * 10, true)));
    }

    // Forward and weights' gradient always, the gradient towards the input but for the first layer. Unit: operations a step.
    private static double Flops(params ReadOnlySpan<(int Products, bool HasInputGradient)> layers)
    {
        double sum = 0;
        foreach ((int products, bool hasInputGradient) in layers)
            sum += 2.0 * Batch * products * (hasInputGradient ? 3 : 2);
        return sum;
    }

    private static (Output, Output, Output, double) Finish(Graph graph, Output x, Output logits, double flops)
    {
        Output labels = graph.Placeholder(DType.Int32, [-1], "labels");
        return (x, labels, graph.ReduceMean(graph.SparseSoftmaxCrossEntropyWithLogits(labels, logits)), flops);
    }

    private static Output Dense(Graph graph, Output x, int inputs, int outputs) =>
        graph.BiasAdd(graph.MatMul(x, Weights(graph, [inputs, outputs]).Value), graph.Variable(new float[outputs]).Value);

    private static Output Convolve(Graph graph, Output x, int window, int inputs, int outputs, string padding) =>
        graph.BiasAdd(graph.Conv2D(x, Weights(graph, [window, window, inputs, outputs]).Value, [1, 1, 1, 1], padding), graph.Variable(new float[outputs]).Value);

    private static Variable Weights(Graph graph, Shape shape) => graph.Variable(graph.TruncatedNormal(shape, stddev: 0.1f, seed: 1));

    private static Output Pool(Graph graph, Output x) => graph.MaxPool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME");
}
