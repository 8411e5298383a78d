using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

public sealed partial class HtmlExporterTests
{
    [Fact]
    public void The_page_asks_nothing_of_the_network()
    {
        var document = Sample();
        document.Insert(0, CellKind.Markdown, "![a](https://example.org/a.png) ![b](//example.org/b.png) ![c](missing.png) [link](https://example.org/)");
        var html = HtmlExporter.ToHtml(document);

        foreach (Match match in Resource().Matches(html))
            Assert.StartsWith("data:", match.Groups[1].Value, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://example.org/\">link</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_anywhere_is_encoded()
    {
        const string evil = "<script>alert(1)</script>";
        var document = NotebookDocument.Create();
        document.Insert(0, CellKind.Markdown, $"# {evil}\n\n## two\n\n## three\n\n{evil} [x](javascript:alert(1)) <javascript:alert(2)>\n\n![{evil}](javascript:alert(3))");
        document.Insert(1, CellKind.Raw, evil);
        var cell = document.Insert(2, CellKind.Code, $"var s = \"{evil}\"; // {evil}");
        cell.Outputs =
        [
            new StreamOutput("stdout", evil), new ErrorOutput(evil, evil, [evil]),
            new ResultOutput(new Dictionary<string, string> { ["text/plain"] = evil }, 1),
            new DisplayOutput(new Dictionary<string, string> { ["text/markdown"] = evil }),
            new DisplayOutput(new Dictionary<string, string> { ["image/png"] = "\"><script>" }),
            new DisplayOutput(new Dictionary<string, string> { ["application/" + evil] = evil }),
        ];
        var html = HtmlExporter.ToHtml(document, new HtmlExportOptions { Title = evil });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"javascript", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Headings_make_a_table_of_contents_with_unique_anchors()
    {
        var html = HtmlExporter.ToHtml(Sample());
        Assert.Contains("<title>Training a model</title>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#data\">Data</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#data-2\">Data</a>", html, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"data-2\">Data</h2>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_are_shown_in_their_richest_form_and_terminal_codes_are_taken_out()
    {
        var html = HtmlExporter.ToHtml(Sample());
        Assert.Contains("epoch 3\n", html, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 2", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', html);
        Assert.Contains("<b>rich</b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("poor", html, StringComparison.Ordinal);
        Assert.Contains("data:image/svg+xml;base64,", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_is_highlighted_foldable_and_complete()
    {
        var html = HtmlExporter.ToHtml(Sample(), new HtmlExportOptions { FoldCode = true });
        Assert.Contains("<details class=\"code\">", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"k\">var</span>", html, StringComparison.Ordinal);
        const string code = "#!save \"a b\"\nvar x = $\"{1 + 2:F1} <\"; // é 😀\nList<int> Twice(int[] a) => [.. a]; #nope\n\"\"\"raw\"\"\"";
        Assert.Equal(code, System.Net.WebUtility.HtmlDecode(Tag().Replace(CSharpHighlighter.ToHtml(code), "")));
    }

    [Fact]
    public void Pictures_of_the_notebook_and_of_its_folder_are_embedded_but_none_from_outside()
    {
        var folder = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllBytes(Path.Combine(folder, "secret.png"), [1]);
        File.WriteAllBytes(Path.Combine(folder, "inner", "a.png"), [2]);
        var document = NotebookDocument.Create();
        document.Insert(0, CellKind.Markdown, "![in](a.png) ![out](../secret.png) ![att](attachment:x.png)");
        document.Cells[0].Json["attachments"] = new JsonObject { ["x.png"] = new JsonObject { ["image/png"] = "Aw==" } };
        document.Save(Path.Combine(folder, "inner", "n.ipynb"));
        var html = HtmlExporter.ToHtml(document);

        Assert.Contains("base64,Ag==", html, StringComparison.Ordinal);
        Assert.Contains("base64,Aw==", html, StringComparison.Ordinal);
        Assert.DoesNotContain("base64,AQ==", html, StringComparison.Ordinal);
    }

    private static NotebookDocument Sample()
    {
        var document = NotebookDocument.Create();
        document.Insert(0, CellKind.Markdown, "# Training a model\n\nText with `code` and **weight**.\n\n## Data\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Data");
        var cell = document.Insert(1, CellKind.Code, "var x = 1;");
        cell.ExecutionCount = 1;
        cell.Outputs =
        [
            new StreamOutput("stdout", "epoch 1\repoch 2\repoch \u001b[31m3\u001b[0m\n"),
            new StreamOutput("stderr", "careful\n"),
            new ResultOutput(new Dictionary<string, string> { ["text/html"] = "<b>rich</b>", ["text/plain"] = "poor" }, 1),
            new DisplayOutput(new Dictionary<string, string> { ["image/svg+xml"] = "<svg xmlns='http://www.w3.org/2000/svg'/>" }),
        ];
        return document;
    }

    [GeneratedRegex("(?:src|srcset|poster|data)=[\"']([^\"']*)[\"']")]
    private static partial Regex Resource();

    [GeneratedRegex("</?span[^>]*>")]
    private static partial Regex Tag();
}
