using System.IO.Compression;
using Plotly.NET;

namespace NotebookPersist.Notebooks;

/// <summary>Sees to it that the chart library's script is in a notebook page once, and stays there when cells are run again.</summary>
/// <remarks>
/// The script comes from the package itself, compressed, so that charts need no network. The first chart of a notebook carries it for all others.
/// A host says which cell runs: if that is the cell that carries the script, its next chart carries it anew. Thread safety: safe from many threads.
/// </remarks>
public static class ChartPage
{
    private const string Resource = "Plotly.NET.plotly-2.28.0.min.js";

    private static readonly Lock State = new();
    private static readonly Lazy<string> Loader = new(BuildLoader);
    private static string? _running;
    private static string? _carrier;
    private static bool _isSent;

    /// <summary>A cell begins to run; what it showed before is gone.</summary>
    /// <param name="cell">Identifies the cell from run to run; null where that is not known.</param>
    public static void BeginCell(string? cell)
    {
        lock (State)
        {
            if (cell is not null && cell == _carrier)
                _isSent = false;
            _running = cell;
        }
    }

    /// <summary>The next chart carries the script again, as after all outputs were cleared.</summary>
    public static void Reset()
    {
        lock (State)
            _isSent = false;
    }

    /// <summary>The script for the first chart, empty for the others.</summary>
    internal static string TakeLoader()
    {
        lock (State)
        {
            if (_isSent)
                return "";
            (_isSent, _carrier) = (true, _running);
        }

        return Loader.Value;
    }

    // Under RequireJS the library would register as a module and stay invisible: hiding `define` makes it a global, which all pages can use.
    private static string BuildLoader()
    {
        using Stream script = typeof(GenericChart).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The chart library has no resource '{Resource}'; it is of another version than this one was built with.");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            script.CopyTo(gzip);
        return $$"""
            <script>(function(){if(window.Plotly||window.npPlotly)return;window.npPlotly=true;
            var bytes=Uint8Array.from(atob("{{Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length)}}"),function(c){return c.charCodeAt(0);});
            new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then(function(text){
            var s=document.createElement("script");s.text="(function(define,module,exports){"+text+"\n}).call(window);";document.head.appendChild(s);});})();</script>
            """;
    }
}
