using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Benchmarks;

/// <summary>The same work with fewer of the processor's instructions: the runtime's switches are read at its start, so that each row of switches has a process.</summary>
internal static class RestrictedBenchmarks
{
    /// <summary>First argument of a process that measures with what the runtime lets it see.</summary>
    public const string Child = "--restricted";

    private const int Rounds = 9;

    private static readonly (string Title, string[] Off)[] Modes =
        [("all instructions", []), ("without AVX-512", ["EnableAVX512", "EnableAVX512F"]), ("without AVX2 and FMA", ["EnableAVX2"])];

    /// <summary>Prints a table: medians and best times of each work, and their ratio to those with all instructions.</summary>
    public static void Run(string folder)
    {
        Console.WriteLine("\n### With fewer instructions, one thread\n\n| work | instructions | bits of a vector | median ms | best ms | ratio of medians | ratio of best |\n|---|---|---|---|---|---|---|");
        var first = new Dictionary<string, (double Median, double Best)>(StringComparer.Ordinal);
        foreach ((string title, string[] off) in Modes)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(RestrictedBenchmarks).Assembly.Location, Child]) { RedirectStandardOutput = true };
            foreach (string name in off)
                start.Environment["DOTNET_" + name] = "0";
            using Process process = Process.Start(start)!; // A new process, no shell.
            while (process.StandardOutput.ReadLine() is { } line)
            {
                string[] parts = line.Split('|');
                (double median, double best) = (double.Parse(parts[2], CultureInfo.InvariantCulture), double.Parse(parts[3], CultureInfo.InvariantCulture));
                first.TryAdd(parts[0], (median, best));
                Console.WriteLine(FormattableString.Invariant(
                    $"| {parts[0]} | {title} | {parts[1]} | {median:0.00} | {best:0.00} | {median / first[parts[0]].Median:0.00} | {best / first[parts[0]].Best:0.00} |"));
            }

            process.WaitForExit();
        }
    }

    /// <summary>Prints one line a work: its name, the bits of a vector, median and best time in milliseconds.</summary>
    public static void Measure()
    {
        var workers = Workers.Single;
        const int size = 1024;
        float[] a = KernelBenchmarks.Numbers(size * size, 1, 1);
        float[] b = KernelBenchmarks.Numbers(size * size, 2, 1);
        float[] c = new float[size * size];
        Time("[1024,1024] x [1024,1024]", () => MatrixProduct.Multiply<float>(a, b, c, size, size, size, false, false, workers));

        WindowAxis axis = WindowAxis.Create(56, 3, 1, 1, "SAME");
        var shape = new WindowShape(1, 256, 256, WindowAxis.Single, axis, axis);
        float[] image = KernelBenchmarks.Numbers(56 * 56 * 256, 1, 1);
        float[] result = new float[image.Length];
        var filter = new WinogradFilter(256, 256);
        filter.Set(KernelBenchmarks.Numbers(9 * 256 * 256, 2, 0.05f), workers);
        Time("3x3, 56x56x256 to 256", () => Convolution.Forward(image, filter, result, shape, default, workers));

        var network = new VggNetwork(1, classes: 1000);
        using Session session = network.Start(1);
        Time("VGG-16 forward, batch 1", () => session.Run(network.Scores, network.Feeds));
    }

    private static void Time(string work, Action body)
    {
        double[] times = new double[Rounds];
        body();
        body();
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            body();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        Console.WriteLine(FormattableString.Invariant($"{work}|{bits}|{times[times.Length / 2]}|{times[0]}"));
    }
}
