namespace NotebookPersist.Kernel.Documents;

/// <summary>What the cells of a document are called while they run: no two alike, or the one would replace what the other has made.</summary>
internal sealed class CellIds
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The name of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="number">Its place; 0 for the cell of injected parameters.</param>
    /// <param name="warnings">Told of an id that an earlier cell has as well.</param>
    public string Of(NotebookCell cell, int number, ICollection<string> warnings)
    {
        // Before format 4.5 cells had none, and two may have the same text.
        string id = cell.Id ?? FormattableString.Invariant($"cell {number}");
        if (_numbers.TryAdd(id, number))
            return id;
        if (cell.Id is not null)
            warnings.Add($"Cells {_numbers[id]} and {number} have the same id '{id}'; each is run as a cell of its own. Saving the notebook in Jupyter gives one of them another.");
        return Of(FormattableString.Invariant($"{id} (cell {number})"), number);
    }

    private string Of(string id, int number)
    {
        while (!_numbers.TryAdd(id, number))
            id += "'";
        return id;
    }
}
