using System.Diagnostics;
using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing;

/// <summary>Damages inputs of one target for some time; of every kind of failure the smallest input is kept.</summary>
/// <param name="target">The reader.</param>
/// <param name="corpus">Where valid inputs come from.</param>
/// <param name="seed">What chance starts from.</param>
/// <param name="findings">Folder for inputs that fail.</param>
internal sealed class FuzzRun(FuzzTarget target, Corpus corpus, int seed, string findings)
{
    private const int MostPool = 400;
    private const int MinimizingSteps = 400;

    /// <summary>Inputs given to the reader.</summary>
    public long Executions { get; private set; }

    /// <summary>Of these, how many were read to their end.</summary>
    public long Accepted { get; private set; }

    /// <summary>What went wrong, by kind.</summary>
    public SortedDictionary<string, int> Findings { get; } = new(StringComparer.Ordinal);

    /// <summary>Valid inputs that were found.</summary>
    public int SeedCount { get; private set; }

    public void Run(TimeSpan time)
    {
        using var execution = new FuzzExecution();
        var pool = new List<FuzzInput>();
        foreach (FuzzInput input in target.Seeds(corpus))
        {
            // Some files are another message than their names say.
            if (Judge(execution, input))
                pool.Add(input);
        }

        SeedCount = pool.Count;
        if (pool.Count == 0)
            throw new InvalidOperationException($"There is no valid input for '{target.Name}'; the folder 'shared' beside the repository has them.");
        var clock = Stopwatch.StartNew();
        for (int round = 0; clock.Elapsed < time; round++)
        {
            var mutator = new Mutator(HashCode(seed, target.Name, round));
            FuzzInput changed = target.Mutate(mutator.Choose(pool), mutator.Choose(pool), mutator);

            // What is still read is worth changing further.
            if (Judge(execution, changed) && changed.ByteCount < 100_000 && mutator.Chance(4))
            {
                if (pool.Count < MostPool)
                    pool.Add(changed);
                else
                    pool[mutator.Random.Next(SeedCount, MostPool)] = changed;
            }
        }
    }

    // string.GetHashCode differs from run to run.
    private static int HashCode(int seed, string name, int round)
    {
        uint hash = unchecked((uint)seed * 2654435761);
        foreach (char c in name)
            hash = unchecked((hash ^ c) * 16777619);
        return unchecked((int)((hash ^ (uint)round) * 2246822519));
    }

    private bool Judge(FuzzExecution execution, FuzzInput input)
    {
        FuzzOutcome outcome = execution.Run(target, input);
        Executions++;
        Accepted += outcome.IsAccepted ? 1 : 0;
        if (outcome.Finding is not { } kind)
            return outcome.IsAccepted;
        Findings[kind] = Findings.GetValueOrDefault(kind) + 1;
        if (Findings[kind] == 1)
            Keep(execution, input, outcome);
        return false;
    }

    private void Keep(FuzzExecution execution, FuzzInput input, FuzzOutcome outcome)
    {
        FuzzInput smallest = outcome.Finding == "time" ? input : Minimize(execution, input, outcome.Finding!); // Kept because there is one.
        string folder = Path.Combine(findings, target.Name, string.Concat(outcome.Finding!.Select(static c => char.IsLetterOrDigit(c) ? c : '-')));
        Directory.CreateDirectory(folder);
        smallest.Write(folder);
        Console.WriteLine($"{target.Name}: {outcome.Finding}, {smallest.ByteCount} bytes in '{folder}'\n{outcome.Detail}");
    }

    // Takes ever smaller runs of bytes out of each file as long as the same thing goes wrong.
    private FuzzInput Minimize(FuzzExecution execution, FuzzInput input, string kind)
    {
        int steps = 0;
        foreach (string name in input.Files.Keys)
        {
            for (int size = Math.Max(1, input.Files[name].Length / 2); size >= 1 && steps < MinimizingSteps; size /= 2)
            {
                for (int at = 0; at < input.Files[name].Length && steps < MinimizingSteps; steps++)
                {
                    byte[] whole = input.Files[name];
                    FuzzInput smaller = input.With(name, [.. whole[..at], .. whole[Math.Min(whole.Length, at + size)..]]);
                    if (execution.Run(target, smaller).Finding == kind)
                        input = smaller;
                    else
                        at += size;
                }
            }
        }

        return input;
    }
}
