using NotebookPersist.Formats.Files;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Saving;

/// <summary>Fails or stops a save before each call that changes the disk, and looks at what is left.</summary>
[Collection("Disk")]
public sealed class FaultInjectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly Output _next;

    public FaultInjectionTests()
    {
        Variable a = _graph.Variable(new[] { 1f, 1f, 1f }, name: "a");
        Variable b = _graph.Variable(1f, name: "b");
        _next = _graph.Identity(_graph.Assign(b.Reference, _graph.Add(b.Value, 1f)), name: "next");
        using (_graph.ControlDependencies(_next.Operation))
            _graph.Assign(a.Reference, _graph.Fill(new[] { 3 }, _next), name: "together");
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
    }

    public static TheoryData<bool, bool> Ways => new() { { false, false }, { true, false }, { false, true } };

    public void Dispose()
    {
        Disk.Before = null;
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_save_that_dies_at_any_call_loses_no_checkpoint(bool samePrefix, bool incremental)
    {
        SaveOptions options = new() { Incremental = incremental };
        int failing = 0;
        bool died = true;
        for (; died; failing++)
        {
            string folder = _folder[$"{failing}"];
            string Prefix(int step) => Path.Combine(folder, samePrefix ? "m" : $"m-{step}");
            var saver = new Saver(graph: _graph, maxToKeep: 2);
            for (int step = 1; step <= 2; step++)
                Save(saver, Prefix(step), options);
            float lastGood = _session.Run("b:0")!.ToArray<float>()[0];

            int call = 0;
            died = false;
            Disk.Before = (_, path) =>
            {
                // A dead process cleans nothing up: whatever it would do after this fails too.
                if (path.StartsWith(folder, StringComparison.Ordinal) && (died || call++ == failing))
                {
                    died = true;
                    throw new DiedException();
                }
            };
            try
            {
                Save(saver, Prefix(3), options);
            }
            catch (DiedException)
            {
                // As intended.
            }
            finally
            {
                Disk.Before = null;
            }

            string latest = CheckpointStates.Latest(folder) ?? throw new InvalidOperationException($"After a failure at call {failing} no checkpoint is named.");
            float found = ReadWhole(latest);
            Assert.Contains(found, new[] { lastGood, lastGood + 1 });
            if (!samePrefix)
                Assert.Equal(lastGood, ReadWhole(Prefix(2)));

            // The next process saves, and takes away what the dead one left.
            float next = Save(new Saver(graph: _graph, maxToKeep: 2), Prefix(3), options);
            Assert.Equal(next, ReadWhole(CheckpointStates.Latest(folder)!));
            Assert.DoesNotContain(Directory.EnumerateFiles(folder), static f => Path.GetFileName(f).StartsWith("m-3.", StringComparison.Ordinal) && f.Contains(".tempstate", StringComparison.Ordinal));
        }

        Assert.InRange(failing, 8, 200);
    }

    [Fact]
    public void A_full_disk_gives_one_error_and_leaves_the_last_checkpoint()
    {
        var saver = new Saver(graph: _graph);
        string folder = _folder["full"];
        float before = Save(saver, Path.Combine(folder, "m"), SaveOptions.Default);
        string[] files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray();
        Disk.Before = (call, path) =>
        {
            if (call == DiskCall.Write && path.StartsWith(folder, StringComparison.Ordinal))
                throw new IOException("No space left on device.");
        };
        IOException fault = Assert.ThrowsAny<IOException>(() => Save(saver, Path.Combine(folder, "m"), SaveOptions.Default));
        Disk.Before = null;
        Assert.Contains("No space left", fault.Message, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        Assert.Equal(before, ReadWhole(Path.Combine(folder, "m")));
    }

    // Both variables change together, so that a mixture of two saves shows.
    private float Save(Saver saver, string prefix, SaveOptions options)
    {
        _session.Run("together");
        saver.Save(_session, prefix, options: options);
        return _session.Run("b:0")!.ToArray<float>()[0];
    }

    private static float ReadWhole(string prefix)
    {
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        Assert.Empty(checkpoint.Verify());
        float b = checkpoint["b"].ToArray<float>()[0];
        Assert.Equal([b, b, b], checkpoint["a"].ToArray<float>());
        return b;
    }

    private sealed class DiedException : Exception;
}
