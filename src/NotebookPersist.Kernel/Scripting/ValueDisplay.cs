using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;

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

    /// <summary>Shows a value below the running cell at once, in forms that are named.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms, such as "text/html" or "application/json"; none for those that the cell's last expression would have.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    /// <remarks>Shows nothing where no cell runs. Thread safety: may be called from any thread that the cell started.</remarks>
    public static DisplayHandle Display(this object? value, params string[] mimeTypes) => Running.Display(value, mimeTypes);

    /// <summary>Shows text that is content of another kind, below the running cell at once: <c>"# Title".DisplayAs("text/markdown")</c>.</summary>
    /// <param name="content">The content; images are base64.</param>
    /// <param name="mimeType">What it is, for example "text/html", "image/svg+xml" or "text/markdown".</param>
    /// <returns>A handle that can replace what is shown.</returns>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is empty.</exception>
    /// <remarks>Shows nothing where no cell runs. Thread safety: may be called from any thread that the cell started.</remarks>
    public static DisplayHandle DisplayAs(this string content, string mimeType) => Running.DisplayAs(content, mimeType);

    /// <summary>Shows items as a table with a row for each and a column for each of their properties, below the running cell at once.</summary>
    /// <param name="items">The items.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    /// <remarks>Shows nothing where no cell runs. Thread safety: may be called from any thread that the cell started.</remarks>
    public static DisplayHandle DisplayTable<T>(this IEnumerable<T> items) => Running.Display(TableView.Of(items));
}
