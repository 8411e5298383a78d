using System.ComponentModel;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.FSharpCells;

/// <summary>Hands a value to the code that declares it.</summary>
/// <remarks>Thread safety: one at a time, each on its thread.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SharedValue
{
    [ThreadStatic]
    private static object? _value;

    /// <summary>The value, once.</summary>
    /// <typeparam name="T">Its declared type.</typeparam>
    public static T Take<T>()
    {
        var value = (T)_value!; // Null only where T allows it.
        _value = null;
        return value;
    }

    /// <summary>Shows a value below the running cell at once.</summary>
    /// <param name="notebook">What shows it.</param>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">Its type, which tells null from a value that is null.</typeparam>
    public static void Show<T>(CellContext notebook, T value)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        FSharpDisplays.Know(value?.GetType() ?? typeof(T));
        notebook.Display(value ?? FSharpDisplays.OfNull(typeof(T)));
    }

    internal static void Put(object? value) => _value = value;
}
