using System.Text.Json;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>Notebook files on the command line: converted, stripped, run within limits.</summary>
public sealed class NotebookToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notebookpersist-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_notebook_goes_through_all_forms_and_keeps_its_cells()
    {
        await Write("a.ipynb", RunNotebook.Source);
        await Run(0, "notebook", "convert", "a.ipynb", "b.csx");
        await Run(0, "notebook", "convert", "b.csx", "c.ipynb");
        ToolResult toDib = await Run(0, "notebook", "convert", "c.ipynb", "d.dib");
        Assert.Contains("left out metadata of cells: tags", toDib.Output, StringComparison.Ordinal);
        await Run(0, "notebook", "convert", "d.dib", "e.ipynb");
        await Run(0, "notebook", "convert", "c.ipynb", "f.html", "--fold-code");

        Assert.Equal(Sources("a.ipynb"), Sources("c.ipynb"));
        Assert.Equal(Sources("a.ipynb"), Sources("e.ipynb"));
        Assert.Contains("<details class=\"code\">", await File.ReadAllTextAsync(Path.Combine(_folder, "f.html")), StringComparison.Ordinal);

        ToolResult again = await Run(2, "notebook", "convert", "a.ipynb", "b.csx");
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        ToolResult model = await Run(2, "convert", "a.ipynb", "x.npz");
        Assert.Contains("notebook convert", model.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_runs_with_parameters_and_its_outputs_are_stripped_again()
    {
        await Write("a.csx", "// %% tags=[\"parameters\"]\nvar n = 1;\n\n// %%\nn * 2\n");
        await Run(0, "run", "a.csx", "-p", "n=21", "-o", "out.ipynb", "--cell-timeout", "300", "--kernel-memory", "4G");
        using (JsonDocument executed = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "out.ipynb"))))
            Assert.Contains("42", executed.RootElement.GetProperty("cells")[2].GetProperty("outputs").GetRawText(), StringComparison.Ordinal);

        await Run(1, "notebook", "strip", "out.ipynb", "--check");
        await Run(0, "notebook", "strip", "out.ipynb");
        await Run(0, "notebook", "strip", "out.ipynb", "--check");
        using JsonDocument stripped = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "out.ipynb")));
        Assert.All(stripped.RootElement.GetProperty("cells").EnumerateArray(), static c => Assert.Equal(0, c.GetProperty("outputs").GetArrayLength()));
    }

    [Fact]
    public async Task A_run_that_needs_too_much_memory_ends_with_one_error()
    {
        await Write("a.csx", "var kept = new List<byte[]>();\nwhile (kept.Count < 4000)\n{\n    var block = new byte[16 << 20];\n    Array.Fill(block, (byte)1);\n    kept.Add(block);\n}\n");
        ToolResult run = await Run(1, "run", "a.csx", "--kernel-memory", "700M");
        Assert.Contains("of memory: the process used", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Environment.Exit(0);", 1, "exit code 0, which is told as 1")]
    [InlineData("Environment.Exit(3);", 3, "exit code 3")]
    [InlineData("await Task.Run(() => Environment.Exit(3));", 3, "exit code 3")]
    public async Task A_cell_that_ends_the_process_fails_the_run_and_keeps_what_was_run(string cell, int exitCode, string told)
    {
        await Write("a.csx", $"// %%\n40 + 2\n// %%\n{cell}\n// %%\n1\n");
        ToolResult run = await Run(exitCode, "run", "a.csx", "-o", "out.ipynb");
        Assert.Contains($"Cell 2 has ended the process, with Environment.Exit for example ({told})", run.Error, StringComparison.Ordinal);
        Assert.Contains("42", await File.ReadAllTextAsync(Path.Combine(_folder, "out.ipynb")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_replaces_the_console_does_not_silence_the_run()
    {
        await Write("a.csx", "// %%\nConsole.SetOut(TextWriter.Null);\n// %%\n40 + 2\n");
        ToolResult run = await Run(0, "run", "a.csx", "--show");
        Assert.Contains("[ 2/2] ok", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n42\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Ran 2 cells", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--kernel-memory takes a size such as 512M or 2G; 'much' was given.", "run", "a.csx", "--kernel-memory", "much")]
    [InlineData("--kernel-memory takes at least 256M", "run", "a.csx", "--kernel-memory", "64K")]
    [InlineData("--cell-timeout takes a number of seconds above zero.", "run", "a.csx", "--cell-timeout", "0")]
    [InlineData("--timeout takes a number of seconds above zero.", "run", "a.csx", "--timeout", "NaN")]
    [InlineData("--timeout takes at most 4000000 seconds", "run", "a.csx", "--timeout", "5e8")]
    [InlineData("--fold-code is for pages", "run", "a.csx", "--fold-code")]
    [InlineData("holds no outputs", "notebook", "strip", "a.csx")]
    [InlineData("<target> takes a file that ends in .ipynb or .dib", "notebook", "convert", "a.csx", "b.txt")]
    public async Task A_mistake_is_told_in_one_line(string message, params string[] arguments)
    {
        await Write("a.csx", "1");
        ToolResult result = await Run(2, arguments);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task Write(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);

    private async Task<ToolResult> Run(int exitCode, params string[] arguments)
    {
        ToolResult result = await Tool.RunAsync(_folder, arguments);
        Assert.True(result.ExitCode == exitCode, result.Output + result.Error);
        return result;
    }

    private string[] Sources(string name)
    {
        using JsonDocument notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, name)));
        return [.. notebook.RootElement.GetProperty("cells").EnumerateArray().Select(static c => string.Concat(c.GetProperty("source").EnumerateArray().Select(static l => l.GetString())))];
    }
}
