namespace NotebookPersist.Kernel.Scripting;

/// <summary>A cell is about to run.</summary>
/// <param name="cellId">What the client calls the cell, or a hash of its text.</param>
/// <param name="code">The cell's text.</param>
/// <param name="sink">Takes what the receiver wants to show in the cell.</param>
public sealed class CellStartingEventArgs(string cellId, string code, ICellSink sink) : EventArgs
{
    /// <summary>What the client calls the cell, or a hash of its text. The same cell keeps its id when it is run again.</summary>
    public string CellId { get; } = cellId;

    /// <summary>The cell's text.</summary>
    public string Code { get; } = code;

    /// <summary>Takes what the receiver wants to show in the cell.</summary>
    public ICellSink Sink { get; } = sink;
}

/// <summary>A cell has run, to its end or not.</summary>
/// <param name="cellId">What the client calls the cell, or a hash of its text.</param>
/// <param name="executionCount">The number of the run; 0 for a silent one.</param>
/// <param name="result">How the run ended.</param>
/// <param name="elapsed">How long it took.</param>
/// <param name="sink">Takes what the receiver wants to show in the cell.</param>
public sealed class CellFinishedEventArgs(string cellId, int executionCount, CellResult result, TimeSpan elapsed, ICellSink sink) : EventArgs
{
    /// <summary>What the client calls the cell, or a hash of its text.</summary>
    public string CellId { get; } = cellId;

    /// <summary>The number of the run; 0 for a silent one.</summary>
    public int ExecutionCount { get; } = executionCount;

    /// <summary>How the run ended.</summary>
    public CellResult Result { get; } = result;

    /// <summary>Whether the cell ran to its end.</summary>
    public bool Succeeded => Result.Status == CellStatus.Succeeded;

    /// <summary>How long the cell ran.</summary>
    public TimeSpan Elapsed { get; } = elapsed;

    /// <summary>Takes what the receiver wants to show in the cell, after all its other output.</summary>
    public ICellSink Sink { get; } = sink;
}
