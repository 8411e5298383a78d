using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Why a cell counts as failed.</summary>
public enum NotebookFailureCause
{
    /// <summary>A cell has an error.</summary>
    CellError,

    /// <summary>The run took longer than allowed.</summary>
    TimedOut,

    /// <summary>The cell took longer than allowed.</summary>
    CellTimedOut,

    /// <summary>The process used more memory than allowed.</summary>
    OutOfMemory,

    /// <summary>The run was cancelled from outside.</summary>
    Cancelled,
}

/// <summary>A cell that failed.</summary>
/// <param name="Cause">Why.</param>
/// <param name="CellNumber">The cell's place in the document as it was given, from 1, counting cells of all kinds; 0 for the cell of injected parameters.</param>
/// <param name="Error">The error, with line and source line where known.</param>
public sealed record NotebookFailure(NotebookFailureCause Cause, int CellNumber, CellError Error)
{
    private const int FurtherErrorLimit = 4;

    /// <summary>The failure in one paragraph: cell, line, error.</summary>
    /// <returns>Text for a terminal.</returns>
    public override string ToString()
    {
        var line = Error.Line is { } number ? $", line {number}" : "";
        var source = Error.SourceLine is { } text ? $"{Environment.NewLine}    {text.Trim()}" : "";
        var cell = CellNumber == 0 ? "Injected parameters" : $"Cell {CellNumber}";
        return $"{cell}{line}: {Error.Name}: {Error.Message}{source}{Further(cell)}";
    }

    // A compiler finds many mistakes at once; it would be tiresome to learn of them one a run.
    private string Further(string cell)
    {
        if (Error.Name != "CompilationError")
            return "";
        var further = new List<string>();
        var errors = 0;
        foreach (var line in Error.Traceback)
        {
            if (line.Contains(": error CS", StringComparison.Ordinal))
            {
                if (++errors > FurtherErrorLimit + 1)
                    break;
                if (errors > 1)
                    further.Add(cell + line[Math.Max(line.LastIndexOf(", line ", StringComparison.Ordinal), 0)..]);
            }
            else if (errors > 1 && line.StartsWith("    Hint: ", StringComparison.Ordinal))
            {
                further.Add(line);
            }
        }

        return string.Concat(further.Select(static l => Environment.NewLine + l));
    }
}
