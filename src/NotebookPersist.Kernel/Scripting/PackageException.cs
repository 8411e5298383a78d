namespace NotebookPersist.Kernel.Scripting;

/// <summary>A package that a cell asks for cannot be had, or does not fit what the host already runs.</summary>
public sealed class PackageException : IOException
{
    internal PackageException(string message, int line)
        : base(message) => Line = line;

    /// <summary>The line of the <c>#r</c> directive in the cell, from 1.</summary>
    public int Line { get; }
}
