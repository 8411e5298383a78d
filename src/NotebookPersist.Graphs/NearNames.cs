namespace NotebookPersist;

/// <summary>Finds the names that somebody may have meant.</summary>
public static class NearNames
{
    // Beyond this many candidates the search would be noticed more than its answer.
    private const int MostCandidates = 20_000;

    private const int MostListed = 10;

    // Of a hundred letters and more that differ nobody wants to know how many exactly; a hostile file has names of millions.
    private const int MostCompared = 1 << 14;

    /// <summary>
    /// The names nearest to a wrong one, best first: those that have a scope more or less, then by edit distance; none that differ in more than
    /// half their letters.
    /// </summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> candidates, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        return [.. candidates
            .Take(MostCandidates)
            .Select(c => (Name: c, Distance: DifferInScope(name, c) ? -1 : Distance(name, c)))
            .Where(c => c.Distance <= Math.Max(2, Math.Min(name.Length, c.Name.Length) / 2))
            .OrderBy(static c => c.Distance)
            .ThenBy(static c => c.Name.Length)
            .ThenBy(static c => c.Name, StringComparer.Ordinal)
            .Take(count)
            .Select(static c => c.Name)];
    }

    /// <summary>A sentence for the end of a message, with a space before it: the three nearest names; empty where none is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        IReadOnlyList<string> near = Of(name, candidates, 3);
        return near.Count == 0 ? "" : $" Near names: {string.Join(", ", near.Select(static n => $"'{n}'"))}.";
    }

    // 'pred' and 'out/pred' mean the same to whoever wrote one of them.
    private static bool DifferInScope(string name, string candidate)
    {
        (string shorter, string longer) = name.Length < candidate.Length ? (name, candidate) : (candidate, name);
        return shorter.Length > 0 && longer.Length > shorter.Length && longer[^(shorter.Length + 1)] == '/' && longer.EndsWith(shorter, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>As <see cref="Hint"/>; where no name is near, all of them if they are few.</summary>
    public static string HintOrList(string name, IReadOnlyCollection<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        string hint = Hint(name, candidates);
        return hint.Length > 0 || candidates.Count is 0 or > MostListed ? hint : $" There are: {string.Join(", ", candidates.Select(static n => $"'{n}'"))}.";
    }

    /// <summary>Least number of insertions, deletions and changes of one letter, letter case aside; of names that differ in a hundred letters or more an upper bound.</summary>
    public static int Distance(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        (ReadOnlySpan<char> a, ReadOnlySpan<char> b) = Differing(left, right);
        return (long)a.Length * b.Length > MostCompared ? Math.Max(a.Length, b.Length) : Distance(a, b);
    }

    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    // Without what both begin and end with.
    private static (string Left, string Right) Differing(string left, string right)
    {
        int most = Math.Min(left.Length, right.Length), start = 0, end = 0;
        while (start < most && char.ToLowerInvariant(left[start]) == char.ToLowerInvariant(right[start]))
            start++;
        while (end < most - start && char.ToLowerInvariant(left[^(end + 1)]) == char.ToLowerInvariant(right[^(end + 1)]))
            end++;
        return (left[start..^end], right[start..^end]);
    }
}
