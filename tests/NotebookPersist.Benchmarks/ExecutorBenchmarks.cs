using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NotebookPersist.Protos;
using OrtOptions = Microsoft.ML.OnnxRuntime.SessionOptions;
using OrtRunOptions = Microsoft.ML.OnnxRuntime.RunOptions;

namespace NotebookPersist.Benchmarks;

/// <summary>Small graphs, imports and training steps.</summary>
internal static class ExecutorBenchmarks
{
    private const int Batch = 128;

    public static void Run(string folder)
    {
        Import(folder); // Before anything else: the first one is told as well.
        SmallGraph();
        ChainBenchmarks.Run();
        MemoryRow.Vgg();
        double peak = FmaPeak.Measure(1);
        Console.WriteLine(FormattableString.Invariant($"\n### Training steps, batch {Batch}; peak of one core: {peak:0.0} GFLOP/s\n\n| model | threads | median ms | best ms | share of peak (best) |\n|---|---|---|---|---|"));
        foreach (int threads in (int[])[1, Environment.ProcessorCount])
        {
            Train("MLP 784-512-10", threads, peak, Mlp);
            Train("LeNet-5", threads, peak, LeNet);
            Train("TF MNIST tutorial CNN", threads, peak, Cnn);
        }
    }

    private static void SmallGraph()
    {
        const int runs = 10_000;
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [1], "x");
        Variable w = graph.Variable(new[] { 10f }, name: "W1");
        Variable b = graph.Variable(new[] { 1f }, name: "B1");
        Output output = graph.Greater(graph.Add(graph.Multiply(x, w.Value), b.Value), 50f, "output");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = new[] { 6f } };
        SessionCallable callable = session.MakeCallable([output], [x]);
        Tensor six = new[] { 6f };
        for (int i = 0; i < 100_000; i++)
            session.Run(output, feeds);
        using OnnxModel model = new OnnxModel(1).Multiply([10f]).Bias([1f], relu: false).Greater([50f]);
        using var options = new OrtOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var peer = new InferenceSession(model.ToBytes(), options);
        using var peerRun = new OrtRunOptions();
        using OrtValue peerInput = OrtValue.CreateTensorValueFromMemory(new[] { 6f }, [1]);
        new Contest("x * W1 + B1 > 50, 10,000 runs").PerItem(runs)
            .Add("Run(Output, FeedDict)", () => Repeat(() => session.Run(output, feeds)))
            .Add("MakeCallable", () => Repeat(() => callable.Run(six)))
            .Add("Run(Output, new FeedDict { [x] = new[] { 6f } })", () => Repeat(() => session.Run(output, new FeedDict { [x] = new[] { 6f } })))
            .Add("Run([Fetch], FeedDict)", () => Repeat(() => session.Run([output], feeds)))
            .Add("OnnxRuntime, its values kept", () => Repeat(() =>
            {
                using IDisposableReadOnlyCollection<OrtValue> outputs = peer.Run(peerRun, [OnnxModel.Input], [peerInput], [model.Output]);
            }))
            .Add("OnnxRuntime, values made anew", () => Repeat(() =>
            {
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
                    peer.Run([NamedOnnxValue.CreateFromTensor(OnnxModel.Input, new DenseTensor<float>(new[] { 6f }, new[] { 1 }))]);
            }))
            .Run(15);
        int collections = GC.CollectionCount(0);
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
            session.Run(output, feeds);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Shape shape = [1];
        long before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(Tensor.Uninitialized(DType.Bool, shape));
        long result = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine(FormattableString.Invariant($"\nAllocated a run: {(double)bytes / runs:0.0} bytes (a result alone: {result}); collections of generation 0 in {runs:N0} runs: {GC.CollectionCount(0) - collections}."));

        static void Repeat(Action body)
        {
            for (int i = 0; i < runs; i++)
                body();
        }
    }

    private static void Import(string folder)
    {
        var graph = new Graph();
        Output y = graph.Placeholder(DType.Float32, [-1, 16], "x");
        while (graph.Operations.Count < 10_000)
        {
            using (graph.NameScope("layer"))
                y = graph.Relu(graph.BiasAdd(graph.MatMul(y, graph.Constant(new float[16, 16])), graph.Constant(new float[16])));
        }

        Import("inference", graph, folder);

        // With everything that training adds: variables, gradients, slots, savers, collections, colocations.
        graph = new Graph();
        y = graph.Placeholder(DType.Float32, [-1, 16], "x");
        for (int i = 0; i < 240; i++)
        {
            using (graph.NameScope("layer"))
                y = LayerFunctions.Dense(y, 16, graph.Relu);
        }

        new MomentumOptimizer(0.1f, 0.9f).Minimize(graph.ReduceMean(graph.Square(y)));
        GC.KeepAlive(new Saver(graph: graph));
        Import("training", graph, folder);
    }

    private static void Import(string name, Graph graph, string folder)
    {
        string path = Path.Combine(folder, name + ".meta");
        MetaGraphFiles.Export(path, graph);
        byte[] bytes = File.ReadAllBytes(path);
        long start = Stopwatch.GetTimestamp();
        MetaGraphFiles.Import(path, graph: new Graph());
        Console.WriteLine(FormattableString.Invariant($"\nThe first import, {name}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms."));
        new Contest($"Importing a MetaGraph of {graph.Operations.Count:N0} nodes for {name} ({bytes.Length / 1024:N0} KiB)")
            .Add("from the file", () => MetaGraphFiles.Import(path, graph: new Graph()))
            .Add("parsing alone", () => MetaGraphDef.Parser.ParseFrom(bytes))
            .Run(15);
    }

    private static void Train(string name, int threads, double peak, Func<Graph, (Output Images, Output Labels, Output Loss, double Flops)> build)
    {
        var graph = new Graph();
        (Output images, Output labels, Output loss, double flops) = build(graph);
        Operation train = new GradientDescentOptimizer(0.01f).Minimize(loss);
        using var session = new Session(graph, new SessionOptions { ThreadCount = threads });
        session.Run(graph.GlobalVariablesInitializer());
        var random = new Random(1);
        long[] sizes = [Batch, .. images.Shape.Dimensions[1..]];
        Tensor pixels = Tensor.Uninitialized(DType.Float32, sizes);
        foreach (ref float pixel in pixels.MutableData<float>())
            pixel = random.NextSingle();
        Tensor digits = Tensor.Uninitialized(DType.Int32, [Batch]);
        foreach (ref int digit in digits.MutableData<int>())
            digit = random.Next(10);
        var feeds = new FeedDict { [images] = pixels, [labels] = digits };
        var times = new List<double>();
        for (int i = 0; i < 40; i++)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(train, feeds);
            if (i >= 10)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(FormattableString.Invariant($"| {name} | {threads} | {times[times.Count / 2]:0.00} | {times[0]:0.00} | {flops / times[0] / 1e6 / (peak * threads):0.0 %} |"));
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
