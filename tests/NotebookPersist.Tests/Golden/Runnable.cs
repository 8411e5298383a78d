namespace NotebookPersist.Tests.Golden;

/// <summary>Tells which parts of an imported graph can be run: all that they come from is known here.</summary>
internal static class Runnable
{
    /// <summary>Operation types behind an operation, cut at those that are fed, for which nothing is known; empty where it can run.</summary>
    public static IReadOnlyCollection<string> MissingTypes(Operation operation, IReadOnlySet<string> fed) =>
        [.. Behind(operation, fed).Where(static o => o.Definition is null).Select(static o => o.Type).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>All operations behind one, itself included, cut at those that are fed.</summary>
    public static IEnumerable<Operation> Behind(Operation operation, IReadOnlySet<string> fed)
    {
        var seen = new HashSet<Operation> { operation };
        var queue = new Queue<Operation>(seen);
        while (queue.TryDequeue(out Operation? at))
        {
            if (fed.Contains(at.Name))
                continue;
            yield return at;
            foreach (Operation source in at.Inputs.Select(static i => i.Operation).Concat(at.ControlInputs))
            {
                if (seen.Add(source))
                    queue.Enqueue(source);
            }
        }
    }
}
