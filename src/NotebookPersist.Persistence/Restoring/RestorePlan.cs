using System.Text;

namespace NotebookPersist;

/// <summary>What a restore will do, variable by variable; afterwards what it did.</summary>
/// <param name="Path">Prefix of the checkpoint.</param>
/// <param name="Items">One a variable, ordered by name, then one an extra tensor.</param>
/// <remarks>Made from the graph and the checkpoint's index alone: no value is read, nothing changes. Thread safety: immutable.</remarks>
public sealed record RestorePlan(string Path, IReadOnlyList<RestoreItem> Items)
{
    // Enough to see the pattern of a wrong scope without burying it.
    private const int MostListed = 20;

    /// <summary>What was asked for.</summary>
    public RestoreOptions Options { get; init; } = RestoreOptions.Default;

    /// <summary>What is wrong with the options, such as a mapped name that does not exist; nothing is restored then, not even in part.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What the user should know, such as a pattern that fits nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Options that may be meant; null where all fits or nothing is near.</summary>
    public RestoreSuggestion? Suggestion { get; init; }

    /// <summary>Names that may be meant, of an import; null where all fits or nothing is near, and of a restore.</summary>
    public ImportSuggestion? Import { get; init; }

    /// <summary>True for an import, which has no options but names.</summary>
    public bool IsImport { get; init; }

    /// <summary>What holds the values, in a word.</summary>
    public string SourceNoun { get; init; } = "checkpoint";

    /// <summary>Unit: bytes. What the checkpoint holds for the variables that get values.</summary>
    public long ByteCount { get; init; }

    /// <summary>Time that restoring took; null for a plan that was not carried out.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>True where every variable gets its value, but for those to be skipped.</summary>
    public bool Fits => Faults.Count == 0 && !Items.Any(static i => i.IsWanting);

    /// <summary>True where it can be carried out: everything fits, or what does not may keep its value.</summary>
    public bool CanRestore => Faults.Count == 0 && (Options.Partial || !Items.Any(static i => i.IsWanting));

    /// <summary>The variables that get values.</summary>
    public IEnumerable<RestoreItem> Restored => Items.Where(static i => i.IsRestored);

    /// <summary>The lines of one outcome.</summary>
    public IEnumerable<RestoreItem> Of(RestoreOutcome outcome) => Items.Where(i => i.Outcome == outcome);

    /// <summary>All that does not agree, in words, and what may help.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        foreach (string fault in Faults)
            text.Append(fault).Append('\n');
        if (Suggestion is { } suggestion)
            text.Append(suggestion).Append('\n');
        if (Import is { } import)
            text.Append(import).Append('\n');
        foreach (string note in Notes)
            text.Append("Note: ").Append(note).Append('\n');
        Section(text, RestoreOutcome.Missing, $"missing from the {SourceNoun}", Missing);
        Section(text, RestoreOutcome.DTypeDiffers, "of another type", Differing);
        Section(text, RestoreOutcome.ShapeDiffers, "of another shape", Differing);
        Section(text, RestoreOutcome.Extra, $"in the {SourceNoun} only", static i => $"'{i.Name}' ({i.Found})");
        return text.ToString().TrimEnd();
    }

    /// <summary>How many variables get values, and all that does not agree.</summary>
    public override string ToString()
    {
        int wanted = Items.Count - Of(RestoreOutcome.Extra).Count();
        string explained = Explain();
        return $"{(IsImport ? "Import" : "Restore")} from '{Path}': {Restored.Count()} of {wanted} variables get values.{(explained.Length == 0 ? "" : "\n" + explained)}";
    }

    private static string Missing(RestoreItem item) =>
        $"'{item.Name}' ({item.Expected}){Under(item)}{(item.Near.Count == 0 ? "" : $"; near names there: {string.Join(", ", item.Near.Select(static n => $"'{n}'"))}")}";

    private string Differing(RestoreItem item) => $"'{item.Name}': the graph expects {item.Expected}, the {SourceNoun} holds {item.Found}{Under(item)}";

    private static string Under(RestoreItem item) => item.Naming == RestoreNaming.Own ? "" : $" under '{item.Source}'";

    private void Section(StringBuilder text, RestoreOutcome outcome, string title, Func<RestoreItem, string> line)
    {
        RestoreItem[] items = [.. Of(outcome)];
        if (items.Length == 0)
            return;
        text.Append(items.Length).Append(' ').Append(title).Append(":\n");
        foreach (RestoreItem item in items.Take(MostListed))
            text.Append("  ").Append(line(item)).Append('\n');
        if (items.Length > MostListed)
            text.Append("  and ").Append(items.Length - MostListed).Append(" more\n");
    }
}
