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
    public static void Run(string folder)
    {
        Import(folder); // Before anything else: the first one is told as well.
        SmallGraph();
        ChainBenchmarks.Run();
        MemoryRow.Vgg();
        TrainingBenchmarks.Run(folder);
    }

    /// <summary>One run of <c>x * W1 + B1 &gt; 50</c> with a feed.</summary>
    public static void SmallGraph()
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

    /// <summary>Imports of MetaGraphs of 10,000 nodes; files go into the folder.</summary>
    public static void Import(string folder)
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
}
