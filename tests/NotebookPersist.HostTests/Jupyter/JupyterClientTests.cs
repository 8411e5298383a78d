using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>Jupyter's own clients with the installed kernel.</summary>
public sealed class JupyterClientTests(ITestOutputHelper log) : IDisposable
{
    private readonly JupyterClients _clients = new();

    public void Dispose() => _clients.Dispose();

    [JupyterFact]
    public async Task Every_conformance_test_of_Jupyter_passes_and_none_is_skipped()
    {
        await _clients.InstallAsync();
        ToolResult run = await _clients.RunAsync([JupyterClients.Script("conformance.py")]);
        log.WriteLine(run.Error);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("12 run, 0 failed, 0 broken, 0 skipped", run.Output, StringComparison.Ordinal);
    }

    [JupyterFact]
    public async Task A_session_runs_interrupts_asks_and_restarts()
    {
        await _clients.InstallAsync();
        ToolResult run = await _clients.RunAsync([JupyterClients.Script("session.py")]);
        log.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("session ok", run.Output, StringComparison.Ordinal);
    }

    [JupyterFact]
    public async Task Completions_leave_no_memory_behind()
    {
        await _clients.InstallAsync();
        ToolResult run = await _clients.RunAsync([JupyterClients.Script("memory.py")]);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("memory ok", run.Output, StringComparison.Ordinal);
    }

    [JupyterFact]
    public async Task Nbconvert_executes_a_notebook()
    {
        await _clients.InstallAsync();
        Write("a.ipynb", "int a = 40;", "Console.WriteLine(\"hi\"); a + 2", "#!whos");
        ToolResult run = await _clients.RunAsync(["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "b.ipynb", "a.ipynb"]);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonArray outputs = Read("b.ipynb")["cells"]![1]!["outputs"]!.AsArray();
        Assert.Equal(["stream", "execute_result"], outputs.Select(static o => (string?)o!["output_type"]));
        Assert.Equal("42", string.Concat(outputs[1]!["data"]!["text/plain"]!.AsArray().Select(static l => (string?)l)));
        Assert.NotNull(Read("b.ipynb")["cells"]![2]!["outputs"]![0]!["data"]!["text/html"]);
    }

    [JupyterFact]
    public async Task Nbclient_tells_a_failing_cell()
    {
        await _clients.InstallAsync();
        Write("a.ipynb", "throw new System.ArgumentException(\"not so\");");
        ToolResult run = await _clients.RunAsync(["-c", "import nbformat, nbclient\nnb = nbformat.read('a.ipynb', 4)\ntry:\n    nbclient.NotebookClient(nb, kernel_name='notebookpersist').execute()\nexcept nbclient.exceptions.CellExecutionError as e:\n    print('told', e.ename, e.evalue)"]);
        Assert.Contains("told ArgumentException not so", run.Output, StringComparison.Ordinal);
    }

    [JupyterFact]
    public async Task The_console_shows_results_and_errors()
    {
        await _clients.InstallAsync();
        ToolResult run = await _clients.RunAsync(
            ["-m", "jupyter_console", "--simple-prompt", "--kernel", JupyterClients.KernelName], "var a = 6;\na * 7\nnothing\nexit\n");
        Assert.Contains("42", run.Output, StringComparison.Ordinal);
        Assert.Contains("CS0103", run.Output + run.Error, StringComparison.Ordinal);
    }

    private void Write(string name, params string[] cells) => File.WriteAllText(Path.Combine(_clients.Folder, name), new JsonObject
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = JupyterClients.KernelName, ["display_name"] = "C#", ["language"] = "C#" } },
        ["cells"] = new JsonArray([.. cells.Select(static (c, i) => (JsonNode)new JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = $"cell-{i}",
            ["metadata"] = new JsonObject(),
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = c,
        })]),
    }.ToJsonString());

    private JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(_clients.Folder, name)))!;
}
