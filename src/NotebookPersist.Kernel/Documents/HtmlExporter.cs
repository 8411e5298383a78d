using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>How a notebook becomes a page.</summary>
public sealed record HtmlExportOptions
{
    /// <summary>The page's title; null for the first heading, or else the file's name.</summary>
    public string? Title { get; init; }

    /// <summary>Whether code starts folded away.</summary>
    public bool FoldCode { get; init; }
}

/// <summary>Turns a notebook into one HTML page that needs nothing besides itself: no network, no server, no other file.</summary>
/// <remarks>
/// The page's own security policy forbids every request. All text is encoded; only HTML that the notebook's cells produced as such is taken as it
/// is, so a page is as trustworthy as the notebook.
/// </remarks>
public static class HtmlExporter
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data: blob:; font-src data:; media-src data:; worker-src blob:";

    private const int TocDepth = 3;

    // Richest first: of each output one form is shown.
    private static readonly string[] Preference =
        ["text/html", "image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp", "text/markdown", "text/plain", "application/json"];

    /// <summary>Makes the page.</summary>
    /// <param name="document">The notebook, with the outputs to show. Pictures beside its file are embedded.</param>
    /// <param name="options">Title and folding; null for the defaults.</param>
    /// <returns>The text of the page.</returns>
    public static string ToHtml(NotebookDocument document, HtmlExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new HtmlExportOptions();
        var folder = document.Path is { } path ? Path.GetDirectoryName(Path.GetFullPath(path)) : null;
        var markdown = new MarkdownRenderer(folder);
        var body = new StringBuilder();
        foreach (var cell in document.Cells)
            AddCell(cell, options, markdown, body);

        var title = options.Title
            ?? (markdown.Headings is [var first, ..] ? first.Text : null)
            ?? (document.Path is null ? "Notebook" : Path.GetFileNameWithoutExtension(document.Path));
        var contents = Contents(markdown.Headings);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)}</title>
            <style>
            {Style()}
            </style>
            </head>
            <body{(contents.Length > 0 ? " class=\"has-toc\"" : "")}>
            {contents}<main>
            {body}</main>
            </body>
            </html>

            """.ReplaceLineEndings("\n");
    }

    private static void AddCell(NotebookCell cell, HtmlExportOptions options, MarkdownRenderer markdown, StringBuilder body)
    {
        switch (cell.Kind)
        {
            case CellKind.Markdown:
                body.Append("<section class=\"text\">\n").Append(markdown.ToHtml(cell.Source, Attachments(cell))).Append("</section>\n");
                break;
            case CellKind.Raw:
                body.Append("<pre class=\"raw\">").Append(Encode(cell.Source)).Append("</pre>\n");
                break;
            default:
                AddCodeCell(cell, options, body);
                break;
        }
    }

    private static void AddCodeCell(NotebookCell cell, HtmlExportOptions options, StringBuilder body)
    {
        var source = cell.Source.TrimEnd();
        var outputs = cell.Outputs;
        if (source.Length == 0 && outputs.Count == 0)
            return;
        body.Append("<section class=\"cell\">\n");
        if (source.Length > 0)
        {
            var code = cell.Language == "csharp" ? CSharpHighlighter.ToHtml(source) : Encode(source);
            var number = cell.ExecutionCount is { } count ? $"<span class=\"count\">{count}</span>" : "";
            body.Append("<details class=\"code\"").Append(options.FoldCode ? "" : " open").Append("><summary>")
                .Append(cell.Language switch { "csharp" => "C#", "fsharp" => "F#", var other => Encode(other) }).Append(number)
                .Append("</summary><pre><code>").Append(code).Append("</code></pre></details>\n");
        }

        if (outputs.Count > 0)
        {
            body.Append("<div class=\"outputs\">\n");
            foreach (var output in outputs)
                AddOutput(output, body);
            body.Append("</div>\n");
        }

        body.Append("</section>\n");
    }

    private static void AddOutput(CellOutput output, StringBuilder body)
    {
        switch (output)
        {
            case StreamOutput stream:
                body.Append("<pre class=\"").Append(stream.Name == "stderr" ? "stderr" : "stdout").Append("\">").Append(Encode(TerminalText.Plain(stream.Text))).Append("</pre>\n");
                break;
            case ErrorOutput error:
                var traceback = TerminalText.Plain(string.Join('\n', error.Traceback));
                body.Append("<div class=\"error\"><p><strong>").Append(Encode(error.Name)).Append("</strong> ").Append(Encode(TerminalText.Plain(error.Message))).Append("</p>");
                if (traceback.Length > 0)
                    body.Append("<pre>").Append(Encode(traceback)).Append("</pre>");
                body.Append("</div>\n");
                break;
            case DisplayOutput display:
                AddBundle(display.Data, body);
                break;
            case ResultOutput result:
                AddBundle(result.Data, body);
                break;
        }
    }

    private static void AddBundle(IReadOnlyDictionary<string, string> data, StringBuilder body)
    {
        var mimeType = Preference.FirstOrDefault(data.ContainsKey) ?? data.Keys.FirstOrDefault(k => k.StartsWith("text/", StringComparison.Ordinal));
        if (mimeType is null)
        {
            body.Append("<p class=\"note\">An output of type ").Append(Encode(string.Join(", ", data.Keys))).Append(" cannot be shown on a page.</p>\n");
            return;
        }

        var content = data[mimeType];
        switch (mimeType)
        {
            case "text/html":
                body.Append("<div class=\"html\">").Append(content).Append("</div>\n");
                break;
            case "image/svg+xml":
                body.Append("<img alt=\"\" src=\"data:image/svg+xml;base64,").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(content))).Append("\">\n");
                break;
            case "text/markdown":
                body.Append("<div class=\"text\">").Append(new MarkdownRenderer(null).ToHtml(content, new Dictionary<string, string>())).Append("</div>\n");
                break;
            case var picture when picture.StartsWith("image/", StringComparison.Ordinal):
                body.Append("<img alt=\"\" src=\"data:").Append(picture).Append(";base64,").Append(Encode(string.Concat(content.Where(c => !char.IsWhiteSpace(c))))).Append("\">\n");
                break;
            default:
                body.Append("<pre class=\"value\">").Append(Encode(TerminalText.Plain(content))).Append("</pre>\n");
                break;
        }
    }

    private static Dictionary<string, string> Attachments(NotebookCell cell)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, bundle) in cell.Json["attachments"] as JsonObject ?? [])
        {
            foreach (var (type, content) in bundle as JsonObject ?? [])
            {
                if (type.StartsWith("image/", StringComparison.Ordinal))
                    found[name] = $"data:{type};base64,{OutputJson.TextOf(content)}";
            }
        }

        return found;
    }

    private static string Contents(IReadOnlyList<PageHeading> headings)
    {
        var shown = headings.Where((h, i) => h.Level <= TocDepth && !(i == 0 && h.Level == 1)).ToList();
        if (shown.Count < 2)
            return "";
        var top = shown.Min(h => h.Level);
        var items = string.Concat(shown.Select(h => $"<li class=\"l{h.Level - top + 1}\"><a href=\"#{Encode(h.Id)}\">{Encode(h.Text)}</a></li>\n"));
        return $"<nav class=\"toc\"><details open><summary>Contents</summary><ol>\n{items}</ol></details></nav>\n";
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Style()
    {
        using var stream = typeof(HtmlExporter).Assembly.GetManifestResourceStream("notebook.css")
            ?? throw new InvalidOperationException("The style sheet 'notebook.css' is not embedded in the library.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
