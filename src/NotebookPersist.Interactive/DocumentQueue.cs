using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Interactive;

/// <summary>What magics ask of the host: to run documents. For all else it has magics of its own.</summary>
internal sealed class DocumentQueue : ICellHost
{
    private readonly List<string> _paths = [];

    public void ResetAfterCell() => throw new MagicException("This host cannot forget its variables; restart the kernel.");

    public void AtEndOfCell(Func<TimeSpan, object?> show) => throw new MagicException("This host measures time with its own '#!time'.");

    public int? RunNext(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}' to run.", path);
        _paths.Add(path);
        return null;
    }

    public IReadOnlyList<string> Take()
    {
        string[] paths = [.. _paths];
        _paths.Clear();
        return paths;
    }
}
