namespace NotebookPersist.Notebooks;

/// <summary>Something shown below a cell that can still be changed, also after the cell has ended. Each host implements it.</summary>
/// <remarks>Thread safety: updates may come from any thread, one at a time.</remarks>
public interface ILiveDisplay
{
    /// <summary>Replaces what is shown.</summary>
    void Update(object value);
}

/// <summary>Shows a value below the running cell.</summary>
/// <param name="value">Formatted as the cell's last expression would be.</param>
/// <returns>Changes what is shown.</returns>
public delegate ILiveDisplay ShowLive(object value);
