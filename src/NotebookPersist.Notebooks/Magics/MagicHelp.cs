namespace NotebookPersist.Notebooks.Magics;

/// <summary>The help of a magic, to be shown.</summary>
/// <param name="Magic">The magic.</param>
public sealed record MagicHelp(Magic Magic)
{
    /// <inheritdoc/>
    public override string ToString() => Magic.HelpText();
}
