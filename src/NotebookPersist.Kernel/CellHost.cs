using System.Diagnostics;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel;

/// <summary>What magics ask of the host of the cells: done when the magic, or the cell, has ended.</summary>
/// <remarks>Thread safety: one cell at a time.</remarks>
internal sealed class CellHost : ICellHost
{
    private readonly List<string> _code = [];
    private readonly List<(long Start, Func<TimeSpan, object?> Show)> _ends = [];

    /// <summary>Whether the running cell asked for a fresh start.</summary>
    public bool IsResetWanted { get; private set; }

    public void ResetAfterCell() => IsResetWanted = true;

    public void AtEndOfCell(Func<TimeSpan, object?> show) => _ends.Add((Stopwatch.GetTimestamp(), show));

    public int? RunNext(string path)
    {
        string[] cells = Path.GetExtension(path).ToLowerInvariant() is ".cs" or ".csx"
            ? [File.ReadAllText(path)]
            : [.. NotebookDocument.Load(path).Cells.Where(static c => c is { Kind: CellKind.Code, Language: "csharp" }).Select(static c => c.Source)];
        _code.AddRange(cells);
        return cells.Length;
    }

    public IReadOnlyList<string> TakeCode()
    {
        string[] code = [.. _code];
        _code.Clear();
        return code;
    }

    /// <summary>The cell has ended: what is to be shown of it now.</summary>
    public IReadOnlyList<object> EndCell()
    {
        object[] shown = [.. _ends.Select(static e => e.Show(Stopwatch.GetElapsedTime(e.Start))).OfType<object>()];
        _ends.Clear();
        _code.Clear();
        IsResetWanted = false;
        return shown;
    }
}
