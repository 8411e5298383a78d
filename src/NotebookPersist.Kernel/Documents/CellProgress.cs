using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>A code cell starts, or has finished.</summary>
/// <param name="CellNumber">The cell's place in the document as it was given, from 1, counting cells of all kinds; 0 for the cell of injected parameters.</param>
/// <param name="CellCount">The number of cells in the document.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Result">How the cell ended; null while it starts.</param>
public sealed record CellProgress(int CellNumber, int CellCount, NotebookCell Cell, CellResult? Result)
{
    /// <summary>Whether the cell has finished.</summary>
    public bool IsFinished => Result is not null;
}
