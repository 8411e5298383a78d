using System.Diagnostics;

namespace NotebookPersist.Benchmarks;

/// <summary>Times several ways to do one thing, turn by turn in one process, so that a busy machine is busy for all of them.</summary>
internal sealed class Contest(string title)
{
    private readonly List<(string Name, Action Body, Action? Prepare, List<double> Times, List<double> Processor)> _contenders = [];
    private int? _items;

    /// <summary>Adds a way.</summary>
    /// <param name="name">What the table calls it; the first one is what the others are compared with.</param>
    /// <param name="body">What is timed.</param>
    /// <param name="prepare">Done before each time, not timed.</param>
    public Contest Add(string name, Action body, Action? prepare = null)
    {
        _contenders.Add((name, body, prepare, [], []));
        return this;
    }

    /// <summary>Shows the time an item instead of ratios, and the processors' time, which other processes disturb less.</summary>
    public Contest PerItem(int count)
    {
        _items = count;
        return this;
    }

    /// <summary>Runs all and prints a table of medians, best times and ratios to the first.</summary>
    public void Run(int rounds)
    {
        for (int round = -1; round < rounds; round++)
        {
            foreach ((_, Action body, Action? prepare, List<double> times, List<double> processor) in _contenders)
            {
                prepare?.Invoke();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                long start = Stopwatch.GetTimestamp();
                body();
                double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (round < 0)
                    continue; // The first round warms up.
                times.Add(elapsed);
                processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }
        }

        string columns = _items is null ? "ratio of medians | ratio of best |\n|---|---|---|---|---|" : "median us an item | least processor us an item |\n|---|---|---|---|---|";
        Console.WriteLine($"\n### {title}\n\n| | median ms | best ms | {columns}");
        List<double> baseline = _contenders[0].Times;
        foreach ((string name, _, _, List<double> times, List<double> processor) in _contenders)
        {
            string compared = _items is { } count
                ? FormattableString.Invariant($"{Median(times) * 1000 / count:0.0} | {processor.Min() * 1000 / count:0.0}")
                : FormattableString.Invariant($"{Median(times) / Median(baseline):0.00} | {times.Min() / baseline.Min():0.00}");
            Console.WriteLine(FormattableString.Invariant($"| {name} | {Median(times):0.0} | {times.Min():0.0} | {compared} |"));
        }
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
