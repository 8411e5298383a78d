using CsCheck;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Restoring;

public sealed class RestorePropertyTests
{
    private const float Before = -1f;

    // What becomes of a variable: its length here and in the checkpoint (0: not there), and how it is asked for.
    private static readonly Gen<(int Length, int Stored, int Way)> Fate = Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3], Gen.Int[0, 3]);

    [Fact]
    public void A_restore_gives_exactly_the_planned_values_and_changes_nothing_else() =>
        Gen.Select(Fate.Array[1, 6], Gen.Bool).Sample(
            (fates, partial) =>
            {
                using var folder = new TemporaryFolder();
                var stored = new Dictionary<string, float[]>(StringComparer.Ordinal);
                var map = new Dictionary<string, string>(StringComparer.Ordinal);
                for (int i = 0; i < fates.Length; i++)
                {
                    (_, int length, int way) = fates[i];
                    string name = way switch { 1 => $"mapped/{i}", 2 => $"old/v{i}", _ => $"v{i}" };
                    if (length > 0)
                        stored[name] = [.. Enumerable.Range(0, length).Select(k => (i * 10f) + k)];
                    if (way == 1 && length > 0)
                        map[$"v{i}"] = name;
                }

                if (stored.Count == 0)
                    return;
                string prefix = Save(folder["m"], stored);
                var options = new RestoreOptions
                {
                    Map = map,
                    Renames = [new($"^v({string.Join('|', Indexes(fates, 2).DefaultIfEmpty(-1))})$", "old/v$1")],
                    Skip = [.. Indexes(fates, 3).Select(static i => $"v{i}")],
                    Partial = partial,
                };

                var graph = new Graph();
                for (int i = 0; i < fates.Length; i++)
                    graph.Variable(Enumerable.Repeat(Before, fates[i].Length).ToArray(), name: $"v{i}");
                using var session = new Session(graph);
                session.Run(graph.GlobalVariablesInitializer());
                var saver = new Saver(graph: graph);
                RestorePlan plan = saver.PlanRestore(prefix, options);
                bool isDone = true;
                try
                {
                    saver.Restore(session, prefix, options);
                }
                catch (RestoreException)
                {
                    isDone = false;
                }

                bool allFit = fates.All(static f => f.Way == 3 || f.Length == f.Stored);
                bool anyFits = fates.Any(static f => f.Way != 3 && f.Length == f.Stored);
                Assert.Equal(allFit || (partial && anyFits), isDone);
                Assert.Equal(plan.CanRestore, isDone);
                for (int i = 0; i < fates.Length; i++)
                {
                    RestoreItem item = plan.Items.Single(p => p.Expected is not null && p.Name == $"v{i}");
                    bool gets = fates[i].Way != 3 && fates[i].Length == fates[i].Stored;
                    Assert.Equal(gets, item.IsRestored);
                    float[] expected = gets && isDone ? stored[item.Source!] : [.. Enumerable.Repeat(Before, fates[i].Length)];
                    Assert.Equal(expected, session.Run($"v{i}:0")!.ToArray<float>());
                }
            },
            iter: 60);

    [Fact]
    public void What_a_plan_proposes_fits() =>
        Gen.Select(Fate.Array[1, 12], Word("", "new/", "a/b/"), Word("", "old/", "a/"), Word("", "/Average", "_1")).Sample(
            (fates, scope, oldScope, end) =>
            {
                using var folder = new TemporaryFolder();
                var stored = new Dictionary<string, float[]>(StringComparer.Ordinal);
                var wanted = new Dictionary<string, TensorSpec>(StringComparer.Ordinal);
                string[] parts = ["conv/w", "conv/b", "dense/w", "dense/b"];
                for (int i = 0; i < fates.Length; i++)
                {
                    string name = $"layer{i / parts.Length}/{parts[i % parts.Length]}";
                    wanted[scope + name] = new TensorSpec(DType.Float32, [fates[i].Length]);
                    if (fates[i].Stored > 0)
                        stored[oldScope + name + end] = new float[fates[i].Stored];
                }

                if (stored.Count == 0)
                    return;
                using Checkpoint checkpoint = Checkpoint.Open(Save(folder["m"], stored));
                RestorePlan plan = checkpoint.Plan(wanted);
                Assert.Equal(plan.Fits, plan.Items.All(static i => !i.IsWanting));
                if (plan.Suggestion is not { } suggestion)
                    return;
                RestorePlan proposed = checkpoint.Plan(wanted, suggestion.Options);
                Assert.Empty(proposed.Faults);
                Assert.Equal(plan.Restored.Count() + suggestion.FoundCount, proposed.Restored.Count());
                Assert.True(proposed.Fits, $"{suggestion}\n{proposed.Explain()}");
                Assert.Equal(proposed.Restored.Count(), proposed.Restored.Select(static i => i.Source).Distinct().Count());
            },
            iter: 300);

    private static Gen<string> Word(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static IEnumerable<int> Indexes((int Length, int Stored, int Way)[] fates, int way) => Enumerable.Range(0, fates.Length).Where(i => fates[i].Way == way);

    private static string Save(string prefix, Dictionary<string, float[]> values)
    {
        var graph = new Graph();
        foreach ((string name, float[] value) in values)
            graph.Variable(value, name: name);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return new Saver(graph: graph).Save(session, prefix, writeMetaGraph: false, options: new SaveOptions { Durable = false });
    }
}
