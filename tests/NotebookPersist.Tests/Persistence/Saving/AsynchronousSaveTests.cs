using System.Collections.Concurrent;
using NotebookPersist.Formats.Files;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Saving;

[Collection("Disk")]
public sealed class AsynchronousSaveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly ManualResetEventSlim _gate = new();

    public AsynchronousSaveTests()
    {
        Variable w = _graph.Variable(_graph.Fill(new[] { 1000 }, 1f), name: "w");
        _graph.AssignAdd(w.Reference, _graph.Fill(new[] { 1000 }, 1f), name: "step");
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
    }

    public void Dispose()
    {
        _gate.Set();
        Disk.Before = null;
        _session.Dispose();
        _folder.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task The_values_are_those_of_the_moment_it_was_asked_for()
    {
        HoldBack();
        using var saver = new Saver(graph: _graph);
        Task<string> saved = saver.SaveAsync(_session, _folder["m"]);
        Assert.False(saved.IsCompleted);
        for (int i = 0; i < 3; i++)
            _session.Run("step");
        _gate.Set();
        Assert.Equal(_folder["m"], await saved);
        Assert.All(Read("m"), static v => Assert.Equal(1f, v));
        Assert.Equal(4f, _session.Run("w:0")!.ToArray<float>()[0]);
    }

    [Fact]
    public async Task Saves_that_wait_are_all_written()
    {
        HoldBack();
        using var saver = new Saver(graph: _graph);
        List<Task<string>> saves = [];
        for (int i = 0; i < 3; i++)
        {
            saves.Add(saver.SaveAsync(_session, _folder["m"], i));
            _session.Run("step");
        }

        _gate.Set();
        Assert.Equal([_folder["m-0"], _folder["m-1"], _folder["m-2"]], await Task.WhenAll(saves));
        for (int i = 0; i < 3; i++)
            Assert.Equal(i + 1, Read($"m-{i}")[0]);
    }

    [Fact]
    public async Task Of_saves_that_coalesce_the_last_is_written()
    {
        HoldBack();
        using var saver = new Saver(graph: _graph);
        SaveOptions coalesce = new() { Overlap = SaveOverlap.Coalesce };
        List<Task<string>> saves = [];
        for (int i = 0; i < 4; i++)
            saves.Add(saver.SaveAsync(_session, _folder["m"], i, options: coalesce));
        _gate.Set();
        Assert.Equal([_folder["m-0"], _folder["m-3"], _folder["m-3"], _folder["m-3"]], await Task.WhenAll(saves));
        Assert.False(File.Exists(_folder["m-1.index"]));
        Assert.False(File.Exists(_folder["m-2.index"]));
    }

    [Fact]
    public async Task A_failure_is_told_by_the_task_and_refuses_no_later_save()
    {
        var saver = new Saver(graph: _graph);
        saver.Save(_session, _folder["good"]);
        string folder = _folder.Path;
        Disk.Before = (call, path) =>
        {
            if (call == DiskCall.Write && path.StartsWith(folder, StringComparison.Ordinal))
                throw new IOException("No space left on device.");
        };
        await Assert.ThrowsAsync<IOException>(() => saver.SaveAsync(_session, _folder["m"]));
        Disk.Before = null;
        Assert.Contains("No space left", Assert.Single(saver.TakeFailures()), StringComparison.Ordinal);
        Assert.Empty(saver.TakeFailures());
        Assert.Equal(_folder["m"], saver.Save(_session, _folder["m"]));
        saver.Dispose();
    }

    [Fact]
    public async Task A_failure_that_nobody_awaited_is_told_by_the_next_save_which_is_done()
    {
        using var saver = new Saver(graph: _graph);
        string folder = _folder.Path;
        Disk.Before = (call, path) =>
        {
            if (call == DiskCall.Write && path.StartsWith(folder, StringComparison.Ordinal))
                throw new IOException("No space left on device.");
        };
        Task failing = saver.SaveAsync(_session, _folder["lost"]);
        await Task.WhenAny(failing);
        Disk.Before = null;
        Assert.Equal(_folder["m"], saver.Save(_session, _folder["m"]));
        Assert.Empty(saver.TakeFailures());
        Assert.Equal(1000, Read("m").Length);
    }

    [Fact]
    public async Task Progress_comes_to_the_whole()
    {
        var progress = new Collected();
        using var saver = new Saver(graph: _graph);
        await saver.SaveAsync(_session, _folder["m"], options: new SaveOptions { Progress = progress });
        SaveProgress last = progress.All.MaxBy(static p => p.WrittenByteCount);
        Assert.Equal((4000L, 4000L), (last.WrittenByteCount, last.TotalByteCount));
    }

    [Fact]
    public void Disposing_waits_for_the_file()
    {
        var saver = new Saver(graph: _graph);
        _ = saver.SaveAsync(_session, _folder["m"]);
        saver.Dispose();
        Assert.Equal(1000, Read("m").Length);
    }

    private float[] Read(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(_folder[name]);
        return checkpoint["w"].ToArray<float>();
    }

    private void HoldBack()
    {
        string folder = _folder.Path;
        Disk.Before = (call, path) =>
        {
            if (call == DiskCall.Write && path.StartsWith(folder, StringComparison.Ordinal))
                _gate.Wait();
        };
    }

    private sealed class Collected : IProgress<SaveProgress>
    {
        public ConcurrentBag<SaveProgress> All { get; } = [];

        public void Report(SaveProgress value) => All.Add(value);
    }
}
