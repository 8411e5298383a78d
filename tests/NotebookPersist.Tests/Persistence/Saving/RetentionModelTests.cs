using System.Globalization;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Saving;

/// <summary>What a saver keeps and deletes, against the decisions of TensorFlow's saver told anew in a few lines.</summary>
public sealed class RetentionModelTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, 10000.0, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(0, 10000.0, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(1, 10000.0, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(1, 0.5, false, SaverDef.Types.CheckpointFormatVersion.V1)]
    [InlineData(2, 1.0, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(3, 2.0, true, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(2, 1.0, true, SaverDef.Types.CheckpointFormatVersion.V1)]
    [InlineData(2, 0.0, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    public void It_keeps_what_TensorFlow_keeps(int? maxToKeep, double hours, bool sharded, SaverDef.Types.CheckpointFormatVersion version)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            string folder = Directory.CreateDirectory(_folder[$"{seed}"]).FullName;
            var random = new Random(seed);
            var clock = new Clock();
            using Session session = Model(out Graph graph);
            using var saver = new Saver(graph: graph, maxToKeep: maxToKeep, keepCheckpointEveryNHours: hours, sharded: sharded, writeVersion: version, resumeCheckpoints: false, time: clock);
            var model = new Model115(maxToKeep ?? 0, hours, clock.Seconds);
            for (int save = 0; save < 14; save++)
            {
                clock.Now += TimeSpan.FromMinutes(random.Next(1, 100));
                int step = random.Next(4) == 0 ? Math.Max(0, save - random.Next(1, 3)) : save; // Now and then a path is saved again.
                string prefix = saver.Save(session, Path.Combine(folder, "m"), step);
                string shown = $"m-{step.ToString(CultureInfo.InvariantCulture)}{(sharded && version == SaverDef.Types.CheckpointFormatVersion.V1 ? "-?????-of-00002" : "")}";
                Assert.Equal(Path.Combine(folder, shown), prefix);
                model.Save(prefix, clock.Seconds);
                Assert.Equal(model.Listed, saver.LastCheckpoints);
                CheckpointState state = CheckpointStates.Get(folder)!;
                Assert.Equal(prefix, state.ModelCheckpointPath);
                Assert.Equal(model.Listed.Count > 0 ? model.Listed : [prefix], state.AllModelCheckpointPaths);
                Assert.Equal(model.Existing.Order(StringComparer.Ordinal), Existing(folder, shown));
                RequireNoLoneFiles(folder);
            }
        }
    }

    [Fact]
    public void Files_of_others_under_the_same_prefix_stay()
    {
        using Session session = Model(out Graph graph);
        using var saver = new Saver(graph: graph, maxToKeep: 1);
        File.WriteAllText(_folder["m-1.notes"], "mine");
        File.WriteAllText(_folder["m-10.index"], "another");
        saver.Save(session, _folder["m"], 1, saveDebugInfo: true);
        Assert.True(File.Exists(_folder["m-1.debug"]));
        saver.Save(session, _folder["m"], 2);
        Assert.Equal(
            ["checkpoint", "m-1.notes", "m-10.index", "m-2.data-00000-of-00001", "m-2.index", "m-2.meta"],
            Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Recovered_checkpoints_leave_in_turn_and_those_without_time_never()
    {
        using Session session = Model(out Graph graph);
        string[] old = [.. Enumerable.Range(1, 3).Select(i => new Saver(graph: graph, maxToKeep: 0).Save(session, _folder["m"], i))];
        using var saver = new Saver(graph: graph, maxToKeep: 2);
        saver.RecoverLastCheckpoints([old[0], _folder["gone"], old[1], old[2]]);
        Assert.Equal(old, saver.LastCheckpoints);

        // One leaves with each save, as many as there are too many.
        saver.Save(session, _folder["m"], 4);
        Assert.Equal([old[1], old[2], _folder["m-4"]], saver.LastCheckpoints);
        Assert.False(CheckpointStates.Exists(old[0]));

        using var other = new Saver(graph: graph, maxToKeep: 1);
        other.SetLastCheckpoints([old[1]]);
        other.Save(session, _folder["n"], 1);
        Assert.Equal([_folder["n-1"]], other.LastCheckpoints);
        Assert.True(CheckpointStates.Exists(old[1]));
    }

    [Fact]
    public void A_period_goes_on_over_a_restart_of_the_process()
    {
        var clock = new Clock();
        using Session session = Model(out Graph graph);
        for (int save = 0; save < 20; save++, clock.Now += TimeSpan.FromMinutes(31))
        {
            // A new process each time.
            using var saver = new Saver(graph: graph, maxToKeep: 2, keepCheckpointEveryNHours: 1, time: clock);
            string path = saver.Save(session, _folder["m"], save);
            File.SetLastWriteTimeUtc(path + ".index", clock.Now.UtcDateTime);
        }

        // One every two saves: the first that is older than a period stays, then the first after the next.
        string[] kept = Existing(_folder.Path, "m-0");
        Assert.InRange(kept.Length, 2 + 7, 2 + 10);
        using var last = new Saver(graph: graph, maxToKeep: 2, keepCheckpointEveryNHours: 1, time: clock);
        last.Save(session, _folder["m"], 20);
        Assert.Equal([_folder["m-19"], _folder["m-20"]], last.LastCheckpoints);
    }

    private static string[] Existing(string folder, string form) => [.. Directory.EnumerateFiles(folder, "m-*.meta")
        .Select(static f => f[..^".meta".Length])
        .Select(p => form.Contains('?', StringComparison.Ordinal) ? $"{p}-?????-of-00002" : p)
        .Order(StringComparer.Ordinal)];

    // A meta graph goes with its checkpoint, and so do all data files.
    private static void RequireNoLoneFiles(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Select(static f => Path.GetFileName(f)).Where(static f => f != "checkpoint"))
        {
            string prefix = file.Split('.')[0].Split("-0000")[0];
            Assert.True(File.Exists(Path.Combine(folder, prefix + ".meta")), file);
        }
    }

    private static Session Model(out Graph graph)
    {
        graph = new Graph();
        foreach (int task in new[] { 0, 1 })
        {
            using (graph.Device($"/task:{task}"))
                graph.Variable(1f, name: $"v{task}");
        }

        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }

    /// <summary>The rules as saver.py has them: a list, a queue of those to go, and the time after which the next one stays.</summary>
    private sealed class Model115(int maxToKeep, double hours, double now)
    {
        private readonly List<(string Path, double Time)> _last = [];
        private readonly Queue<(string Path, double Time)> _leaving = new();
        private readonly SortedSet<string> _existing = new(StringComparer.Ordinal);
        private double _next = now + (hours * 3600);

        public IReadOnlyList<string> Listed => [.. _last.Select(static l => l.Path)];

        public IReadOnlyCollection<string> Existing => _existing;

        public void Save(string path, double time)
        {
            _existing.Add(path);
            if (maxToKeep == 0)
                return;
            _last.RemoveAll(l => l.Path == path);
            _last.Add((path, time));
            if (_last.Count > maxToKeep)
            {
                _leaving.Enqueue(_last[0]);
                _last.RemoveAt(0);
            }

            if (!_leaving.TryDequeue(out (string Path, double Time) oldest))
                return;
            if (oldest.Time > _next)
                _next += hours * 3600;
            else
                _existing.Remove(oldest.Path);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = _start;

        public double Seconds => (Now - _start).TotalSeconds;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
