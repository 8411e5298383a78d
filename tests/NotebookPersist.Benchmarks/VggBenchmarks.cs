using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using OrtOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace NotebookPersist.Benchmarks;

/// <summary>VGG-16 beside other engines: forward, training, memory and the time until the first result.</summary>
internal static class VggBenchmarks
{
    /// <summary>First argument of a process that measures memory and the time until the first result.</summary>
    public const string Child = "--vgg-first";

    private const double ForwardGflop = 30.94;
    private const int HeadSteps = 2000;

    /// <summary>Forward passes of one image and of eight.</summary>
    public static void RunForward(string folder) => KernelBenchmarks.ForThreads(static (threads, peak) =>
    {
        Forward(threads, peak, 1, 9);
        Forward(threads, peak, 8, 3);
    });

    /// <summary>Forward passes of one image.</summary>
    public static void RunForwardOfOne(string folder) => KernelBenchmarks.ForThreads(static (threads, peak) => Forward(threads, peak, 1, 9));

    /// <summary>Where the time of a forward pass goes, node by node.</summary>
    public static void RunTrace(string folder) => KernelBenchmarks.ForThreads(static (threads, _) =>
    {
        foreach (int batch in new[] { 1, 8 })
        {
            var network = new VggNetwork(batch, classes: 1000);
            using Session session = network.Start(threads);
            NodeTimes.Print(session, network.Scores, network.Feeds, batch == 1 ? 10 : 2);
        }
    });

    /// <summary>Where the time of a training step with eight images goes, node by node.</summary>
    public static void RunTrainingTrace(string folder) => KernelBenchmarks.ForThreads(static (threads, _) =>
    {
        var network = new VggNetwork(8, classes: 2);
        Output step = network.Training(headOnly: false);
        using Session session = network.Start(threads);
        NodeTimes.Print(session, step, network.Feeds, 2);

    });

    /// <summary>Steps of training with eight images, beside the peer's forward pass of them: the peer does not train.</summary>
    public static void RunTraining(string folder) => KernelBenchmarks.ForThreads(static (threads, _) =>
    {
        var whole = new VggNetwork(8, classes: 2);
        Output step = whole.Training(headOnly: false);
        var head = new VggNetwork(8, classes: 2);
        Output headStep = head.Training(headOnly: true);
        using OnnxPeer peer = whole.Peer(threads);
        using Session session = whole.Start(threads);
        using Session headSession = head.Start(threads);
        new Contest(FormattableString.Invariant($"VGG-16, batch 8, {threads} thread(s)"))
            .Add("OnnxRuntime, forward only", peer.Run)
            .Add("full training step", () => session.Run(step, whole.Feeds))
            .Add("features forward, head trained", () => headSession.Run(headStep, head.Feeds))
            .Run(3);
        head.Cached[head.Features] = headSession.Run(head.Features, head.Feeds);
        Head(headSession, headStep, head.Cached, threads);
    });

    /// <summary>The head alone on random features, and where its time goes.</summary>
    public static void RunHead(string folder) => KernelBenchmarks.ForThreads(static (threads, _) =>
    {
        var head = new VggNetwork(8, classes: 2);
        Output step = head.Training(headOnly: true);
        using Session session = head.Start(threads);
        head.Cached[head.Features] = Tensor.Of<float>([8, 4096], KernelBenchmarks.Numbers(8 * 4096, 3, 1));
        Head(session, step, head.Cached, threads);
        NodeTimes.Print(session, step, head.Cached, 500);
    });

    /// <summary>The most memory of one forward pass, and the time from weights to its result; a process a side.</summary>
    public static void RunMemory(string folder)
    {
        string path = Path.Combine(folder, "vgg16.onnx");
        using (OnnxModel model = new VggNetwork(1, classes: 1000).Model())
            File.WriteAllBytes(path, model.ToBytes());
        Console.WriteLine("\n### VGG-16, batch 1, a process a side; the weights are 528 MiB\n\n| | threads | seconds to be ready | seconds of the first run | most memory, MiB |\n|---|---|---|---|---|");
        foreach (int threads in new[] { 1, 2 })
        {
            foreach (string side in new[] { "OnnxRuntime", "NotebookPersist" })
            {
                using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(VggBenchmarks).Assembly.Location, Child, side, path, $"{threads}"]))!; // A new process, no shell.
                process.WaitForExit();
            }
        }
    }

    /// <summary>Prints one row.</summary>
    public static void First(string side, string path, int threads)
    {
        if (File.Exists("/proc/self/clear_refs"))
            File.WriteAllText("/proc/self/clear_refs", "5"); // Forgets the peak.
        var network = new VggNetwork(1, classes: 1000);
        double ready, first;
        if (side == "OnnxRuntime")
        {
            using var options = new OrtOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            long start = Stopwatch.GetTimestamp();
            using var session = new InferenceSession(path, options);
            ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            using var input = OrtValue.CreateTensorValueFromMemory(new float[3 * 224 * 224], [1, 3, 224, 224]);
            using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
            session.Run(run, [OnnxModel.Input], [input], [session.OutputNames[0]]).Dispose();
            first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        else
        {
            using Session session = network.Start(threads);
            ready = 0; // The weights are there, as after a restore.
            long start = Stopwatch.GetTimestamp();
            session.Run(network.Scores, network.Feeds);
            first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {side} | {threads} | {ready:0.00} | {first:0.00} | {MemoryRow.Status("VmHWM")} |"));
    }

    private static void Forward(int threads, double peak, int batch, int rounds)
    {
        var network = new VggNetwork(batch, classes: 1000);
        using Session session = network.Start(threads);
        using Peers peers = network.Peers(threads);
        peers.Compare(session.Run(network.Scores, network.Feeds).ToArray<float>());
        peers.Contest(FormattableString.Invariant($"VGG-16 forward, batch {batch}, {threads} thread(s)"), () => session.Run(network.Scores, network.Feeds))
            .Rate(ForwardGflop * batch, peak)
            .Run(rounds, batch == 1 ? 1 : 0);
    }

    private static void Head(Session session, Output step, FeedDict feeds, int threads) =>
        new Contest(FormattableString.Invariant($"the head alone on cached features, batch 8, {threads} thread(s)")).PerItem(HeadSteps)
            .Add("NotebookPersist", () => Repeat(HeadSteps, () => session.Run(step, feeds)))
            .Run(11);

    private static void Repeat(int times, Action body)
    {
        for (int i = 0; i < times; i++)
            body();
    }
}
