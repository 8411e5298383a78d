namespace NotebookPersist.Notebooks.Html;

/// <summary>The one look of all displays.</summary>
/// <remarks>
/// Neutral colours are the page's own text colour with opacity and hues are middle tones, so that light and dark pages both work even where the
/// page's theme and the system's differ. Each output carries the styles, since any of them may be the only one kept. Pages that strip styles
/// (such as code hosts) still show tables and drawings: what matters is in attributes.
/// </remarks>
internal static class Stylesheet
{
    /// <summary>Values above zero, and the main hue.</summary>
    public const string Blue = "#3b82c4";

    private const string Rules = """
        .np{font:13px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:2px 0;color:inherit}
        .np code,.np .np-mono{font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:none;color:inherit;padding:0}
        .np-line{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:center}
        .np-line svg{flex:none}
        .np-dim{opacity:.65}
        .np-badge{border-radius:9px;padding:0 8px;font-size:11px;line-height:18px;border:1px solid #8886;white-space:nowrap}
        .np-bad{color:#d6249f;border-color:#d6249f}
        .np-warn{color:#c27a0a;border-color:#c27a0a}
        .np-good{color:#2e9d57;border-color:#2e9d57}
        .np-note{font-size:12px;opacity:.65;margin:2px 0}
        .np details{margin:4px 0}
        .np summary{cursor:pointer;font-size:12px;opacity:.8}
        .np figure{margin:6px 0;overflow:auto;max-height:720px}
        .np svg{color:inherit}
        .np svg text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:currentColor}
        .np table.np-table{border-collapse:collapse;margin:4px 0;font-size:12px;color:inherit;background:none;width:auto}
        .np .np-table th,.np .np-table td{padding:2px 12px 2px 0;border:0;border-bottom:1px solid #8883;text-align:left;background:none;color:inherit;vertical-align:top;max-width:560px;overflow-wrap:anywhere}
        .np .np-table th{font-weight:600;border-bottom-color:#8887;white-space:nowrap}
        .np .np-table .np-num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .np .np-table caption{caption-side:top;text-align:left;font-weight:600;padding:0 0 4px;color:inherit}
        .np .np-scroll{overflow:auto;max-height:480px}
        @media (prefers-color-scheme:dark){.np-note,.np-dim{opacity:.75}}
        """;

    private static readonly string Element = $"<style>{string.Concat(Rules.Split('\n').Select(static l => l.Trim()))}</style>";

    /// <summary>Begins an output: styles, and the block that they apply to.</summary>
    public static HtmlWriter BeginOutput(this HtmlWriter html, string label) =>
        html.Begin("div", ("class", "np"), ("role", "group"), ("aria-label", label)).Raw(Element);

    /// <summary>A small pill with a fact in it.</summary>
    public static HtmlWriter Badge(this HtmlWriter html, string text, string tone = "", string? title = null) =>
        html.Element("span", text, ("class", tone.Length == 0 ? "np-badge" : $"np-badge np-{tone}"), ("title", title));

    /// <summary>A line that says what was left out, or how to read a drawing.</summary>
    public static HtmlWriter Note(this HtmlWriter html, string text) => html.Element("div", text, ("class", "np-note"));
}
