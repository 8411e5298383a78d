using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace NotebookPersist.Benchmarks;

/// <summary>What figures depend on.</summary>
internal static class Machine
{
    /// <summary>Prints date, processor, memory, system, runtime and file system.</summary>
    public static void Describe(string folder)
    {
        string processor = Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        string disk = DriveInfo.GetDrives().Where(d => folder.StartsWith(d.RootDirectory.FullName, StringComparison.Ordinal)).MaxBy(static d => d.RootDirectory.FullName.Length)?.DriveFormat ?? "unknown";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}: {Environment.ProcessorCount} cores ({processor}), {memory} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"{(GCSettings.IsServerGC ? "server" : "workstation")} collector, files on {disk}."));
        DescribeLoad();
    }

    /// <summary>Prints how busy the machine is with other work.</summary>
    public static void DescribeLoad()
    {
        if (File.Exists("/proc/loadavg"))
            Console.WriteLine($"\nLoad of the last minute, five and fifteen: {string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}.");
    }

    private static string? Line(string path, string key) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;
}
