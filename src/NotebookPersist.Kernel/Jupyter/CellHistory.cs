using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>The cells that were run, in this session and in earlier ones, for the arrow keys and the search of consoles.</summary>
/// <remarks>Thread safety: one thread at a time.</remarks>
internal sealed class CellHistory
{
    // Enough to recognise a result by.
    private const int LongestOutput = 1000;

    private readonly List<HistoryEntry> _entries;
    private readonly HistoryFile? _file;
    private readonly int _session;

    /// <summary>A history.</summary>
    /// <param name="path">The file that keeps it; null to keep it for this session only.</param>
    public CellHistory(string? path = null)
    {
        _file = path is null ? null : new HistoryFile(path);
        _entries = _file?.Load() ?? [];
        _session = _entries.Count == 0 ? 1 : _entries.Max(static e => e.Session) + 1;
    }

    /// <summary>Notes a cell.</summary>
    /// <param name="line">The number of its run.</param>
    /// <param name="source">The cell.</param>
    /// <param name="output">The text of its value; null where it had none.</param>
    public void Add(int line, string source, string? output = null)
    {
        var entry = new HistoryEntry(_session, line, source, output?.Length > LongestOutput ? output[..LongestOutput] : output);
        _entries.Add(entry);
        _file?.Append(entry);
    }

    /// <summary>Answers a history request.</summary>
    public JsonArray Select(JupyterMessage request)
    {
        IEnumerable<HistoryEntry> found = _entries;
        switch (request.ContentText("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.ContentNumber("start") ?? 0, request.ContentNumber("stop") ?? int.MaxValue);

                // As IPython counts: 0 is this session, negative numbers go back from it.
                var asked = request.ContentNumber("session") ?? 0;
                var session = asked > 0 ? asked : _session + asked;
                found = found.Where(e => e.Session == session && e.Line >= start && e.Line < stop);
                break;
            case "search":
                var pattern = request.ContentText("pattern") ?? "*";
                found = found.Where(e => FileSystemName.MatchesSimpleExpression(pattern, e.Source, ignoreCase: false));
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
