using System.Buffers;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>Names under which an import gives values to more variables, as inferred from names, types and shapes.</summary>
/// <param name="Map">Variables by the names of the file's tensors, where they differ.</param>
/// <param name="Names">The variables that get values; null where all do, or the map alone says it.</param>
/// <param name="FoundCount">How many missing variables are found under other names.</param>
/// <param name="LeftCount">How many variables have nothing there that fits, and keep their values.</param>
/// <remarks>A proposal: that a tensor has the right type, shape and a near name does not prove that it is meant. Thread safety: immutable.</remarks>
public sealed record ImportSuggestion(IReadOnlyDictionary<string, string> Map, IReadOnlyList<string>? Names, int FoundCount, int LeftCount)
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(",=*?\r\n");

    /// <summary>The names as words of a command line, <c>--map "a=b" --names "b,c"</c>; null where they hold separators.</summary>
    public string? Arguments
    {
        get
        {
            if (Map.Any(static m => HasSeparator(m.Key) || HasSeparator(m.Value)) || (Names ?? []).Any(HasSeparator))
                return null;
            string map = Map.Count == 0 ? "" : $"--map {CommandWords.Quoted(string.Join(',', Map.Select(static m => $"{m.Key}={m.Value}")))}";
            string names = Names is null ? "" : $"--names {CommandWords.Quoted(string.Join(',', Names))}";
            return $"{map} {names}".Trim();
        }
    }

    /// <summary>What it does, in a sentence.</summary>
    public string Summary => RestoreSuggestion.Describe(FoundCount, LeftCount);

    /// <inheritdoc/>
    public override string ToString() => Arguments is { Length: > 0 } arguments ? $"{Summary}\n  {arguments}" : Summary;

    /// <summary>What is proposed where not all fits; null where nothing is near.</summary>
    /// <param name="plan">The comparison as it was asked for.</param>
    /// <param name="again">Makes the comparison under other options.</param>
    internal static ImportSuggestion? Of(RestorePlan plan, Func<RestoreOptions, RestorePlan> again)
    {
        if (plan.Suggestion is not { } inferred)
            return null;
        RestorePlan better = again(inferred.Options);
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (RestoreItem item in better.Restored.Where(static i => i.Source != i.Name))
        {
            if (!map.TryAdd(item.Source!, item.Name)) // What is restored has a key.
                return null; // An import gives a tensor to one variable.
        }

        string[] fitting = [.. better.Restored.Select(static i => i.Name)];
        int wanted = better.Items.Count(static i => i.Outcome != RestoreOutcome.Extra);
        return fitting.Length == 0 ? null : new ImportSuggestion(map, fitting.Length == wanted ? null : fitting, inferred.FoundCount, wanted - fitting.Length);
    }

    private static bool HasSeparator(string name) => name.AsSpan().ContainsAny(Separators) || name.Trim() != name;
}
