using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

/// <summary>Notebooks of .NET Interactive and others: which language a cell has.</summary>
public sealed class NotebookLanguageTests
{
    [Theory]
    [InlineData("""{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"}}""", "csharp")]
    [InlineData("""{"kernelspec":{"display_name":".NET (F#)","language":"F#","name":".net-fsharp"}}""", "fsharp")]
    [InlineData("""{"kernelspec":{"display_name":".NET (PowerShell)","language":"PowerShell","name":".net-powershell"}}""", "pwsh")]
    [InlineData("""{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"fsharp","items":[]}}}""", "fsharp")]
    [InlineData("""{"kernelspec":{"display_name":"Python 3","language":"python","name":"python3"}}""", "python")]
    [InlineData("""{"kernelspec":{"display_name":"C#","name":"csharp"}}""", "csharp")]
    [InlineData("""{"kernelInfo":{"defaultKernelName":"fsharp","items":[]},"kernelspec":{"language":"C#","name":".net-csharp"}}""", "fsharp")]
    [InlineData("""{"polyglot_notebook":{"defaultKernelName":"pwsh"}}""", "pwsh")]
    [InlineData("""{"dotnet_interactive":{"defaultKernelName":"fsharp"}}""", "fsharp")]
    [InlineData("""{"kernelspec":"nonsense","polyglot_notebook":3}""", "csharp")]
    [InlineData("{}", "csharp")]
    public void A_cell_that_says_nothing_has_the_language_of_its_notebook(string metadata, string language)
        => Assert.Equal(language, Of(metadata, "{}").Cells[0].Language);

    [Theory]
    [InlineData("""{"dotnet_interactive":{"language":"pwsh"},"polyglot_notebook":{"kernelName":"pwsh"}}""", "pwsh")]
    [InlineData("""{"dotnet_interactive":{"language":"F#"}}""", "fsharp")]
    [InlineData("""{"polyglot_notebook":{"kernelName":"sql-adventure"}}""", "sql-adventure")]
    [InlineData("""{"polyglot_notebook":{"kernelName":""},"dotnet_interactive":{"language":"html"}}""", "html")]
    [InlineData("""{"polyglot_notebook":[]}""", "csharp")]
    public void A_cell_of_a_polyglot_notebook_says_its_language(string metadata, string language)
        => Assert.Equal(language, Of("{}", metadata).Cells[0].Language);

    [Fact]
    public void A_dib_file_keeps_its_meta_and_the_kernels_declared_there()
    {
        const string text =
            """
            #!meta

            {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"name":"csharp"},{"aliases":[],"languageName":"T-SQL","name":"sql-adventure"}]},"owner":"Ünal"}

            #!markdown

            # Title

            #!sql-adventure

            SELECT 1

            #!csharp

            #!save model
            var x = 1;

            """;
        var document = NotebookDocument.ParseDib(text);
        Assert.Equal(["csharp", "sql-adventure", "csharp"], document.Cells.Select(static c => c.Language));
        Assert.Equal("SELECT 1", document.Cells[1].Source);
        Assert.Equal(text, document.ToDib());
        Assert.Equal(text, NotebookDocument.ParseIpynb(document.ToIpynb()).ToDib());
    }

    // What dotnet/interactive reads of such files, by its own tests: "language: text", one for each cell.
    [Theory]
    [InlineData("", "csharp: ")]
    [InlineData("var x = 1;", "csharp: var x = 1;")]
    [InlineData("#!fsharp\nlet x = 1", "fsharp: let x = 1")]
    [InlineData("#!probably-a-magic\nvar x = 1;", "csharp: #!probably-a-magic\nvar x = 1;")]
    [InlineData("#!fsharp\n#!probably-a-magic\nlet x = 1", "fsharp: #!probably-a-magic\nlet x = 1")]
    [InlineData("\n#!csharp\n#!connect named-pipe --kernel-name wpf\n\n#!csharp\n#!wpf -h\n", "csharp: #!connect named-pipe --kernel-name wpf", "csharp: #!wpf -h")]
    [InlineData("#!csharp\n//\n\n#!fsharp\n\n#!pwsh\nGet-Item\n\n#!fsharp\n", "csharp: //", "pwsh: Get-Item")]
    [InlineData("\n\n\n#!csharp\n// first\n\n\n// last\n\n\n#!fsharp\n\n// 1\n\n", "csharp: // first\n\n\n// last", "fsharp: // 1")]
    [InlineData("#!md\n\nThis is `markdown`.\n", "markdown: This is `markdown`.")]
    [InlineData("#!c#\n1\n#!C#\n2\n#!cs\n3\n#!f#\n4\n#!F#\n5\n#!fs\n6\n#!powershell\n7\n#!js\n8\n", "csharp: 1", "csharp: 2", "csharp: 3", "fsharp: 4", "fsharp: 5", "fsharp: 6", "pwsh: 7", "javascript: 8")]
    [InlineData("#!csharp\r\n1+1\r\n\r\n#!fsharp\r\n[1;2]\r\n|> List.sum", "csharp: 1+1", "fsharp: [1;2]\n|> List.sum")]
    [InlineData("\n#! csharp\n\nvar x = 1;\n", "csharp: #! csharp\n\nvar x = 1;")]
    [InlineData("#!csharp\n  \n#!fsharp\n1", "csharp:   ", "fsharp: 1")]
    [InlineData("#!meta\n{\"theAnswer\":42}\n#!csharp\nvar x = 1;", "csharp: var x = 1;")]
    [InlineData("#!meta\n{\"theAnswer\":42}", "csharp: ")]
    [InlineData("\n#!meta\n\n{\n    \"someProperty\": 123\n}\n\n#!markdown\n\n# Title\n", "markdown: # Title")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"defaultKernelName\":\"fsharp\",\"items\":[{\"name\":\"fsharp\",\"aliases\":[\"ff\"]}]}}\n\n#!csharp\n1\n#!ff\n2", "csharp: 1", "fsharp: 2")]
    public void A_dib_file_has_the_cells_that_its_own_library_reads(string text, params string[] cells)
    {
        NotebookDocument document = NotebookDocument.ParseDib(text);
        Assert.Equal(cells, document.Cells.Select(static c => $"{(c.Kind == CellKind.Markdown ? "markdown" : c.Language)}: {c.Source}"));
        if (document.Cells.Any(static c => c.Source.Length > 0))
            Assert.Equal(cells, NotebookDocument.ParseDib(document.ToDib()).Cells.Select(static c => $"{(c.Kind == CellKind.Markdown ? "markdown" : c.Language)}: {c.Source}"));
    }

    [Fact]
    public void What_else_a_dib_file_says_of_itself_survives()
    {
        NotebookDocument document = NotebookDocument.ParseDib("#!meta\n\n{\"theAnswer\":42}\n\n#!csharp\n\n1\n");
        Assert.Contains("\"theAnswer\":42", document.ToDib(), StringComparison.Ordinal);
        Assert.Contains("\"theAnswer\":42", NotebookDocument.ParseIpynb(document.ToIpynb()).ToDib(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!meta\n{\"a\": }\n#!csharp\n1", "below '#!meta' in line 1 is not valid JSON")]
    [InlineData("\n#!meta\n[1]\n#!csharp\n1", "Below '#!meta' in line 2 a JSON object is expected")]
    public void What_a_dib_file_says_of_itself_in_no_JSON_is_refused_rather_than_lost(string text, string message)
        => Assert.Contains(message, Assert.Throws<NotebookFormatException>(() => NotebookDocument.ParseDib(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_default_language_of_a_dib_file_is_that_of_its_first_cell_without_a_mark()
    {
        var document = NotebookDocument.ParseDib("#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"fsharp\",\"items\":[{\"name\":\"fsharp\"}]}}\n\n#!csharp\n\n1\n\n#!fsharp\n\nlet y = 2\n");
        Assert.Equal(["csharp", "fsharp"], document.Cells.Select(static c => c.Language));
        Assert.Equal(["csharp", "fsharp"], NotebookDocument.ParseIpynb(document.ToIpynb()).Cells.Select(static c => c.Language));
    }

    [Fact]
    public async Task The_first_line_of_a_cell_goes_before_what_its_metadata_say()
    {
        NotebookDocument document = NotebookDocument.Create();
        foreach ((string source, string language) in new[] { ("#!pwsh\nGet-Date", "fsharp"), ("#!csharp\n1 + 1", "markdown"), ("#!time\n2 + 2", "csharp") })
            document.Insert(document.Cells.Count, CellKind.Code, source).Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = language };
        using var host = new NotebookPersist.Kernel.NotebookHost();
        NotebookRunResult result = await new NotebookRunner(host.Cells).RunAsync(document, new NotebookRunOptions { SkipsOtherLanguages = true });
        Assert.Equal(["Cell 1 was left out: it is written in 'pwsh'."], result.Warnings);
        Assert.Empty(result.Failures);
        Assert.Equal(["2", "4"], document.Cells.SelectMany(static c => c.Outputs).OfType<NotebookPersist.Kernel.Scripting.ResultOutput>().Select(static o => o.Data["text/plain"]));
    }

    [Fact]
    public void Lines_that_another_form_takes_for_heads_are_known()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.Insert(0, CellKind.Code, "int x = 1;\n#!time\n#!fsharp\nlet y = 2");
        document.Insert(1, CellKind.Markdown, "Title\n%% [code]\n#!csharp");
        document.Insert(2, CellKind.Code, "// %% second\n1");
        Assert.Equal([(1, 3, "#!fsharp"), (2, 3, "#!csharp")], document.LinesLikeHeads("a.dib"));
        Assert.Equal([(2, 2, "%% [code]"), (3, 1, "// %% second")], document.LinesLikeHeads("a.csx"));
        Assert.Empty(document.LinesLikeHeads("a.ipynb"));
        Assert.NotEqual(document.Cells.Count, NotebookDocument.ParseDib(document.ToDib()).Cells.Count);
        Assert.NotEqual(document.Cells.Count, NotebookDocument.ParseScript(document.ToScript()).Cells.Count);
    }

    [Fact]
    public void A_script_is_cut_into_cells_and_written_again_as_it_was()
    {
        const string text =
            """
            // %% [markdown]
            // # Title
            //
            // Text with `code`

            // %% tags=["parameters", "a b"]
            var rate = 0.5; // A comment stays one.

            // %% [fsharp]
            // let x = 1

            // %%
            #!save model/m
            // rate
            rate

            """;
        var document = NotebookDocument.ParseScript(text);
        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Code, CellKind.Code], document.Cells.Select(static c => c.Kind));
        Assert.Equal("# Title\n\nText with `code`", document.Cells[0].Source);
        Assert.Equal(["parameters", "a b"], document.Cells[1].Tags);
        Assert.Equal(("fsharp", "let x = 1"), (document.Cells[2].Language, document.Cells[2].Source));
        Assert.Equal("#!save model/m\n// rate\nrate", document.Cells[3].Source);
        Assert.Equal(text, document.ToScript());
        Assert.Equal(text, NotebookDocument.ParseIpynb(document.ToIpynb()).ToScript());
        Assert.Equal(document.Cells.Select(static c => c.Id), NotebookDocument.ParseScript(text).Cells.Select(static c => c.Id));
    }

    [Fact]
    public void Heads_of_a_script_keep_titles_and_metadata()
    {
        const string text =
            """
            // %% Load data (see [1])
            1

            // %% Title [markdown] slideshow={"slide_type":"slide"}
            // # Title

            // %% tags=["a"] name="x=[1]" rate=0.5 nothing=null
            2

            // %% [raw] format="text/latex"
            // \alpha

            // %% empty

            // %%
            3

            """;
        var document = NotebookDocument.ParseScript(text);
        Assert.Equal(["1", "# Title", "2", "\\alpha", "", "3"], document.Cells.Select(static c => c.Source));
        Assert.Equal("Load data (see [1])", (string?)document.Cells[0].Metadata["title"]);
        Assert.Equal(("Title", "slide"), ((string?)document.Cells[1].Metadata["title"], (string?)document.Cells[1].Metadata["slideshow"]!["slide_type"]));
        Assert.Equal(("x=[1]", 0.5), ((string?)document.Cells[2].Metadata["name"], (double)document.Cells[2].Metadata["rate"]!));
        Assert.Equal(CellKind.Raw, document.Cells[3].Kind);
        Assert.Equal(text, document.ToScript());
        Assert.Equal(text, NotebookDocument.ParseIpynb(document.ToIpynb()).ToScript());
        Assert.Equal(["title", "slideshow"], document.Cells[1].MetadataWithoutPlace(".dib"));
        Assert.Empty(document.Cells[1].MetadataWithoutPlace(".csx"));
    }

    [Theory]
    [InlineData("Step rate=0.1 is best", "Step rate=0.1 is best", 1)]
    [InlineData("y=2x", "y=2x", 1)]
    [InlineData("x=[a]", "x=[a]", 1)]
    [InlineData("Step rate=0.1 is best tags=[\"a\"]", "Step rate=0.1 is best", 2)]
    [InlineData("Step rate=0.1", "Step", 2)]
    public void Titles_of_a_script_may_hold_what_looks_like_metadata(string head, string title, int count)
    {
        NotebookCell cell = Assert.Single(NotebookDocument.ParseScript($"// %% {head}\n1\n").Cells);
        Assert.Equal((title, count), ((string?)cell.Metadata["title"], cell.OwnMetadata.Count()));
        NotebookCell again = Assert.Single(NotebookDocument.ParseScript(NotebookDocument.ParseScript($"// %% {head}\n1\n").ToScript()).Cells);
        Assert.Equal(cell.Metadata.ToJsonString(), again.Metadata.ToJsonString());
    }

    [Fact]
    public void What_runs_and_clients_leave_in_metadata_is_no_head()
    {
        var document = Of("{}", """{"ExecuteTime":{"end_time":"now"},"collapsed":true,"vscode":{"languageId":"csharp"},"tags":[],"a b":1,"title":"// [x] y=1"}""");
        Assert.StartsWith("// %% title=\"// [x] y=1\"\n", document.ToScript(), StringComparison.Ordinal);
        Assert.Equal(["a b"], document.Cells[0].MetadataWithoutPlace(".csx"));
        Assert.Equal("// [x] y=1", (string?)NotebookDocument.ParseScript(document.ToScript()).Cells[0].Metadata["title"]);
    }

    [Fact]
    public void Line_ends_of_Windows_are_kept_and_other_characters_end_no_line()
    {
        const string dib = "#!meta\r\n\r\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"csharp\"}]}}\r\n\r\n#!markdown\r\n\r\na\u2028b\fc\r\nd\r\n\r\n#!csharp\r\n\r\n1\r\n";
        var document = NotebookDocument.ParseDib(dib);
        Assert.Equal("a\u2028b\fc\nd", document.Cells[0].Source);
        Assert.Equal(dib, document.ToDib());
        const string script = "// %% [markdown]\r\n// a\u2028b\r\n\r\n// %%\r\n1\r\n2\r\n";
        Assert.Equal(script, NotebookDocument.ParseScript(script).ToScript());
        Assert.Equal("a\u2028b", NotebookDocument.ParseIpynb(NotebookDocument.ParseScript(script).ToIpynb()).Cells[0].Source);
    }

    [Fact]
    public void Kernels_of_a_dib_file_are_known_by_their_other_names_too()
    {
        var document = NotebookDocument.ParseDib("#!meta\n\n{\"kernelInfo\":{\"items\":[{\"name\":\"sql-adventure\",\"aliases\":[\"adventure\"]}]}}\n\n#!adventure\n\nSELECT 1\n");
        Assert.Equal(("sql-adventure", "SELECT 1"), (document.Cells[0].Language, document.Cells[0].Source));
        Assert.Equal("1", Assert.Single(NotebookDocument.ParseDib("#!meta\n\n{\"kernelInfo\":{},\"kernelInfo\":{}}\n\n#!csharp\n\n1\n").Cells).Source);
    }

    [Fact]
    public void A_plain_script_is_one_cell_without_the_line_for_the_shell()
    {
        var document = NotebookDocument.ParseScript("#!/usr/bin/env dotnet-script\n// First\nvar x = 1;\n\nx\n");
        Assert.Equal("// First\nvar x = 1;\n\nx", Assert.Single(document.Cells).Source);
        Assert.Contains("tags=[\"a\"", Assert.Throws<NotebookFormatException>(() => NotebookDocument.ParseScript("// %% tags=[a]\n1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stripping_takes_out_what_runs_leave_and_nothing_else()
    {
        const string kept = """
            {
             "cells": [
              {
               "cell_type": "code",
               "execution_count": null,
               "id": "a",
               "metadata": {
                "unknown": 1.50
               },
               "outputs": [],
               "source": [
                "1"
               ]
              },
              {
               "cell_type": "markdown",
               "id": "b",
               "metadata": {},
               "source": "text"
              }
             ],
             "metadata": {
              "kernelspec": {
               "name": ".net-csharp"
              }
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """;
        var used = kept
            .Replace("\"execution_count\": null", "\"execution_count\": 7", StringComparison.Ordinal)
            .Replace("\"unknown\": 1.50", "\"unknown\": 1.50,\n    \"execution\": {\n     \"iopub.execute_input\": \"2024\"\n    },\n    \"scrolled\": true", StringComparison.Ordinal)
            .Replace("\"outputs\": []", "\"outputs\": [\n    {\n     \"name\": \"stdout\",\n     \"output_type\": \"stream\",\n     \"text\": \"x\"\n    }\n   ]", StringComparison.Ordinal)
            .Replace("  \"kernelspec\"", "  \"widgets\": {},\n  \"kernelspec\"", StringComparison.Ordinal);
        var document = NotebookDocument.ParseIpynb(used);
        Assert.Equal(2, NotebookStripper.Strip(document));
        Assert.Equal(kept, document.ToIpynb());
        Assert.Equal(0, NotebookStripper.Strip(document));
    }

    [Theory]
    [InlineData("""{"tags":["keep_output"]}""")]
    [InlineData("""{"keep_output":true}""")]
    public void Cells_may_ask_to_keep_their_output(string metadata)
    {
        var document = Of("{}", metadata);
        document.Cells[0].ExecutionCount = 3;
        Assert.Equal(0, NotebookStripper.Strip(document));
        Assert.Equal(3, document.Cells[0].ExecutionCount);
    }

    private static NotebookDocument Of(string metadata, string cellMetadata)
    {
        var cell = new JsonObject { ["cell_type"] = "code", ["metadata"] = JsonNode.Parse(cellMetadata), ["source"] = "1" };
        return NotebookDocument.ParseIpynb(new JsonObject { ["cells"] = new JsonArray(cell), ["metadata"] = JsonNode.Parse(metadata), ["nbformat"] = 4, ["nbformat_minor"] = 4 }.ToJsonString());
    }
}
