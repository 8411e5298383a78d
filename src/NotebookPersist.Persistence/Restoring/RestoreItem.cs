namespace NotebookPersist;

/// <summary>What becomes of one variable, or of one tensor that no variable wants.</summary>
public enum RestoreOutcome
{
    /// <summary>Name, type and shape agree.</summary>
    Match,

    /// <summary>It has another name in the checkpoint; type and shape agree.</summary>
    Renamed,

    /// <summary>The variable keeps its value, as it was asked for.</summary>
    Skipped,

    /// <summary>The checkpoint has no tensor of the name.</summary>
    Missing,

    /// <summary>The checkpoint holds another element type.</summary>
    DTypeDiffers,

    /// <summary>The checkpoint holds another shape.</summary>
    ShapeDiffers,

    /// <summary>No variable wants this tensor; it stays in the file.</summary>
    Extra,
}

/// <summary>Where the name that a variable is looked for under comes from.</summary>
public enum RestoreNaming
{
    /// <summary>It is the variable's own.</summary>
    Own,

    /// <summary><see cref="RestoreOptions.Map"/> gives it.</summary>
    Map,

    /// <summary><see cref="RestoreOptions.Renames"/> make it.</summary>
    Rename,

    /// <summary>The objects that TensorFlow 2 stored with the checkpoint know the variable by its name.</summary>
    Objects,
}

/// <summary>One line of a restore plan.</summary>
/// <param name="Name">Name of the variable as the saver knows it; for an extra tensor its name in the checkpoint.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Expected">Type and shape that the graph wants; null for an extra tensor.</param>
/// <param name="Found">Type and shape in the checkpoint; null for a missing or skipped one.</param>
/// <param name="Near">Names in the checkpoint that may be meant, best first: those of the same type and shape before others, then by edit distance.</param>
public sealed record RestoreItem(string Name, RestoreOutcome Outcome, TensorSpec? Expected, TensorSpec? Found, IReadOnlyList<string> Near)
{
    /// <summary>The tensor's key in the checkpoint; for a missing one the name that was looked for. Null for a skipped one.</summary>
    public string? Source { get; init; }

    /// <summary>Where <see cref="Source"/> comes from.</summary>
    public RestoreNaming Naming { get; init; }

    /// <summary>True where the variable gets its value.</summary>
    public bool IsRestored => Outcome is RestoreOutcome.Match or RestoreOutcome.Renamed;

    /// <summary>True where the variable would get its value if the checkpoint and the graph agreed.</summary>
    public bool IsWanting => Outcome is RestoreOutcome.Missing or RestoreOutcome.DTypeDiffers or RestoreOutcome.ShapeDiffers;
}
