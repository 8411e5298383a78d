namespace NotebookPersist.Kernel.Documents;

/// <summary>How a notebook is run.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Values to inject, by variable name.</summary>
    /// <remarks>Each becomes an integer, a double, a bool or a string: as declared in the cell tagged "parameters", else as it reads.</remarks>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest that the whole run may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The longest that one cell may take; null for no limit. A cell that takes longer has failed.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>What the process may use; null for no limit. Unit: bytes.</summary>
    /// <remarks>Managed and native memory and mapped files, the compiler's about 200 MB included. Garbage is collected before a run ends for it.</remarks>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether cells in languages that cannot be run here are left out, with a warning; else each is an error.</summary>
    public bool SkipsOtherLanguages { get; init; }

    /// <summary>Whether the cells below a failing one are run all the same. Cells tagged "raises-exception" never end a run.</summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>Called before and after each code cell, on the thread of the run.</summary>
    public Action<CellProgress>? Progress { get; init; }

    /// <summary>Waited for after the last cell: work that cells left running, whose displays belong to the document. Gives what failed.</summary>
    public Func<Task<IReadOnlyList<string>>>? Finish { get; init; }
}
