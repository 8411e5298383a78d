namespace NotebookPersist;

/// <summary>Which constants of a frozen graph become variables again.</summary>
public sealed record UnfreezeOptions
{
    /// <summary>Names of the constants, with <c>*</c> and <c>?</c>; null for those that were variables by their looks.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Unit: elements. Where no names are given, floating-point constants of at least this many become variables even without a read node.</summary>
    public int MinElementCount { get; init; } = 64;
}
