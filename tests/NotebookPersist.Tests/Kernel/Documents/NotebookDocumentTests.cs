using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

public sealed class NotebookDocumentTests
{
    private const string ByJupyter =
        """
        {
         "cells": [
          {
           "cell_type": "markdown",
           "id": "a1",
           "metadata": {},
           "source": [
            "# Grüße 😀 <b>\n",
            "\u001b tab\t \"quoted\" \\ back"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "b2",
           "metadata": {
            "tags": [],
            "unknown": {
             "n": 1.0,
             "e": 1e-05
            }
           },
           "outputs": [
            {
             "data": {
              "application/json": {
               "x": [
                1,
                2
               ]
              },
              "image/png": "iVBORw0KGgo=\n",
              "text/plain": [
               "line 1\n",
               "line 2"
              ]
             },
             "execution_count": 3,
             "metadata": {},
             "output_type": "execute_result"
            }
           ],
           "source": []
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": "C#",
           "name": "csharp"
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void A_notebook_that_is_not_changed_is_written_byte_for_byte_as_it_was_read()
        => Assert.Equal(ByJupyter, NotebookDocument.ParseIpynb(ByJupyter).ToIpynb());

    [Theory]
    [InlineData("  ", "\n")]
    [InlineData("\t", "\n")]
    [InlineData("    ", "\r\n")]
    public void Other_indentations_and_line_ends_are_kept(string indent, string newLine)
    {
        var lines = ByJupyter.TrimEnd('\n').Split('\n').Select(l => string.Concat(Enumerable.Repeat(indent, l.Length - l.TrimStart(' ').Length)) + l.TrimStart(' '));
        var text = string.Join(newLine, lines);
        Assert.Equal(text, NotebookDocument.ParseIpynb(text).ToIpynb());
    }

    [Fact]
    public void Escapes_of_other_tools_are_kept_in_what_is_not_changed()
    {
        var text = ByJupyter.Replace("Grüße 😀", "Gr\\u00fc\\u00dfe \\ud83d\\ude00", StringComparison.Ordinal);
        var document = NotebookDocument.ParseIpynb(text);
        Assert.Equal(text, document.ToIpynb());
        Assert.StartsWith("# Grüße 😀", document.Cells[0].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Changing_a_source_changes_only_its_lines()
    {
        var document = NotebookDocument.ParseIpynb(ByJupyter);
        document.Cells[0].Source = "# Grüße 😀 <b>\nnew";
        Assert.Equal(ByJupyter.Replace("\\u001b tab\\t \\\"quoted\\\" \\\\ back", "new", StringComparison.Ordinal), document.ToIpynb());
    }

    [Theory]
    [InlineData("""{"cells": [{"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null}], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}""")]
    [InlineData("{\"nbformat\":4,\"nbformat_minor\":2,\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"metadata\":{},\"source\":\"1\",\"outputs\":[],\"execution_count\":null}]}\n")]
    public void A_notebook_of_one_line_stays_one(string text)
    {
        var document = NotebookDocument.ParseIpynb(text);
        Assert.Equal(text, document.ToIpynb());
        document.Cells[0].ExecutionCount = 7;
        Assert.Equal(text.Replace("null", "7", StringComparison.Ordinal), document.ToIpynb());
    }

    [Fact]
    public void Whatever_the_layout_only_what_changes_is_written_anew()
    {
        const string first = "  {\"cell_type\":\"markdown\",   \"metadata\": { \"tags\": [\"a\", \"b\"] }, \"source\": [\"\\u00fc\\n\",\"x\"]}";
        const string text = "{\n \"cells\": [\n" + first + ",\n  {\"cell_type\":\"code\",\"metadata\": { \"k\": [1,  2] },\"source\": [\"\\u00fc\\n\", \"old\"],\"outputs\":[], \"execution_count\":1}\n ],\n \"metadata\": {  },\n \"nbformat\": 4, \"nbformat_minor\": 4}\n\n";
        var document = NotebookDocument.ParseIpynb(text);
        Assert.Equal(text, document.ToIpynb());
        document.Cells[1].Source = "ü\nnew";
        string changed = document.ToIpynb();
        Assert.Contains(first.Trim(), changed, StringComparison.Ordinal);
        Assert.Contains("{ \"k\": [1,  2] }", changed, StringComparison.Ordinal);
        Assert.Contains("\"\\u00fc\\n\"", changed[(changed.IndexOf("[1,  2]", StringComparison.Ordinal))..], StringComparison.Ordinal);
        document.RemoveAt(0);
        Assert.DoesNotContain("markdown", document.ToIpynb(), StringComparison.Ordinal);
        Assert.Contains("{ \"k\": [1,  2] }", document.ToIpynb(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_pair_of_units_in_an_output_that_was_cut_off_is_replaced()
    {
        string text = ByJupyter.Replace("line 2", @"\\ud83d cut \ud83d and \ude00 but \ud83d\ude00", StringComparison.Ordinal);
        var document = NotebookDocument.ParseIpynb(text);
        Assert.Equal("line 1\n\\ud83d cut \ufffd and \ufffd but 😀", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[1].Outputs)).Data["text/plain"]);
        document.Cells[0].Source = "x";
        Assert.Contains(@"\\ud83d cut \ufffd and \ufffd but \ud83d\ude00", document.ToIpynb(), StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_survive_reading_and_writing()
    {
        var document = NotebookDocument.ParseIpynb(ByJupyter);
        var cell = document.Cells[1];
        var result = Assert.IsType<ResultOutput>(Assert.Single(cell.Outputs));
        Assert.Equal("line 1\nline 2", result.Data["text/plain"]);
        cell.Outputs = cell.Outputs;
        Assert.Equal(ByJupyter, document.ToIpynb());
    }

    [Theory]
    [InlineData("nonsense", "not valid JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "nbformat")]
    [InlineData("""{"nbformat":3,"worksheets":[]}""", "format 3")]
    [InlineData("""{"nbformat":4}""", "cells")]
    [InlineData("""{"nbformat":4,"nbformat":4,"cells":[]}""", "not valid JSON")]
    [InlineData("""{"nbformat":4,"cells":[1]}""", "Cell 1")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code","source":"1","metadata":3}]}""", "'metadata' of cell 1")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"x","source":""}]}""", "'x'")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code"}]}""", "source")]
    public void What_is_no_notebook_is_refused_in_words(string text, string word)
        => Assert.Contains(word, Assert.Throws<NotebookFormatException>(() => NotebookDocument.ParseIpynb(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_dib_file_becomes_cells_with_ids_that_depend_on_the_text_alone()
    {
        const string text = "#!meta\n\n{\"kernelInfo\":{}}\n\n#!markdown\n\n# Title\n\n#!csharp\n\n#!save model\nvar x = 1;\n\nx\n\n#!fsharp\n\nlet y = 2\n";
        var document = NotebookDocument.ParseDib(text);

        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Code], document.Cells.Select(c => c.Kind));
        Assert.Equal("#!save model\nvar x = 1;\n\nx", document.Cells[1].Source);
        Assert.Equal("fsharp", document.Cells[2].Language);
        Assert.Equal(document.Cells.Select(c => c.Id), NotebookDocument.ParseDib(text).Cells.Select(c => c.Id));
        Assert.Equal(document.Cells.Select(c => (c.Kind, c.Source, c.Language)), NotebookDocument.ParseDib(document.ToDib()).Cells.Select(c => (c.Kind, c.Source, c.Language)));
        Assert.Equal(document.ToIpynb(), NotebookDocument.ParseIpynb(document.ToIpynb()).ToIpynb());
    }

    [Fact]
    public void A_new_cell_in_a_document_before_format_4_5_has_no_id()
    {
        var document = NotebookDocument.ParseIpynb("""{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":4}""");
        Assert.Null(document.Insert(0, CellKind.Code, "1").Id);
        Assert.Equal(4, JsonNode.Parse(document.ToIpynb())!["nbformat_minor"]!.GetValue<int>());
    }

    [Fact]
    public void Saving_and_loading_choose_the_form_by_the_name()
    {
        var folder = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        var document = NotebookDocument.ParseIpynb(ByJupyter);
        document.Save(Path.Combine(folder, "a.ipynb"));
        Assert.Equal(ByJupyter, File.ReadAllText(Path.Combine(folder, "a.ipynb")));
        document.Save(Path.Combine(folder, "a.dib"));
        Assert.Equal(document.Cells[0].Source, NotebookDocument.Load(Path.Combine(folder, "a.dib")).Cells[0].Source);
        Assert.Throws<ArgumentException>(() => document.Save(Path.Combine(folder, "a.txt")));
    }
}
