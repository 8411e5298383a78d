using System.Diagnostics;
using System.Globalization;

namespace NotebookPersist.Benchmarks;

/// <summary>Freezing at VGG-16's size: time, and most memory beyond what the process held with the model loaded and run once.</summary>
/// <remarks>Each way has a process of its own, so that none benefits from another's memory.</remarks>
internal static class FreezeBenchmarks
{
    /// <summary>First argument of a process that freezes one way.</summary>
    public const string Child = "freeze-child";

    // Freezes nothing: what one more run of the network takes, as verifying makes one.
    private const string RunOnly = "forward-run-only";

    private static readonly string[] Ways = ["values", "values-unverified", "forward", "forward-unverified", RunOnly];

    /// <summary>Runs the suite, or one way of it where this process was started for that.</summary>
    /// <returns>False where the words mean something else.</returns>
    public static bool TryRun(string[] words, string folder)
    {
        if (words is [Child, string way, ..])
        {
            Freeze(folder, way);
            return true;
        }

        if (words is not ["freeze", ..])
            return false;
        Console.WriteLine("| freezing VGG-16 (553 MB) | seconds | most memory beyond the model, MiB | verdict |\n|---|---|---|---|");
        foreach (string each in Ways)
        {
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Host(), Child, each, folder]) { UseShellExecute = false })!; // A new process starts.
            process.WaitForExit();
        }

        return true;
    }

    // Under the dotnet host the program itself is its first word.
    private static string[] Host() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(FreezeBenchmarks).Assembly.Location] : [];

    private static void Freeze(string folder, string way)
    {
        (Graph graph, Session session) = VggModel.Create();
        using (session)
        {
            bool forward = way.StartsWith("forward", StringComparison.Ordinal);
            Output output = forward ? VggModel.Forward(graph) : Sums(graph);
            FeedDict? feeds = forward ? new() { ["input:0"] = Tensor.Zeros(DType.Float32, [1, 224, 224, 3]) } : null;
            session.Run(output, feeds);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            File.WriteAllText("/proc/self/clear_refs", "5"); // The most memory counts from here.
            long before = Status("VmRSS");
            if (way == RunOnly)
            {
                long start = Stopwatch.GetTimestamp();
                session.Run(output, feeds);
                Print(way, Stopwatch.GetElapsedTime(start), before, "Nothing is frozen.");
                return;
            }

            var options = new FreezeOptions { OutputNames = [output.Operation.Name], Verification = new() { IsWanted = !way.EndsWith("unverified", StringComparison.Ordinal) } };
            FreezeReport report = GraphFreezer.FreezeToFile(session, Path.Combine(folder, "vgg.pb"), options);
            Print(way, report.Elapsed, before, report.Verification.ToString());
        }
    }

    private static void Print(string way, TimeSpan elapsed, long before, string verdict) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {way} | {elapsed.TotalSeconds:0.00} | {(Status("VmHWM") - before) / 1024.0:0.0} | {verdict} |"));

    // Needs every variable and computes almost nothing.
    private static Output Sums(Graph graph) => graph.AddN([.. graph.GlobalVariables().Where(static v => v.OperationName != "global_step").Select(v => (Operand)graph.ReduceSum(v.Value))], "sums");

    private static long Status(string key) => long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
