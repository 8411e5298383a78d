using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>The cells that were run, in this session and in earlier ones, for the arrow keys and the search of consoles.</summary>
/// <remarks>Thread safety: one thread at a time.</remarks>
internal sealed class CellHistory
{
    // Enough to recognise a result by.
    private const int LongestOutput = 1000;

    private readonly HistoryFile? _file;
    private readonly Task<(List<HistoryEntry> Entries, int Session)> _begun;

    /// <summary>A history.</summary>
    /// <param name="path">The file that keeps it; null to keep it for this session only.</param>
    public CellHistory(string? path = null)
    {
        _file = path is null ? null : new HistoryFile(path);

        // Nobody asks for it before the first cell has run.
        _begun = _file is null ? Task.FromResult<(List<HistoryEntry>, int)>(([], 1)) : Task.Run(_file.Begin);
    }

    /// <summary>Notes a cell.</summary>
    /// <param name="line">The number of its run.</param>
    /// <param name="source">The cell.</param>
    /// <param name="output">The text of its value; null where it had none.</param>
    public void Add(int line, string source, string? output = null)
    {
        var (entries, session) = _begun.Result;
        var entry = new HistoryEntry(session, line, source, output?.Length > LongestOutput ? output[..LongestOutput] : output);
        entries.Add(entry);
        _file?.Append(entry);
    }

    /// <summary>Answers a history request.</summary>
    public JsonArray Select(JupyterMessage request)
    {
        var (entries, current) = _begun.Result;
        IEnumerable<HistoryEntry> found = entries;
        switch (request.ContentText("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.ContentNumber("start") ?? 0, request.ContentNumber("stop") ?? int.MaxValue);

                // As IPython counts: 0 is this session, negative numbers go back from it.
                var asked = request.ContentNumber("session") ?? 0;
                var session = asked > 0 ? asked : current + asked;
                found = found.Where(e => e.Session == session && e.Line >= start && e.Line < stop);
                break;
            case "search":
                var pattern = GlobPattern.ToRegex(request.ContentText("pattern") ?? "*");
                found = found.Where(e => pattern.IsMatch(e.Source));
                if (request.ContentFlag("unique") == true)
                    found = found.Reverse().DistinctBy(static e => e.Source).Reverse();
                found = found.TakeLast(Math.Max(0, request.ContentNumber("n") ?? int.MaxValue));
                break;
            default:
                found = found.TakeLast(Math.Max(0, request.ContentNumber("n") ?? int.MaxValue));
                break;
        }

        // Clients that ask for output expect a pair in the third place.
        var hasOutput = request.ContentFlag("output") == true;
        return new JsonArray([.. found.Select(e => new JsonArray(e.Session, e.Line, hasOutput ? new JsonArray(e.Source, e.Output) : e.Source))]);
    }
}
