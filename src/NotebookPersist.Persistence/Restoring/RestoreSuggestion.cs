namespace NotebookPersist;

/// <summary>Options under which a restore does more, as inferred from names, types and shapes.</summary>
/// <param name="Options">All options: those that were given, and what was inferred.</param>
/// <param name="FoundCount">How many missing variables are found under them.</param>
/// <param name="SkippedCount">How many variables have nothing there that fits, and are skipped under them.</param>
/// <remarks>A proposal: that a tensor has the right type, shape and a near name does not prove that it is meant. Thread safety: immutable.</remarks>
public sealed record RestoreSuggestion(RestoreOptions Options, int FoundCount, int SkippedCount)
{
    /// <summary>The options as words of a command line, <c>--map "a=b"</c>; null where names hold separators, so that only code can tell them.</summary>
    public string? Arguments => Options.ToArguments();

    /// <summary>The options as C#.</summary>
    public string Code => Options.ToCode();

    /// <summary>What it does, in a sentence.</summary>
    public string Summary => Describe(FoundCount, SkippedCount);

    /// <summary>What it does, and how to ask for it.</summary>
    public override string ToString() => $"{Summary}{(Arguments is { } arguments ? $"\n  {arguments}" : "")}\n  {Code}";

    /// <summary>Says how many are found and how many are left.</summary>
    internal static string Describe(int foundCount, int leftCount)
    {
        string found = $"{foundCount} missing {(foundCount == 1 ? "variable is" : "variables are")} found under other names";
        string left = $"{leftCount} that {(leftCount == 1 ? "has" : "have")} no counterpart {(leftCount == 1 ? "keeps its value" : "keep their values")}";
        return foundCount == 0 ? $"Perhaps: {left}." : leftCount == 0 ? $"Perhaps: {found}." : $"Perhaps: {found}; {left}.";
    }
}
