using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist;

/// <summary>Lets a value be shown at the end of a chain of calls: <c>saver.PlanRestore(path).Display()</c>.</summary>
public static class ValueDisplay
{
    private static readonly CellContext Running = new(static () => null);

    /// <summary>Shows a value below the running cell at once.</summary>
    /// <param name="value">The value; formatted as the cell's last expression would be.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    /// <remarks>Shows nothing where no cell runs. Thread safety: may be called from any thread that the cell started.</remarks>
    public static DisplayHandle Display(this object? value) => Running.Display(value);
}
