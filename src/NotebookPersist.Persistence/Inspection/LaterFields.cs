namespace NotebookPersist.Persistence;

/// <summary>Tells fields of later releases in words.</summary>
internal static class LaterFields
{
    // Enough to know what kind of file it is.
    private const int MostListed = 20;

    /// <summary>Each field once, with how often it occurs, the most frequent first.</summary>
    public static IReadOnlyList<string> Counted(IReadOnlyCollection<string> fields)
    {
        KeyValuePair<string, int>[] counts = [.. fields.CountBy(static f => f, StringComparer.Ordinal).OrderByDescending(static f => f.Value).ThenBy(static f => f.Key, StringComparer.Ordinal)];
        IEnumerable<string> told = counts.Take(MostListed).Select(static f => f.Value == 1 ? f.Key : FormattableString.Invariant($"{f.Key} ({f.Value:N0} times)"));
        return counts.Length > MostListed ? [.. told, $"{counts.Length - MostListed} more"] : [.. told];
    }
}
