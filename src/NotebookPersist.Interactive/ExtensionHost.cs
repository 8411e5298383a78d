using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Interactive;

/// <summary>What magics ask of the host: documents to run and variables to declare. For the rest it has magics of its own.</summary>
/// <param name="scriptVariables">Those of the host's C# kernel.</param>
internal sealed class ExtensionHost(ScriptVariables scriptVariables) : ICellHost
{
    private readonly List<string> _paths = [];
    private readonly List<CellRun> _runs = [];
    private readonly List<CellVariable> _variables = [];

    public IReadOnlyList<CellRun> Runs => _runs;

    public void Precede(IReadOnlyList<CellRun> runs) => _runs.InsertRange(0, runs);

    public Type? TypeOf(string variable) => scriptVariables.TypeOf(variable);

    public void Declare(IReadOnlyList<CellVariable> variables) => _variables.AddRange(variables);

    public void ResetAfterCell() => throw new MagicException("This host cannot forget its variables; restart the kernel.");

    public void AtEndOfCell(Func<TimeSpan, object?> show) => throw new MagicException("This host measures time with its own '#!time'.");

    public ImportedCells RunNext(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}' to run.", path);
        _paths.Add(path);
        return new ImportedCells(null, []);
    }

    /// <summary>Notes a cell that has run.</summary>
    public void Note(CellRun run) => _runs.Add(run);

    /// <summary>The documents that the magic asked for.</summary>
    public IReadOnlyList<string> TakeDocuments() => Take(_paths);

    /// <summary>The variables that the magic asked for.</summary>
    public IReadOnlyList<CellVariable> TakeVariables() => Take(_variables);

    private static T[] Take<T>(List<T> queue)
    {
        T[] all = [.. queue];
        queue.Clear();
        return all;
    }
}
