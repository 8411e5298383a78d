using System.Text;

namespace NotebookPersist;

/// <summary>What becomes of one variable, or of one tensor that no variable wants.</summary>
public enum RestoreOutcome
{
    /// <summary>Name, type and shape agree.</summary>
    Match,

    /// <summary>The checkpoint has no tensor of the name.</summary>
    Missing,

    /// <summary>The checkpoint holds another element type.</summary>
    DTypeDiffers,

    /// <summary>The checkpoint holds another shape.</summary>
    ShapeDiffers,

    /// <summary>No variable wants this tensor; it stays in the file.</summary>
    Extra,
}

/// <summary>One line of a restore report.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Expected">Type and shape that the graph wants; null for an extra tensor.</param>
/// <param name="Found">Type and shape in the checkpoint; null for a missing one.</param>
/// <param name="Near">Names in the checkpoint that may be meant, best first.</param>
public sealed record RestoreItem(string Name, RestoreOutcome Outcome, TensorSpec? Expected, TensorSpec? Found, IReadOnlyList<string> Near);

/// <summary>Element type and shape.</summary>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Shape, as far as it is known.</param>
public sealed record TensorSpec(DType DType, Shape Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name()} {Shape}";
}

/// <summary>How a checkpoint and the variables to restore from it agree.</summary>
/// <param name="Path">Prefix of the checkpoint.</param>
/// <param name="Items">One a variable, then one an extra tensor.</param>
public sealed record RestoreReport(string Path, IReadOnlyList<RestoreItem> Items)
{
    // Enough to see the pattern of a wrong scope without burying it.
    private const int MostListed = 20;

    /// <summary>Bytes that were read; 0 before restoring.</summary>
    public long ByteCount { get; init; }

    /// <summary>Time that restoring took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>True where every variable gets its value.</summary>
    public bool Fits => Items.All(static i => i.Outcome is RestoreOutcome.Match or RestoreOutcome.Extra);

    /// <summary>The lines of one outcome.</summary>
    public IEnumerable<RestoreItem> Of(RestoreOutcome outcome) => Items.Where(i => i.Outcome == outcome);

    /// <summary>All that does not agree, in words.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        Section(text, RestoreOutcome.Missing, "missing from the checkpoint", static i =>
            $"'{i.Name}' ({i.Expected}){(i.Near.Count == 0 ? "" : $"; near names there: {string.Join(", ", i.Near.Select(static n => $"'{n}'"))}")}");
        Section(text, RestoreOutcome.DTypeDiffers, "of another type", static i => $"'{i.Name}': the graph expects {i.Expected}, the checkpoint holds {i.Found}");
        Section(text, RestoreOutcome.ShapeDiffers, "of another shape", static i => $"'{i.Name}': the graph expects {i.Expected}, the checkpoint holds {i.Found}");
        Section(text, RestoreOutcome.Extra, "in the checkpoint only", static i => $"'{i.Name}' ({i.Found})");
        return text.ToString().TrimEnd();
    }

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
