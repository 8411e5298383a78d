using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>The cells that were run in this session, for the arrow keys and the search of consoles. Thread safety: one thread at a time.</summary>
internal sealed class CellHistory
{
    private const int Session = 0;
    private readonly List<(int Line, string Source)> _entries = [];

    public void Add(int line, string source) => _entries.Add((line, source));

    /// <summary>Answers a history request.</summary>
    public JsonArray Select(JupyterMessage request)
    {
        IEnumerable<(int Line, string Source)> found = _entries;
        switch (request.ContentText("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.ContentNumber("start") ?? 0, request.ContentNumber("stop") ?? int.MaxValue);
                found = found.Where(e => e.Line >= start && e.Line < stop);
                break;
            case "search":
                var pattern = request.ContentText("pattern") ?? "*";
                found = found.Where(e => FileSystemName.MatchesSimpleExpression(pattern, e.Source, ignoreCase: false));
                if (request.ContentFlag("unique") == true)
                    found = found.Reverse().DistinctBy(e => e.Source).Reverse();
                found = found.TakeLast(Math.Max(0, request.ContentNumber("n") ?? int.MaxValue));
                break;
            default:
                found = found.TakeLast(Math.Max(0, request.ContentNumber("n") ?? int.MaxValue));
                break;
        }

        // Clients that ask for output expect a pair in the third place; outputs are not kept.
        var hasOutput = request.ContentFlag("output") == true;
        return new JsonArray([.. found.Select(e => new JsonArray(Session, e.Line, hasOutput ? new JsonArray(e.Source, null) : e.Source))]);
    }
}
