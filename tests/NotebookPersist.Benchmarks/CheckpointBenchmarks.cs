using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats;

namespace NotebookPersist.Benchmarks;

/// <summary>Saving and restoring at VGG-16's size, and many small tensors, against plain reads and writes of the same bytes.</summary>
internal static class CheckpointBenchmarks
{
    private const int Rounds = 5;
    private const int ChunkByteCount = 4 << 20;

    public static void Run(string folder)
    {
        (Graph graph, Session session) = VggModel.Create();
        using (session)
        {
            var saver = new Saver(graph: graph, maxToKeep: 0);
            Console.WriteLine($"Memory of the process with the model in it: {Resident()} MiB");
            Save(folder, session, saver);
            Restore(folder, session, saver);
        }

        Small(folder, 1_000);
        Small(folder, 10_000);
        Small(folder, 100_000);
    }

    private static void Save(string folder, Session session, Saver saver)
    {
        string prefix = Path.Combine(folder, "vgg");
        SaveOptions fast = new() { Durable = false };
        long byteCount = session.Variables.All.Sum(static v => v.Value!.ByteCount);
        byte[] chunk = new byte[ChunkByteCount];
        string plain = Path.Combine(folder, "plain");
        new Contest("Save, without waiting for the disk")
            .Add("plain write loop of the same bytes", () => Write(plain, chunk, byteCount, flush: false), () => File.Delete(plain))
            .Add("Saver.Save", () => saver.Save(session, prefix, writeMetaGraph: false, writeState: false, options: fast), () => Delete(prefix))
            .Run(Rounds);
        new Contest("Save, on disk when it returns")
            .Add("plain write loop and fsync", () => Write(plain, chunk, byteCount, flush: true), () => File.Delete(plain))
            .Add("Saver.Save", () => saver.Save(session, prefix, writeMetaGraph: false, writeState: false), () => Delete(prefix))
            .Add("Saver.SaveAsync, until it returns", () => saver.SaveAsync(session, prefix, writeMetaGraph: false, writeState: false), () =>
            {
                saver.Dispose();
                Delete(prefix);
            })
            .Run(Rounds);
        saver.Dispose();
        Console.WriteLine($"\nMost memory of the process after saving: {MostResident()} MiB");
    }

    private static void Restore(string folder, Session session, Saver saver)
    {
        string prefix = Path.Combine(folder, "vgg");
        string data = prefix + ".data-00000-of-00001";
        string[] names = [.. session.Variables.All.Select(static v => v.Name)];
        new Contest("Restore from the page cache, every checksum compared")
            .Add("plain read of the same bytes into one buffer", () => Read(data))
            .Add("CheckpointReader.ReadAll, fresh memory", () =>
            {
                using CheckpointReader reader = CheckpointReader.Open(prefix);
                reader.ReadAll([.. names.Select(static n => new TensorRequest(n))]);
            }, Collect)
            .Add("Saver.Restore", () => saver.Restore(session, prefix), Collect)
            .Run(Rounds);
        new Contest("Inspect without values").Add("CheckpointReader.Open", () => CheckpointReader.Open(prefix).Dispose()).Run(Rounds);
        Console.WriteLine($"\nMost memory of the process after restoring: {MostResident()} MiB");
    }

    private static void Small(string folder, int count)
    {
        string prefix = Path.Combine(folder, "small");
        Tensor value = new float[] { 1, 2, 3, 4 };
        string[] names = [.. Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"layer_{i:D6}/weights"))];
        new Contest(string.Create(CultureInfo.InvariantCulture, $"{count:N0} tensors of four numbers"))
            .Add("write", () =>
            {
                using var writer = Formats.Bundles.BundleWriter.Create(prefix);
                foreach (string name in names)
                    writer.Add(name, value);
                writer.Finish();
            })
            .Add("open and read all", () =>
            {
                using CheckpointReader reader = CheckpointReader.Open(prefix);
                reader.ReadAll([.. names.Select(static n => new TensorRequest(n))]);
            })
            .Run(Rounds);
    }

    private static void Write(string path, byte[] chunk, long byteCount, bool flush)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: byteCount);
        for (long position = 0; position < byteCount; position += chunk.Length)
            RandomAccess.Write(file, chunk.AsSpan(0, (int)Math.Min(chunk.Length, byteCount - position)), position);
        if (flush)
            RandomAccess.FlushToDisk(file);
    }

    private static void Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        byte[] chunk = GC.AllocateUninitializedArray<byte>(ChunkByteCount);
        for (long position = 0; RandomAccess.Read(file, chunk, position) is int count and > 0; position += count)
        {
            // Only the reading is timed.
        }
    }

    private static void Delete(string prefix)
    {
        File.Delete(prefix + ".index");
        File.Delete(prefix + ".data-00000-of-00001");
    }

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static long Resident() => Status("VmRSS");

    private static long MostResident() => Status("VmHWM");

    private static long Status(string key)
    {
        const int kibInMib = 1024;
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? -1 : long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / kibInMib;
    }
}
