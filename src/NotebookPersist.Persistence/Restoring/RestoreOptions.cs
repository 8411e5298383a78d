namespace NotebookPersist;

/// <summary>One rename of a restore: variables whose names fit are looked for under others.</summary>
/// <param name="Pattern">Regular expression; fits anywhere in a variable's name unless it is anchored with ^ and $.</param>
/// <param name="Replacement">What goes in the place of each fit; $1 stands for the first group.</param>
public sealed record RestoreRename(string Pattern, string Replacement);

/// <summary>What a restore looks for, where, and what it leaves alone.</summary>
/// <remarks>Thread safety: immutable, as far as its collections are.</remarks>
public sealed partial record RestoreOptions
{
    /// <summary>Everything under its own name, or nothing.</summary>
    public static RestoreOptions Default { get; } = new();

    /// <summary>Names in the checkpoint by the names of variables, where they differ. Goes before <see cref="Renames"/>.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>Renames by regular expression, each applied to what the one before made of the variable's name.</summary>
    public IReadOnlyList<RestoreRename> Renames { get; init; } = [];

    /// <summary>Variables that keep their values: names with <c>*</c> and <c>?</c>, or regular expressions between slashes, <c>/fc[78]/</c>.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Whether variables that are missing in the checkpoint or differ keep their values; else nothing is restored then.</summary>
    public bool Partial { get; init; }

    /// <summary>Whether values are verified and read at first use instead of at once; damage is then told by whatever uses them first.</summary>
    /// <remarks>
    /// A thread in the background reads what nobody uses. The files stay open until all is read, so that they may be replaced or deleted meanwhile.
    /// Values are copied, not mapped: what was verified once stays as it was, even where a program writes into the files or cuts them short.
    /// </remarks>
    public bool Lazy { get; init; }
}
