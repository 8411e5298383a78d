using System.Diagnostics;
using System.Globalization;

namespace NotebookPersist.Benchmarks;

/// <summary>Times several ways to do one thing, turn by turn in one process, so that a busy machine is busy for all of them.</summary>
internal sealed class Contest(string title)
{
    // Unit: milliseconds.
    private const double WarmUpLeast = 300;
    private const double WarmUpMost = 2000;

    // OnnxRuntime's threads look for work this long after the last and take a processor from whoever comes next.
    private const int Rest = 60;

    private readonly List<(string Name, Action Body, Action? Prepare, List<double> Times, List<double> Processor)> _contenders = [];
    private int? _items;
    private double _gflop;
    private double _peak;

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

    /// <summary>Shows the rate of so much arithmetic too, and its share of what the machine can do.</summary>
    /// <param name="gflop">Of one run; 0 for none.</param>
    /// <param name="peak">Unit: GFLOP/s.</param>
    public Contest Rate(double gflop, double peak)
    {
        (_gflop, _peak) = (gflop, peak);
        return this;
    }

    /// <summary>Runs all and prints a table of medians, best times and ratios to the first.</summary>
    /// <param name="rounds">How often each takes its turn.</param>
    /// <param name="turn">A turn lasts so long at least: what is shorter is done many times over. Unit: milliseconds; 0 for once.</param>
    public void Run(int rounds, double turn = 0)
    {
        int[] repeats = [.. _contenders.Select(c => WarmUp(c.Body, c.Prepare, turn))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _contenders.Count; i++)
            {
                (_, Action body, Action? prepare, List<double> times, List<double> processor) = _contenders[i];
                prepare?.Invoke();
                Thread.Sleep(Rest);
                TimeSpan before = Environment.CpuUsage.TotalTime;
                long start = Stopwatch.GetTimestamp();
                for (int repeat = 0; repeat < repeats[i]; repeat++)
                    body();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats[i]);
                processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / repeats[i]);
            }
        }

        string columns = _items is null ? "ratio of medians | ratio of best |" : "median us an item | least processor us an item |";
        string rates = _gflop > 0 ? " GFLOP/s | share of peak |" : "";
        Console.WriteLine($"\n### {title}\n\n| | median ms | best ms | {columns}{rates}\n|---|---|---|---|---|{(_gflop > 0 ? "---|---|" : "")}");
        List<double> baseline = _contenders[0].Times;
        foreach ((string name, _, _, List<double> times, List<double> processor) in _contenders)
        {
            string compared = _items is { } count
                ? FormattableString.Invariant($"{Median(times) * 1000 / count:0.0} | {processor.Min() * 1000 / count:0.0} |")
                : FormattableString.Invariant($"{Median(times) / Median(baseline):0.00} | {times.Min() / baseline.Min():0.00} |");
            double rate = _gflop / times.Min() * 1000;
            string rated = _gflop > 0 ? FormattableString.Invariant($" {rate:0.0} | {rate / _peak:0 %} |") : "";
            string digits = turn > 0 ? "0.000" : "0.0";
            Console.WriteLine($"| {name} | {Digits(Median(times))} | {Digits(times.Min())} | {compared}{rated}");

            string Digits(double value) => value.ToString(digits, CultureInfo.InvariantCulture);
        }
    }

    // Code gets faster while it runs: methods are compiled again after thirty calls and a tenth of a second.
    private static int WarmUp(Action body, Action? prepare, double turn)
    {
        double least = double.MaxValue;
        long begun = Stopwatch.GetTimestamp();
        int runs = 0;
        do
        {
            prepare?.Invoke();
            long start = Stopwatch.GetTimestamp();
            body();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            runs++;
        }
        while (turn > 0 && (runs < 40 || Stopwatch.GetElapsedTime(begun).TotalMilliseconds < WarmUpLeast) && Stopwatch.GetElapsedTime(begun).TotalMilliseconds < WarmUpMost);
        return (int)Math.Clamp(turn / least, 1, 100_000);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
