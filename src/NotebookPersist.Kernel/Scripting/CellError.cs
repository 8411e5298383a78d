namespace NotebookPersist.Kernel.Scripting;

/// <summary>How the run of a cell ended.</summary>
public enum CellStatus
{
    /// <summary>The cell ran to its end.</summary>
    Succeeded,

    /// <summary>The cell did not compile, or named an unknown magic; nothing of it ran.</summary>
    Rejected,

    /// <summary>The cell, or one of its magics, threw.</summary>
    Failed,

    /// <summary>The cell was interrupted. Variables keep the values they had been given by then.</summary>
    Interrupted,
}

/// <summary>An error in a cell, located in the cell's own text where that is possible.</summary>
/// <param name="Name">The kind of error: the exception's type, "CompilationError", "MagicError" or "Interrupted".</param>
/// <param name="Message">The error in one or two sentences.</param>
/// <param name="Traceback">The error as shown to the reader, line by line, with the offending source line.</param>
/// <param name="Line">The line in the cell, from 1; null when unknown.</param>
/// <param name="Column">The column in the line, from 1; null when unknown.</param>
/// <param name="SourceLine">The text of that line; null when unknown.</param>
/// <param name="Exception">The exception that the cell threw; null for errors found before it ran.</param>
public sealed record CellError(
    string Name,
    string Message,
    IReadOnlyList<string> Traceback,
    int? Line = null,
    int? Column = null,
    string? SourceLine = null,
    Exception? Exception = null)
{
    internal ErrorOutput ToOutput() => new(Name, Message, Traceback);
}

/// <summary>The end of a cell's run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="HasValue">Whether the last expression of the cell gave a value to show.</param>
/// <param name="Value">That value; null may be a value.</param>
/// <param name="Error">What went wrong; null exactly when <paramref name="Status"/> is <see cref="CellStatus.Succeeded"/>.</param>
public sealed record CellResult(CellStatus Status, bool HasValue = false, object? Value = null, CellError? Error = null)
{
    /// <summary>The number of the run, as shown in brackets beside the cell; 0 for silent runs.</summary>
    public int ExecutionCount { get; init; }

    /// <summary>How long the cell ran, compilation included.</summary>
    public TimeSpan Elapsed { get; init; }
}
