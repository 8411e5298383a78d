using System.Security.Cryptography;
using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>One run of one cell: where its output goes, and how to stop it.</summary>
internal sealed class CellSession : IDisposable
{
    private static readonly AsyncLocal<CellSession?> Ambient = new();

    // Library code that watches the token gets this long to stop at a clean point before the thread is aborted.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _cooperative = new();
    private readonly StreamBuffer _streams;
    private readonly Lock _gate = new();
    private CellThread? _thread;
    private long _nextStop;
    private bool _isClosed;

    public CellSession(ICellSink sink, string name, string code, string? cellId, int executionCount, Func<InputRequest, string>? readLine)
    {
        Name = name;
        Code = code;
        CellId = cellId ?? HashOf(code);
        ExecutionCount = executionCount;
        ReadLine = readLine;
        Cancellation = _cooperative.Token;
        _streams = new StreamBuffer(sink);
    }

    /// <summary>The run that the calling code belongs to. It follows tasks and threads that the cell starts, also past the end of the cell.</summary>
    public static CellSession? Current => Ambient.Value;

    public string Name { get; }

    public string Code { get; }

    public string CellId { get; }

    public int ExecutionCount { get; }

    public Func<InputRequest, string>? ReadLine { get; }

    public CancellationToken Cancellation { get; }

    public bool IsInterrupted { get; private set; }

    public void Enter() => Ambient.Value = this;

    public void Write(string stream, string text) => _streams.Write(stream, text);

    public void Publish(CellOutput output) => _streams.Publish(output);

    public void Flush() => _streams.Flush();

    public void Attach(CellThread? thread)
    {
        lock (_gate)
            _thread = thread;
    }

    /// <summary>Asks the cell to stop, and stops it if it does not. Returns at once.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            if (IsInterrupted)
                return;
            IsInterrupted = true;
            if (!_isClosed)
                StopPoint.Begin();
        }

        _ = Task.Run(StopAsync);
    }

    /// <summary>True when the cell was not stopped a moment ago: then it is busy with its clean-up.</summary>
    public bool MayStopAgain(long respiteMilliseconds)
    {
        var now = Environment.TickCount64;
        var next = Interlocked.Read(ref _nextStop);
        return now >= next && Interlocked.CompareExchange(ref _nextStop, now + respiteMilliseconds, next) == next;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (IsInterrupted && !_isClosed)
                StopPoint.End();
            _isClosed = true;
        }

        _streams.Dispose();
        Attach(null);
        _cooperative.Dispose();
    }

    private async Task StopAsync()
    {
        // A callback registered by user code may throw; the interrupt goes on regardless, and the cell's own failure is what gets reported.
        try
        {
            await _cooperative.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return; // The cell ended by itself in the meantime.
        }
        catch (AggregateException e)
        {
            Write("stderr", $"A cancellation callback of the cell failed: {e.InnerException?.Message}{Environment.NewLine}");
        }

        CellThread? thread;
        lock (_gate)
            thread = _thread;
        if (thread is null)
            return;
        try
        {
            await thread.Completion.WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await thread.StopAsync().ConfigureAwait(false);
        }
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)).AsSpan(0, 8));
}
