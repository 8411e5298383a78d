using System.Text.Json.Nodes;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

/// <summary>Files that are JSON but not what the notebook format says.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class NotebookStructureTests
{
    private const string Whole = """
        {
         "cells": [
          {"cell_type": "markdown", "id": "a", "metadata": {"tags": ["t"]}, "attachments": {"p.png": {"image/png": "aGk="}}, "source": ["# T\n", "![p](attachment:p.png)"]},
          {"cell_type": "code", "execution_count": 3, "id": "b", "metadata": {"polyglot_notebook": {"kernelName": "csharp"}, "collapsed": true}, "source": "1 + 1", "outputs": [
           {"output_type": "stream", "name": "stdout", "text": ["x\n"]},
           {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {"text/plain": ["2"], "text/html": "<b>2</b>", "application/json": {"a": 1}, "image/png": "aGk="}},
           {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": "*x*"}},
           {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\u001b[31ml\u001b[0m"]}]},
          {"cell_type": "raw", "id": "c", "metadata": {}, "source": "r"}
         ],
         "metadata": {"kernelspec": {"display_name": "C#", "language": "C#", "name": "notebookpersist"}, "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp", "items": [{"name": "csharp", "aliases": ["x"]}]}}},
         "nbformat": 4,
         "nbformat_minor": 5
        }
        """;

    [Theory]
    [InlineData("source", "5", "The 'source' of cell 2 is the number 5; expected a string or a list of strings.")]
    [InlineData("source", "null", "The 'source' of cell 2 is missing or null; expected a string or a list of strings.")]
    [InlineData("source", "{\"a\": 1}", "The 'source' of cell 2 is an object; expected a string or a list of strings.")]
    [InlineData("source", "true", "The 'source' of cell 2 is true; expected a string or a list of strings.")]
    [InlineData("source", "[\"a\", 5]", "An item of the 'source' of cell 2 is the number 5; expected a string or a list of strings.")]
    [InlineData("source", "[[\"a\"]]", "An item of the 'source' of cell 2 is a list; expected a string or a list of strings.")]
    [InlineData("source", "[null]", "An item of the 'source' of cell 2 is missing or null; expected a string or a list of strings.")]
    [InlineData("cell_type", "\"heading\"", "Cell 2 has the type 'heading'; expected 'code', 'markdown' or 'raw'.")]
    [InlineData("cell_type", "[\"code\"]", "The 'cell_type' of cell 2 is a list; expected 'code', 'markdown' or 'raw'.")]
    [InlineData("cell_type", "null", "The 'cell_type' of cell 2 is missing or null; expected 'code', 'markdown' or 'raw'.")]
    [InlineData("metadata", "[]", "The 'metadata' of cell 2 is a list; expected an object.")]
    [InlineData("id", "7", "The 'id' of cell 2 is the number 7; expected a string.")]
    [InlineData("outputs", "{}", "The 'outputs' of cell 2 is an object; expected a list.")]
    [InlineData("outputs", "[\"text\"]", "An item of the 'outputs' of cell 2 is a string; expected an object.")]
    [InlineData("attachments", "\"x\"", "The 'attachments' of cell 2 is a string; expected an object.")]
    public void A_part_of_a_cell_that_is_of_another_kind_is_named_with_its_cell(string member, string value, string message)
    {
        JsonNode root = JsonNode.Parse(Whole)!;
        root["cells"]![1]![member] = JsonNode.Parse(value);
        Assert.Equal(message, Assert.Throws<NotebookFormatException>(() => NotebookDocument.ParseIpynb(root.ToJsonString())).Message);
    }

    [Theory]
    [InlineData("nbformat", "3", "has format 3; expected 4. Jupyter converts it")]
    [InlineData("nbformat", "5", "has format 5, which is later than what is read here")]
    [InlineData("nbformat", "\"4\"", "'nbformat' is a string; expected the number 4")]
    [InlineData("nbformat", "null", "'nbformat' is missing")]
    [InlineData("nbformat", "4.5", "'nbformat' is the number 4.5")]
    [InlineData("cells", "{}", "'cells' is an object; expected a list")]
    [InlineData("cells", "null", "'cells' is missing or null; expected a list")]
    [InlineData("cells", "[5]", "Cell 1 is the number 5; expected an object")]
    [InlineData("metadata", "[1]", "'metadata' is a list; expected an object")]
    public void A_part_of_a_notebook_that_is_of_another_kind_is_named(string member, string value, string message)
    {
        JsonNode root = JsonNode.Parse(Whole)!;
        root[member] = JsonNode.Parse(value);
        Assert.Contains(message, Assert.Throws<NotebookFormatException>(() => NotebookDocument.ParseIpynb(root.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_stands_in_a_file_it_is_refused_or_goes_through_every_form()
    {
        string[] values = ["null", "5", "-1e300", "true", "\"x\"", "\"\"", "[]", "{}", "[5]", "[null]", "[[\"x\"]]", "{\"\": null}", "{\"language\": 5, \"text/plain\": {}}", "\"\\ud800\""];
        int read = 0, refused = 0;
        foreach (string[] place in Places(JsonNode.Parse(Whole), []))
        {
            foreach (string value in values)
            {
                string text = With(place, value);
                NotebookDocument document;
                try
                {
                    document = NotebookDocument.ParseIpynb(text);
                }
                catch (NotebookFormatException fault)
                {
                    Assert.True(fault.Message.Length is > 20 and < 300, fault.Message);
                    refused++;
                    continue;
                }

                read++;
                Assert.Equal(text.Replace("\\ud800", "\\ufffd", StringComparison.Ordinal), document.ToIpynb().Replace("\\ud800", "\\ufffd", StringComparison.Ordinal));
                Assert.StartsWith("<!DOCTYPE html>", HtmlExporter.ToHtml(document), StringComparison.Ordinal);
                Assert.All(document.Cells, static c => _ = (c.Id, c.Language, c.Outputs.Count, c.Tags.Count, c.ExecutionCount, c.MetadataWithoutPlace(".csx").Count()));
                Assert.NotEmpty(NotebookDocument.ParseDib(document.ToDib()).Cells);
                Assert.NotNull(NotebookDocument.ParseScript(document.ToScript()));
                NotebookStripper.Strip(document);
                document.Insert(0, CellKind.Code, "2").Metadata["tags"] = new JsonArray("x");
                Assert.Equal(document.Cells.Count, NotebookDocument.ParseIpynb(document.ToIpynb()).Cells.Count);
            }
        }

        Assert.True(read > 300 && refused > 100, $"{read} read, {refused} refused");
    }

    [Fact]
    public async Task Cells_of_one_id_or_of_one_text_are_cells_of_their_own()
    {
        const string cell = """{"cell_type":"code","execution_count":null,ID"metadata":{},"outputs":[],"source":"tf.Constant(1f, name: \"c\").Name"}""";
        foreach (string id in new[] { "\"id\":\"same\",", "" })
        {
            tf.ResetDefaultGraph();
            string one = cell.Replace("ID", id, StringComparison.Ordinal);
            NotebookDocument document = NotebookDocument.ParseIpynb($$"""{"cells":[{{one}},{{one}}],"metadata":{},"nbformat":4,"nbformat_minor":{{(id.Length > 0 ? 5 : 4)}}}""");
            using var host = new NotebookHost();
            NotebookRunResult result = await new NotebookRunner(host.Cells).RunAsync(document);
            Assert.True(result.Succeeded);
            Assert.Equal(["c:0", "c_1:0"], document.Cells.Select(static c => ((NotebookPersist.Kernel.Scripting.ResultOutput)c.Outputs[0]).Data["text/plain"]));
            Assert.Equal(id.Length > 0 ? ["Cells 1 and 2 have the same id 'same'; each is run as a cell of its own. Saving the notebook in Jupyter gives one of them another."] : Array.Empty<string>(), result.Warnings);
        }
    }

    private static IEnumerable<string[]> Places(JsonNode? node, string[] place)
    {
        yield return place;
        IEnumerable<(string Name, JsonNode? Node)> inner = node switch
        {
            JsonObject members => members.Select(static m => (m.Key, m.Value)),
            JsonArray items => items.Select(static (item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach (string[] further in inner.SelectMany(i => Places(i.Node, [.. place, i.Name])))
            yield return further;
    }

    private static string With(string[] place, string value)
    {
        const string mark = "here-it-goes";
        if (place.Length == 0)
            return value;
        JsonNode root = JsonNode.Parse(Whole)!;
        JsonNode at = place[..^1].Aggregate(root, static (node, name) => node is JsonArray items ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!);
        if (at is JsonArray list)
            list[int.Parse(place[^1], System.Globalization.CultureInfo.InvariantCulture)] = mark;
        else
            at[place[^1]] = mark;
        return root.ToJsonString().Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }
}
