using System.Text.Json.Nodes;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel;

/// <summary>Cells as notebooks of .NET Interactive have them.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class InteractiveCellTests : IDisposable
{
    private readonly NotebookHost _host = new();
    private readonly TemporaryFolder _folder = new();

    public InteractiveCellTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_are_displayed_by_its_names_and_updated()
    {
        IReadOnlyList<DisplayOutput> shown = await Shown("""
            var output = display("first");
            output.Update("second");
            display(HTML("<b>x</b>"));
            new { Name = "n" }.Display("application/json");
            "# Title".DisplayAs("text/markdown");
            Javascript("alert(1)");
            """);
        Assert.Equal("second", shown[0].Data["text/plain"]);
        Assert.Equal("<b>x</b>", shown[1].Data["text/html"]);
        Assert.Equal("n", (string?)JsonNode.Parse(shown[2].Data["application/json"])!["Name"]);
        Assert.DoesNotContain("text/html", shown[2].Data.Keys);
        Assert.Equal("# Title", shown[3].Data["text/markdown"]);
        Assert.Equal("alert(1)", shown[4].Data["application/javascript"]);
    }

    [Fact]
    public async Task Its_formatters_and_html_tags_are_there_and_a_reset_leaves_our_displays()
    {
        await Shown("using Microsoft.DotNet.Interactive.Formatting;\nusing static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;");
        Assert.Equal("<b class=\"c\">1 &lt; 2</b>", (await Shown("display(b[@class: \"c\"](\"1 < 2\"));"))[0].Data["text/html"]);
        await Shown("class Person { public string Name { get; set; } }\nFormatter.Register<Person>((p, writer) => writer.Write(\"person \" + p.Name), mimeType: \"text/html\");");
        Assert.Equal("person Ada", (await Shown("display(new Person { Name = \"Ada\" });"))[0].Data["text/html"]);
        await Shown("Formatter.ResetToDefault();");
        Assert.Contains("np", (await Shown("display(tf.Constant(1f, name: \"c\"));"))[0].Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_are_shown_as_a_table_of_their_properties()
    {
        DisplayOutput[] shown =
        [
            .. await Shown("""
                class Person { public string Name { get; set; } public int Age { get; set; } public List<int> Marks { get; } = [1, 2]; public int Bad => throw new InvalidOperationException("no"); }
                var people = new[] { new Person { Name = "Ada", Age = 1234 }, null };
                display(people);
                people.Where(p => p is not null).DisplayTable();
                """),
        ];
        foreach (DisplayOutput table in shown)
        {
            string[] lines = table.Data["text/plain"].Split('\n');
            Assert.Matches(@"^\s+Name\s+Age\s+Marks\s+Bad$", lines[1]);
            Assert.Matches(@"^0\s+Ada\s+1234\s+List of 2\s+InvalidOperationException: no$", lines[2]);
        }

        Assert.StartsWith("Person[2]\n", shown[0].Data["text/plain"], StringComparison.Ordinal);
        Assert.StartsWith("1 item\n", shown[1].Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("<th", shown[1].Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_are_kept_under_names_and_shared()
    {
        await File.WriteAllTextAsync(_folder["data.json"], "{\"a\":1}");
        await Shown("#!value --name text\nfirst\nsecond");
        await Shown($"#!value --name file --from-file {_folder["data.json"]} --mime-type application/json");
        await Shown("#!share text --from value\n#!share --from value file --as data\n#!set --name copy --value @value:text --byref");
        Assert.Equal("first\nsecond|{\"a\":1}|True", (await Shown("display($\"{text}|{data}|{ReferenceEquals(copy, text)}\");"))[0].Data["text/plain"]);
        Assert.Contains("--name <name> is missing", await Error("#!value\ntext"), StringComparison.Ordinal);
        Assert.Contains("HttpClient", await Error("#!value --name u --from-url https://example.org"), StringComparison.Ordinal);
        Assert.Contains("the lines below are a text too", await Error($"#!value --name u --from-file {_folder["data.json"]}\n1"), StringComparison.Ordinal);
        Assert.Contains("Near names: 'text'", await Error("#!share --from value txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_of_the_page_take_values()
    {
        await Shown("var x = new[] { 1, 2 }; var name = \"</script>\";");
        Assert.Equal("let x = [1,2];\nlet n = \"\\u003C/script\\u003E\";\nlet five = 5;\nalert(x);",
            (await Shown("#!javascript\n#!share --from csharp x\n#!share --from csharp name --as n\n#!set --name five --value 5\nalert(x);"))[0].Data["application/javascript"]);
        Assert.Contains("is no JavaScript", await Error("#!javascript\n#!time\nalert(1);"), StringComparison.Ordinal);
        await Shown("var unbounded = double.NaN;");
        Assert.Contains("cannot be written as JSON", await Error("#!javascript\n#!share --from csharp unbounded"), StringComparison.Ordinal);
        Assert.Contains("No csharp cell has declared 'y'", await Error("#!javascript\n#!share --from csharp y"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using Microsoft.DotNet.Interactive;\nKernel.Root.ToString()", "'Root' of .NET Interactive is not offered here")]
    [InlineData("using Microsoft.DotNet.Interactive.Commands;", "'Commands' of .NET Interactive is not offered here")]
    [InlineData("Microsoft.DotNet.Interactive.KernelInvocationContext.Current", "watch 'Cancellation'")]
    [InlineData("(LaTeXString)\"x\"", "text/markdown")]
    [InlineData("display(table(tr))", "using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;")]
    [InlineData("Formatter.ResetToDefault();", "using Microsoft.DotNet.Interactive.Formatting;")]
    [InlineData("await Microsoft.DotNet.Interactive.Kernel.GetPasswordAsync(\"p\")", "ReadPassword")]
    public async Task What_has_no_counterpart_says_what_to_write(string code, string advice) => Assert.Contains(advice, await Error(code), StringComparison.Ordinal);

    [Fact]
    public async Task Packages_that_extend_it_are_left_out_and_sources_are_taken()
    {
        var outputs = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(
            new CellRequest("#i \"nuget:/nowhere/packages\"\n#r \"nuget: Microsoft.DotNet.Interactive.SqlServer, *-*\"\n#r \"nuget: Microsoft.DotNet.Interactive.Formatting, 1.0.0-beta.1\"\n1 + 1"), outputs);
        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        Assert.Contains("'Microsoft.DotNet.Interactive.SqlServer' extends .NET Interactive and is left out", Assert.Single(outputs.Outputs.OfType<StreamOutput>()).Text, StringComparison.Ordinal);

        // Also the second time, when NuGet has its record of the first.
        for (int i = 0; i < 2; i++)
            Assert.Contains("/nowhere/packages", await Error("#r \"nuget: No.Such.Package.Anywhere, 1.0.0\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imported_cells_are_run_and_those_that_cannot_be_are_named()
    {
        await File.WriteAllTextAsync(_folder["a.dib"], "#!csharp\n\nvar kept = 13;\n\n#!html\n\n<b>x</b>\n\n#!pwsh\n\ndir\n");
        IReadOnlyList<DisplayOutput> shown = await Shown($"#!import {_folder["a.dib"]}\ndisplay(kept);");
        Assert.Contains("left out: cell 3, in 'pwsh'", shown[0].Data["text/plain"], StringComparison.Ordinal);
        Assert.Equal("<b>x</b>", shown[1].Data["text/html"]);
        Assert.Equal("13", shown[2].Data["text/plain"]);
    }

    [Fact]
    public async Task Errors_in_imported_cells_tell_their_file_and_line()
    {
        await File.WriteAllTextAsync(_folder["bad.cs"], "int x = 1;\nint y = ;");
        await File.WriteAllTextAsync(_folder["fails.dib"], "#!csharp\n\nvar okay = 1;\n\n#!csharp\n\n#!time\n\nthrow new InvalidOperationException(\"in file\");\n");
        CellError bad = (await _host.Cells.RunAsync(new CellRequest($"// First\n#!import {_folder["bad.cs"]}"), new CellOutputList())).Error!;
        Assert.StartsWith("bad.cs (2,9): error CS1525", bad.Message, StringComparison.Ordinal);
        Assert.Null(bad.SourceLine);
        CellError fails = (await _host.Cells.RunAsync(new CellRequest($"#!import {_folder["fails.dib"]}"), new CellOutputList())).Error!;
        Assert.Contains(fails.Traceback, static l => l.Contains("fails.dib, cell 2, line 3", StringComparison.Ordinal));
        Assert.Contains(fails.Traceback, static l => l.Trim() == "throw new InvalidOperationException(\"in file\");");
        Assert.Equal("1", (await Shown("display(okay);"))[0].Data["text/plain"]);
    }

    [Fact]
    public async Task Errors_in_imported_files_of_one_name_tell_their_folders()
    {
        foreach (string folder in (string[])["a", "b"])
        {
            Directory.CreateDirectory(_folder[folder]);
            await File.WriteAllTextAsync(Path.Combine(_folder[folder], "util.cs"), $"void In_{folder}() => throw new InvalidOperationException(\"{folder}\");");
        }

        await Shown($"#!import {Path.Combine(_folder["a"], "util.cs")}\n#!import {Path.Combine(_folder["b"], "util.cs")}");
        CellError error = (await _host.Cells.RunAsync(new CellRequest("In_a();"), new CellOutputList())).Error!;
        Assert.Contains(error.Traceback, static l => l.Contains(Path.Combine("a", "util.cs") + ", line 1", StringComparison.Ordinal));
        Assert.Contains(error.Traceback, static l => l.Trim().StartsWith("void In_a()", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_imports_itself_comes_to_an_end()
    {
        await File.WriteAllTextAsync(_folder["self.dib"], $"#!csharp\n\n#!import {_folder["self.dib"]}\n");
        Assert.Contains("it imports itself", await Error($"#!import {_folder["self.dib"]}"), StringComparison.Ordinal);
        Assert.Equal("2", (await Shown("display(1 + 1);"))[0].Data["text/plain"]);
    }

    [Fact]
    public async Task Cells_of_a_document_keep_texts_whether_they_name_the_kernel_again_or_not()
    {
        NotebookDocument document = NotebookDocument.ParseDib(
            "#!value\n\n#!value --name json\n{ \"a\": 1 }\n\n#!html\n\n#!html\n<b>x</b>\n\n#!csharp\n\n#!share json --from value\njson.Length");
        NotebookRunResult result = await new NotebookRunner(_host.Cells).RunAsync(document);
        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal("10", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[^1].Outputs)).Data["text/plain"]);
    }

    private async Task<IReadOnlyList<DisplayOutput>> Shown(string code)
    {
        var outputs = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code), outputs);
        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        return [.. outputs.Outputs.OfType<DisplayOutput>()];
    }

    private async Task<string> Error(string code)
    {
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code), new CellOutputList());
        Assert.NotNull(result.Error);
        return result.Error.Message;
    }
}
