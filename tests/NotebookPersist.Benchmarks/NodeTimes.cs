namespace NotebookPersist.Benchmarks;

/// <summary>Where the time of a run goes.</summary>
internal static class NodeTimes
{
    private const int MostRows = 40;

    /// <summary>Prints the least time that each node took in any of some runs, the longest first.</summary>
    public static void Print(Session session, Fetch fetch, FeedDict feeds, int runs)
    {
        var best = new Dictionary<string, (string OpType, TimeSpan Time)>(StringComparer.Ordinal);
        for (int run = -1; run < runs; run++)
        {
            var metadata = new RunMetadata();
            session.Run([fetch], feeds, new NotebookPersist.RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
            foreach (NodeStats node in metadata.StepStats?.Nodes ?? [])
            {
                if (run >= 0 && (!best.TryGetValue(node.Name, out (string, TimeSpan Time) known) || node.OwnDuration < known.Time))
                    best[node.Name] = (node.OpType, node.OwnDuration);
            }
        }

        Console.WriteLine("\n| node | op | least us |\n|---|---|---|");
        foreach ((string name, (string type, TimeSpan time)) in best.OrderByDescending(static n => n.Value.Time).Take(MostRows))
            Console.WriteLine(FormattableString.Invariant($"| {name} | {type} | {time.TotalMicroseconds:0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"| all {best.Count} | | {best.Sum(static n => n.Value.Time.TotalMicroseconds):0.0} |"));
    }
}
