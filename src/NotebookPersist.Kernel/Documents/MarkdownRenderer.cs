using System.Net;
using System.Text;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Documents;

/// <summary>A heading of the page.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Text">Its plain text.</param>
/// <param name="Id">Its anchor.</param>
internal sealed record PageHeading(int Level, string Text, string Id);

/// <summary>Markdown cells as HTML that asks nothing of the network: raw HTML is shown as text, pictures are embedded, other schemes than the web's are dropped.</summary>
internal sealed class MarkdownRenderer(string? folder)
{
    private const long EmbedByteLimit = 10 << 20;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks().UseMathematics().UseFootnotes().UseListExtras().Build();

    private static readonly Dictionary<string, string> PictureTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
    };

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<PageHeading> _headings = [];

    /// <summary>The headings met so far.</summary>
    public IReadOnlyList<PageHeading> Headings => _headings;

    /// <summary>Renders one cell.</summary>
    /// <param name="markdown">Its text.</param>
    /// <param name="attachments">Data URIs of the pictures attached to the cell, by name.</param>
    public string ToHtml(string markdown, IReadOnlyDictionary<string, string> attachments)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var text = PlainText(heading.Inline);
            var id = IdFor(text);
            heading.GetAttributes().Id = id;
            _headings.Add(new PageHeading(heading.Level, text, id));
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage)
                Embed(link, attachments);
            else if (!IsSafe(link.Url))
                link.Url = "#";
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsSafe(l.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new HighlightedCodeRenderer(renderer.ObjectRenderers.FindExact<CodeBlockRenderer>()));
        renderer.Render(document);
        return writer.ToString();
    }

    private static string PlainText(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
        {
            if (part is LiteralInline literal)
                text.Append(literal.Content);
            else if (part is CodeInline code)
                text.Append(code.Content);
        }

        return text.ToString();
    }

    private string IdFor(string text)
    {
        var slug = string.Join('-', new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (slug.Length == 0)
            slug = "section";
        var id = slug;
        for (var n = 2; !_ids.Add(id); n++)
            id = $"{slug}-{n}";
        return id;
    }

    private static bool IsSafe(string? url)
    {
        if (string.IsNullOrEmpty(url))
            return true;
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var isRelative = colon < 0 || url.AsSpan(0, colon).IndexOfAny('/', '?', '#') >= 0;
        return isRelative || url[..colon].ToLowerInvariant() is "http" or "https" or "mailto";
    }

    // The page must be whole without its folder and without a network; a picture that cannot be embedded becomes a link to it.
    private void Embed(LinkInline image, IReadOnlyDictionary<string, string> attachments)
    {
        var url = image.Url ?? "";
        if (url.StartsWith("attachment:", StringComparison.Ordinal) && attachments.TryGetValue(Uri.UnescapeDataString(url[11..]), out var attached))
            image.Url = attached;
        else if (FileAsDataUri(url) is { } embedded)
            image.Url = embedded;
        else if (!url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
        {
            image.IsImage = false;
            if (!IsSafe(url))
                image.Url = "#";
        }
    }

    private string? FileAsDataUri(string url)
    {
        if (folder is null || url.Length == 0 || url.Contains(':', StringComparison.Ordinal) || !PictureTypes.TryGetValue(Path.GetExtension(url), out var type))
            return null;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, Uri.UnescapeDataString(url)));
        var isInside = path.StartsWith(root, StringComparison.Ordinal);
        return isInside && File.Exists(path) && new FileInfo(path).Length <= EmbedByteLimit ? $"data:{type};base64,{Convert.ToBase64String(RegularFile.ReadAllBytes(path))}" : null;
    }

    private sealed class HighlightedCodeRenderer(CodeBlockRenderer? plain) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            if (block is FencedCodeBlock { Info: var info } && info?.ToLowerInvariant() is "csharp" or "c#" or "cs")
                renderer.Write("<pre><code>").Write(CSharpHighlighter.ToHtml(block.Lines.ToString())).WriteLine("</code></pre>");
            else if (plain is not null)
                plain.Write(renderer, block);
            else
                renderer.Write("<pre><code>").Write(WebUtility.HtmlEncode(block.Lines.ToString())).WriteLine("</code></pre>");
        }
    }
}
