namespace NotebookPersist.Notebooks.Magics;

/// <summary>One parameter of a magic.</summary>
/// <param name="Name">Name without dashes.</param>
/// <param name="Help">What it is for, in a few words.</param>
/// <param name="Value">What stands for its value in the help; null for a flag.</param>
/// <param name="IsPositional">True where it is given without its name.</param>
/// <param name="IsRequired">True where it must be given.</param>
public sealed record MagicParameter(string Name, string Help, string? Value = null, bool IsPositional = false, bool IsRequired = false)
{
    /// <summary>True where it has no value.</summary>
    public bool IsFlag => Value is null;
}
