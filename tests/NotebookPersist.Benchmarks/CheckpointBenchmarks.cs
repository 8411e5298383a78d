using System.Globalization;
using NotebookPersist.Formats;
using NotebookPersist.Memory;

namespace NotebookPersist.Benchmarks;

/// <summary>Saving and restoring at VGG-16's size, and many small tensors, against plain reads and writes of the same bytes.</summary>
internal static class CheckpointBenchmarks
{
    private const int Rounds = 7;

    // A restore is over in a tenth of a second, and the first pass over the same bytes may take twice as long as the next.
    private const int RestoreRounds = 11;

    public static void Run(string folder)
    {
        string prefix = Path.Combine(folder, "vgg");
        long byteCount;
        (Graph graph, Session session) = VggModel.Create();
        using (session)
        {
            var saver = new Saver(graph: graph, maxToKeep: 0);
            byteCount = session.Variables.All.Sum(static v => v.Value!.ByteCount);
            Save(folder, session, saver);
            saver.Save(session, prefix, writeMetaGraph: false, writeState: false);
            Restore(prefix, graph, session, saver);
        }

        MemoryRow.Table(prefix, byteCount);
        RunSmall(folder);
    }

    public static void RunSmall(string folder)
    {
        foreach (int count in new[] { 1_000, 10_000, 100_000 })
            Small(folder, count);
    }

    private static void Save(string folder, Session session, Saver saver)
    {
        string prefix = Path.Combine(folder, "vgg");
        SaveOptions fast = new() { Durable = false };
        Tensor[] values = [.. session.Variables.All.Select(static v => v.Value!)];
        string plain = Path.Combine(folder, "plain");
        new Contest("Save, without waiting for the disk")
            .Add("plain write loop of the same bytes", () => PlainFiles.Write(plain, values, flush: false), () => File.Delete(plain))
            .Add("Saver.Save", () => saver.Save(session, prefix, writeMetaGraph: false, writeState: false, options: fast), () => Delete(prefix))
            .Run(Rounds);
        new Contest("Save, on disk when it returns")
            .Add("plain write loop and fsync", () => PlainFiles.Write(plain, values, flush: true), () => File.Delete(plain))
            .Add("Saver.Save", () => saver.Save(session, prefix, writeMetaGraph: false, writeState: false), () => Delete(prefix))
            .Add("Saver.SaveAsync, until it returns", () => saver.SaveAsync(session, prefix, writeMetaGraph: false, writeState: false), () =>
            {
                saver.Dispose();
                Delete(prefix);
            })
            .Run(Rounds);
        saver.Dispose();
        File.Delete(plain);
    }

    private static void Restore(string prefix, Graph graph, Session session, Saver saver)
    {
        string data = prefix + ".data-00000-of-00001";
        TensorRequest[] all = [.. session.Variables.All.Select(static v => new TensorRequest(v.Name))];
        TensorBuffer? memory = null;
        Session? fresh = null;
        void Forget()
        {
            memory = null;
            fresh?.Dispose();
            fresh = new Session(graph);
            Collect();
            Settle();
        }

        // What a virtual machine gave back to its host costs its next user more: each contender finds memory that was just in use.
        void Settle()
        {
            PlainFiles.TouchFreshMemory(new FileInfo(data).Length);
            Collect();
        }

        new Contest("Restore from the page cache, every checksum compared")
            .Add("read once into a small buffer a core, checksums, all cores", () => PlainFiles.ReadAndCheck(data), Forget)
            .Add("read once into fresh memory on huge pages, checksums, all cores", () => memory = PlainFiles.ReadAndCheckIntoFreshMemory(data), Forget)
            .Add("the fresh memory alone, touched on all cores", () => memory = PlainFiles.TouchFreshMemory(new FileInfo(data).Length), Forget)
            .Add("CheckpointReader.ReadAll", () =>
            {
                using CheckpointReader reader = CheckpointReader.Open(prefix);
                reader.ReadAll(all);
            }, Forget)
            .Add("Saver.Restore, fresh session", () => saver.Restore(fresh!, prefix), Forget)
            .Add("Saver.Restore, over values", () => saver.Restore(session, prefix), Forget)
            .Run(RestoreRounds);
        Task verified = Task.CompletedTask;
        new Contest("Until the session can be used, and looking at the checkpoint")
            .Add("Saver.Restore, lazy", () =>
            {
                saver.Restore(fresh!, prefix, new RestoreOptions { Lazy = true });
                verified = saver.Verification;
            }, () =>
            {
                verified.Wait();
                Forget();
            })
            .Add("inspect without values", () => ModelInspection.Of(prefix), () => verified.Wait())
            .Run(Rounds);
        GC.KeepAlive(memory);
        fresh!.Dispose();
    }

    private static void Small(string folder, int count)
    {
        string prefix = Path.Combine(folder, "small");
        Tensor value = new float[] { 1, 2, 3, 4 };
        var graph = new Graph();
        for (int i = 0; i < count; i++)
            graph.Variable(value, name: string.Create(CultureInfo.InvariantCulture, $"layer_{i:D6}/weights"));
        var saver = new Saver(graph: graph, maxToKeep: 0);
        using var session = new Session(graph);
        foreach (Variable variable in graph.GlobalVariables())
            session.Variables.Get("", variable.OperationName, DType.Float32, new long[] { 4 }).Assign(value);
        Session? fresh = null;
        new Contest(string.Create(CultureInfo.InvariantCulture, $"{count:N0} tensors of four numbers"))
            .Add("Saver.Save, on disk", () => saver.Save(session, prefix, writeMetaGraph: false, writeState: false), () => Delete(prefix))
            .Add("Saver.Restore, fresh session", () => saver.Restore(fresh!, prefix), () => fresh = new Session(graph))
            .PerItem(count)
            .Run(Rounds);
        fresh!.Dispose();
    }

    private static void Delete(string prefix)
    {
        File.Delete(prefix + ".index");
        File.Delete(prefix + ".data-00000-of-00001");
    }

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
