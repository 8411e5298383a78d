using System.Runtime;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

public sealed class SignalMaskTests
{
    [Fact]
    public void A_thread_whose_code_was_aborted_takes_all_signals_again()
    {
        string? blocked = null;
        using var abort = new CancellationTokenSource();
        using var started = new ManualResetEventSlim();
        long count = 0;
        var thread = new Thread(() =>
        {
#pragma warning disable SYSLIB0046 // What is tested comes after it.
            try
            {
                ControlledExecution.Run(
                    () =>
                    {
                        started.Set();
                        while (true)
                            count++;
                    },
                    abort.Token);
            }
            catch (OperationCanceledException)
            {
                SignalMask.Clear();
            }
#pragma warning restore SYSLIB0046

            blocked = OperatingSystem.IsLinux() ? File.ReadLines("/proc/thread-self/status").First(static l => l.StartsWith("SigBlk:", StringComparison.Ordinal)) : "SigBlk:\t0000000000000000";
        })
        {
            IsBackground = true,
        };
        thread.Start();
        started.Wait();
        abort.Cancel();
        thread.Join();
        Assert.Equal("SigBlk:\t0000000000000000", blocked);
        Assert.True(count >= 0);
    }
}
