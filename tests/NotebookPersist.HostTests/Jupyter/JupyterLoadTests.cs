using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>A kernel process under interrupts, load and attack, driven by Jupyter's own client library.</summary>
public sealed class JupyterLoadTests(ITestOutputHelper log) : IDisposable
{
    private readonly JupyterClients _clients = new();

    public void Dispose() => _clients.Dispose();

    [JupyterFact]
    public Task Message_and_signal_interrupt_a_cell_in_every_phase_and_what_cannot_be_stopped_is_said() => RunAsync("interrupts");

    // With NOTEBOOKPERSIST_LOAD_CELLS=10000 in the environment it is the whole load, and time and the memory of the process count too.
    [JupyterFact]
    public Task Cells_that_are_run_over_and_over_do_not_pile_up() => RunAsync("load");

    [JupyterFact]
    public Task A_thousand_hostile_messages_on_every_socket_leave_the_kernel_working() => RunAsync("hostile");

    [JupyterFact]
    public Task A_session_saves_itself_when_it_is_interrupted_and_when_it_ends() => RunAsync("snapshots");

    [JupyterFact]
    public Task The_language_of_F_sharp_cells_is_loaded_with_the_first_of_them() => RunAsync("languages");

    [JupyterFact]
    public Task A_hundred_megabytes_of_output_are_bounded_and_can_be_interrupted() => RunAsync("flood");

    [JupyterFact]
    public Task A_kernel_ends_when_its_client_was_killed() => RunAsync("parent");

    private async Task RunAsync(string script)
    {
        await _clients.InstallAsync();
        ToolResult run = await _clients.RunAsync([JupyterClients.Script(script + ".py")]);
        log.WriteLine(run.Output);
        log.WriteLine(run.Error);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains($"{script} ok", run.Output, StringComparison.Ordinal);
    }
}
