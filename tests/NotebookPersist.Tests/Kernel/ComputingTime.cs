using System.Diagnostics;

namespace NotebookPersist.Tests.Kernel;

/// <summary>Counts the time that a thread of this process really gets to compute: a busy machine slows this clock as it slows a cell.</summary>
internal sealed class ComputingTime : IDisposable
{
    // Between two looks at the time lies more only where another process had the core.
    private static readonly long Look = Stopwatch.Frequency / 1000;

    private readonly Thread _thread;
    private long _ticks;
    private volatile bool _isStopped;

    public ComputingTime()
    {
        _thread = new Thread(Count) { IsBackground = true, Name = "Computing time" };
        _thread.Start();
    }

    /// <summary>Stops the clock; may be called again.</summary>
    /// <returns>Unit: milliseconds since the start.</returns>
    public long Stop()
    {
        _isStopped = true;
        _thread.Join();
        return (long)(_ticks * 1000.0 / Stopwatch.Frequency);
    }

    public void Dispose() => Stop();

    private void Count()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_isStopped)
        {
            var now = Stopwatch.GetTimestamp();
            if (now - last < Look)
                _ticks += now - last;
            last = now;
        }
    }
}
