namespace NotebookPersist.Kernel.Scripting;

/// <summary>Receives what running cells show, in the order in which it was shown.</summary>
public interface ICellSink
{
    /// <summary>Takes one output.</summary>
    /// <param name="output">The output.</param>
    /// <remarks>
    /// Called from the cell's thread, from threads that the cell started, and from a timer, but never from two at once for one cell.
    /// It must not block: the cell waits for it.
    /// </remarks>
    void Publish(CellOutput output);
}
