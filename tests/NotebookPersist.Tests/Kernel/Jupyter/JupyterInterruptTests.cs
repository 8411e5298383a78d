using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Jupyter;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

/// <summary>Interrupt and shutdown at every moment of a request's life.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class JupyterInterruptTests : IDisposable
{
    private readonly RunningKernel _kernel = new();
    private readonly ManualResetEventSlim _isBusy = new();
    private readonly ManualResetEventSlim _mayEnd = new();
    private Task<CellResult> _other = Task.FromResult(new CellResult(CellStatus.Succeeded));

    public void Dispose()
    {
        _mayEnd.Set();
        _kernel.Dispose();
        _isBusy.Dispose();
        _mayEnd.Dispose();
    }

    [Fact]
    public async Task A_shutdown_ends_a_cell_that_was_about_to_start()
    {
        KeepTheEngineBusy();
        var id = _kernel.Execute("while (true) { }");
        _kernel.WaitFor(id, "execute_input");
        _kernel.Client.Send(Channel.Control, "shutdown_request", new JsonObject { ["restart"] = false });
        Assert.Equal("shutdown_reply", _kernel.Client.Receive(Channel.Control).Type);
        _mayEnd.Set();
        await _kernel.Run.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(CellStatus.Succeeded, (await _other).Status);
    }

    [Fact]
    public async Task An_interrupt_stops_a_cell_that_was_about_to_start_and_no_other()
    {
        KeepTheEngineBusy();
        var id = _kernel.Execute("while (true) { }");
        _kernel.WaitFor(id, "execute_input");
        Interrupt();
        _mayEnd.Set();
        Assert.Equal("Interrupted", _kernel.Client.Receive(Channel.Shell).ContentText("ename"));
        Assert.Equal(CellStatus.Succeeded, (await _other).Status);
        AssertAlive();
    }

    [Fact]
    public void An_interrupt_between_cells_leaves_the_next_one_alone()
    {
        Interrupt();
        AssertAlive();
        Interrupt();
        Interrupt();
        AssertAlive();
    }

    [Fact]
    public void One_interrupt_stops_the_cell_and_aborts_those_behind_it()
    {
        var first = _kernel.Execute("Console.WriteLine(1); while (true) { }");
        var second = _kernel.Execute("Console.WriteLine(2);");
        _kernel.WaitFor(first, "stream");
        Interrupt();
        Assert.Equal("Interrupted", _kernel.Client.Receive(Channel.Shell).ContentText("ename"));
        var reply = _kernel.Client.Receive(Channel.Shell);
        Assert.Equal((second, "aborted"), ((string?)reply.ParentHeader["msg_id"], reply.ContentText("status")));
        AssertAlive();
    }

    [Fact]
    public void A_cell_behind_an_interrupted_one_that_may_not_stop_the_queue_runs()
    {
        var first = _kernel.Client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "Console.WriteLine(1); while (true) { }", ["stop_on_error"] = false });
        _kernel.Execute("2");
        _kernel.WaitFor(first, "stream");
        Interrupt();
        Assert.Equal("Interrupted", _kernel.Client.Receive(Channel.Shell).ContentText("ename"));
        Assert.Equal("ok", _kernel.Client.Receive(Channel.Shell).ContentText("status"));
    }

    [Fact]
    public async Task A_shutdown_ends_the_expressions_that_are_evaluated_behind_a_cell()
    {
        var id = _kernel.Client.Send(Channel.Shell, "execute_request", new JsonObject
        {
            ["code"] = "int Endless() { DisplayAs(\"on\", \"text/plain\"); while (true) { } }",
            ["user_expressions"] = new JsonObject { ["a"] = "Endless()", ["b"] = "Endless()" },
        });
        _kernel.WaitFor(id, "execute_input");
        _kernel.Client.Send(Channel.Control, "shutdown_request", new JsonObject { ["restart"] = true });
        await _kernel.Run.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_request_that_comes_while_the_kernel_ends_does_no_harm()
    {
        for (var i = 0; i < 20; i++)
            _kernel.Execute("1");
        _kernel.Client.Send(Channel.Shell, "shutdown_request", new JsonObject { ["restart"] = false });
        for (var i = 0; i < 200; i++)
            _kernel.Execute("1");
        await _kernel.Run.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private void Interrupt()
    {
        _kernel.Client.Send(Channel.Control, "interrupt_request", []);
        Assert.Equal("interrupt_reply", _kernel.Client.Receive(Channel.Control).Type);
    }

    private void AssertAlive()
    {
        var id = _kernel.Execute("6 * 7");
        Assert.Equal("ok", _kernel.Client.Receive(Channel.Shell).ContentText("status"));
        Assert.Equal("42", (string?)_kernel.WaitFor(id, "execute_result").Content["data"]!["text/plain"]);
    }

    // A cell that did not come from the client holds the engine: the client's own one has no session to interrupt yet.
    private void KeepTheEngineBusy()
    {
        _other = _kernel.Host.Cells.RunAsync(new CellRequest("Console.ReadLine()") { ReadLine = _ => Wait() }, new CellOutputList());
        _isBusy.Wait();
    }

    private string Wait()
    {
        _isBusy.Set();
        _mayEnd.Wait();
        return "";
    }
}
