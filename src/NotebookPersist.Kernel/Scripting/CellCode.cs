namespace NotebookPersist.Kernel.Scripting;

/// <summary>Tells types that the compilers make of cells by their names.</summary>
internal static class CellCode
{
    /// <summary>Whether C# cells are compiled to a type of this full name, or to one within it.</summary>
    public static bool IsOfCSharp(string? type) => type?.StartsWith("Submission#", StringComparison.Ordinal) == true;

    /// <summary>The same for F#, whose compiler puts each cell into a class of its own, and a function that is a value into a class named for it.</summary>
    public static bool IsOfFSharp(string? type) =>
        type?.StartsWith("FSI_", StringComparison.Ordinal) == true || type?.StartsWith("<StartupCode$FSI_", StringComparison.Ordinal) == true;
}
