using System.Diagnostics;

namespace NotebookPersist.Benchmarks;

/// <summary>All that the project promises of speed, in one run: the machine's peak, every side's median and best time, and the ratios.</summary>
internal static class SpeedBenchmarks
{
    private static readonly (string Name, Action<string> Run)[] Parts =
    [
        ("products", KernelBenchmarks.RunProducts),
        ("single convolutions", KernelBenchmarks.RunPlainConvolutions),
        ("kernels that memory bounds", KernelBenchmarks.RunSmall),
        ("VGG-16 forward", VggBenchmarks.RunForward),
        ("VGG-16 training", VggBenchmarks.RunTraining),
        ("VGG-16 memory and time until the first result", VggBenchmarks.RunMemory),
        ("training steps of small networks", TrainingBenchmarks.Run),
        ("a small graph", static _ => ExecutorBenchmarks.SmallGraph()),
        ("imports", ExecutorBenchmarks.Import),
        ("fewer instructions", RestrictedBenchmarks.Run),
    ];

    /// <summary>Runs one part after the other, and says how long each took.</summary>
    public static void Run(string folder)
    {
        long begun = Stopwatch.GetTimestamp();
        foreach ((string name, Action<string> part) in Parts)
        {
            long start = Stopwatch.GetTimestamp();
            part(folder);
            // What a part held for both sides must not lie around during the next.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Console.WriteLine(FormattableString.Invariant($"\n({name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s)"));
        }

        Console.WriteLine(FormattableString.Invariant($"\nAll of it took {Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} minutes."));
    }
}
