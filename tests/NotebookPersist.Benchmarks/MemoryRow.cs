using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace NotebookPersist.Benchmarks;

/// <summary>Measures the most memory that a process has in use, in a process of its own a row, so that rows do not see each other's.</summary>
internal static class MemoryRow
{
    /// <summary>First argument of a process that measures a row.</summary>
    public const string Command = "--memory-row";

    private const string Forward = "vgg-forward";
    private const long KibInMib = 1024;

    // What a row does after the graph is there and the system was asked to forget the peak so far; and what it is called.
    private static readonly Dictionary<string, (string Title, Action<Graph, Session, Saver, string> Prepare, Action<Graph, Session, Saver, string> Body)> Rows = new(StringComparer.Ordinal)
    {
        ["restore"] = ("Saver.Restore into a fresh session", static (_, _, _, _) => { }, static (_, session, saver, prefix) => saver.Restore(session, prefix)),
        ["lazy"] = ("lazy restore, then all values are there", static (_, _, _, _) => { }, static (_, session, saver, prefix) => RestoreLazily(session, saver, prefix)),
        ["save"] = ("Saver.Save, beyond the model", static (_, session, saver, prefix) => saver.Restore(session, prefix), static (_, session, saver, prefix) =>
            saver.Save(session, prefix + "-again", writeMetaGraph: false, writeState: false)),
    };

    /// <summary>Runs every row in a process of its own and prints a table.</summary>
    /// <param name="prefix">A checkpoint of the model.</param>
    /// <param name="modelByteCount">Unit: bytes.</param>
    public static void Table(string prefix, long modelByteCount)
    {
        double model = modelByteCount / (double)(1 << 20);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n### Memory in use, a process a row; the model has {model:0} MiB\n\n| | before, MiB | most, MiB | more than before, MiB | that by the model |\n|---|---|---|---|---|"));
        foreach (string row in Rows.Keys)
        {
            (long before, long most) = InProcess(row, prefix);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Rows[row].Title} | {before} | {most} | {most - before} | {(most - before) / model:0.00} |"));
        }
    }

    /// <summary>The most memory of a process that runs the model forward, transformed filters included, beside the model's own size.</summary>
    public static void Vgg()
    {
        Console.WriteLine("\n### Most memory of a process that makes VGG-16 and runs it forward\n\n| batch | MiB |\n|---|---|");
        foreach (string batch in (string[])["1", "8"])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {batch} | {InProcess(Forward, batch).Most} |"));
    }

    /// <summary>Measures one row in this process and prints both figures.</summary>
    public static void Measure(string row, string prefix)
    {
        if (row == Forward)
        {
            RunVgg(int.Parse(prefix, CultureInfo.InvariantCulture));
            return;
        }

        Graph graph = VggModel.Graph();
        using var session = new Session(graph);
        var saver = new Saver(graph: graph, maxToKeep: 0);
        Rows[row].Prepare(graph, session, saver, prefix);
        if (File.Exists("/proc/self/clear_refs"))
            File.WriteAllText("/proc/self/clear_refs", "5"); // Forgets the peak.
        long before = Status("VmRSS");
        Rows[row].Body(graph, session, saver, prefix);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} {Status("VmHWM")}"));
        GC.KeepAlive(session);
    }

    private static void RunVgg(int batch)
    {
        (Graph network, Session session) = VggModel.Create();
        using (session)
        {
            long before = Status("VmRSS");
            Output scores = VggModel.Forward(network);
            var feeds = new FeedDict { ["input:0"] = Tensor.Zeros(DType.Float32, [batch, 224, 224, 3]) };
            for (int i = 0; i < 3; i++)
                session.Run(scores, feeds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} {Status("VmHWM")}"));
        }
    }

    private static void RestoreLazily(Session session, Saver saver, string prefix)
    {
        saver.Restore(session, prefix, new RestoreOptions { Lazy = true });
        saver.Verification.GetAwaiter().GetResult();
    }

    private static (long Before, long Most) InProcess(string row, string prefix)
    {
        string own = Assembly.GetExecutingAssembly().Location;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [own, Command, row, prefix]) { RedirectStandardOutput = true })!; // A new process, no shell.
        string[] figures = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return (long.Parse(figures[0], CultureInfo.InvariantCulture), long.Parse(figures[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A figure of the system about this process.</summary>
    /// <returns>Unit: MiB.</returns>
    internal static long Status(string key) => File.Exists("/proc/self/status")
        ? long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / KibInMib
        : Environment.WorkingSet >> 20;
}
