using System.Collections.Concurrent;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The variables of a session, by container and name.</summary>
/// <remarks>Thread safety: finding and making is safe from many threads; a cell has one writer at a time.</remarks>
public sealed class VariableStore
{
    private readonly ConcurrentDictionary<(string Container, string Name), VariableCell> _cells = new();

    /// <summary>All variables that a run has touched, ordered by name.</summary>
    public IEnumerable<VariableCell> All => _cells.Values.OrderBy(static c => c.Name, StringComparer.Ordinal);

    /// <summary>The cell of a variable; a new one without a value where there is none, or where the old one does not fit the declaration any more.</summary>
    public VariableCell Get(string container, string name, DType dtype, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        VariableCell cell = _cells.GetOrAdd((container, name), static (key, type) => new VariableCell(key.Name, type), dtype);
        if (cell.DType == dtype && (cell.Shape?.IsCompatibleWith(shape) ?? true))
            return cell;
        var fresh = new VariableCell(name, dtype);
        _cells[(container, name)] = fresh;
        return fresh;
    }

    /// <summary>Finds a variable that a run has touched.</summary>
    public VariableCell? Find(string name, string container = "") => _cells.GetValueOrDefault((container, name));

    /// <summary>Forgets every value.</summary>
    public void Clear() => _cells.Clear();
}
