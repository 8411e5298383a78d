using System.Diagnostics;
using NotebookPersist.Kernel.Jupyter;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

public sealed class ParentProcessTests
{
    [Fact]
    public async Task The_end_of_a_process_is_noticed_and_of_none_other()
    {
        // Waits for what it is to sort.
        using Process process = Process.Start(new ProcessStartInfo("sort") { RedirectStandardOutput = true, RedirectStandardInput = true })!; // A file was given.
        ParentProcess? parent = ParentProcess.Of(process.Id);
        Assert.Equal(process.Id, parent?.Id);
        Task<bool> ended = parent!.WaitForEndAsync(CancellationToken.None);
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(await ended.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Null(ParentProcess.Of(process.Id));
    }

    [Fact]
    public async Task A_process_that_runs_is_waited_for_until_the_waiting_is_ended()
    {
        ParentProcess own = ParentProcess.Of(Environment.ProcessId)!; // It runs.
        using var cancellation = new CancellationTokenSource();
        Task<bool> ended = own.WaitForEndAsync(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.False(await ended.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void The_first_process_and_such_as_are_not_there_are_not_waited_for(int id) => Assert.Null(ParentProcess.Of(id));
}
