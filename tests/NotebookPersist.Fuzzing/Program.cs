using System.Globalization;
using NotebookPersist.Fuzzing;

// dotnet run -c Release --project tests/NotebookPersist.Fuzzing -- TARGET|all [--seconds N] [--seed S] [--corpus DIR] [--findings DIR]
string name = args.Length > 0 && !args[0].StartsWith("--", StringComparison.Ordinal) ? args[0] : "all";
FuzzTarget[] targets = [.. FuzzTarget.All.Where(t => name == "all" || t.Name == name)];
if (targets.Length == 0)
{
    Console.Error.WriteLine($"There is no target '{name}'. Targets: all, {string.Join(", ", FuzzTarget.All.Select(static t => t.Name))}.");
    return 2;
}

double seconds = double.Parse(Option("--seconds") ?? "20", CultureInfo.InvariantCulture);
int seed = int.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);
var corpus = new Corpus(Option("--corpus") ?? Corpus.DefaultFolder);
string findings = Option("--findings") ?? Path.Combine(Path.GetTempPath(), "notebookpersist-findings");
Console.WriteLine($"Seed {seed}, {seconds} s for {targets.Length} targets; findings go to '{findings}'.");
int failed = 0;
foreach (FuzzTarget target in targets)
{
    var run = new FuzzRun(target, corpus, seed, findings);
    run.Run(TimeSpan.FromSeconds(seconds / targets.Length));
    Console.WriteLine($"{target.Name,-12} {run.SeedCount,4} seeds {run.Executions,9:N0} executions {run.Accepted,9:N0} accepted {run.Findings.Count,3} findings");
    foreach ((string kind, int count) in run.Findings)
        Console.WriteLine($"    {count} times: {kind}");
    failed += run.Findings.Count > 0 ? 1 : 0;
}

Console.WriteLine($"{targets.Length - failed} targets without findings, {failed} with findings");
return failed == 0 ? 0 : 1;

string? Option(string key) => Array.IndexOf(args, key) is int at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
