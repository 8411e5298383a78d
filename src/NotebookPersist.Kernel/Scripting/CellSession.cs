using System.Security.Cryptography;
using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>One run of one cell: where its output goes, and how to stop it.</summary>
internal sealed class CellSession : IDisposable
{
    private static readonly AsyncLocal<CellSession?> Ambient = new();

    // Code that watches the token gets this long to stop at a clean point before its waits are ended and the thread is aborted.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    // Clean-up code of the cell gets this long before it is stopped as well.
    private static readonly TimeSpan Respite = TimeSpan.FromMilliseconds(250);

    // From its first stop point a cell gets this long to its end: on a busy machine, or one that compiles its clean-up first, it takes its time.
    private static readonly TimeSpan WayOut = TimeSpan.FromSeconds(1);

    // Each thread of the cell cleans up for itself.
    [ThreadStatic]
    private static long _respiteEnd;

    private readonly CancellationTokenSource _cooperative = new();
    private readonly StreamBuffer _streams;
    private readonly Lock _gate = new();
    private CellThread? _thread;
    private long _graceEnd;
    private long _firstStop;
    private bool _isClosed;

    public CellSession(ICellSink sink, string name, string code, string? cellId, int executionCount, Func<InputRequest, string>? readLine)
    {
        Name = name;
        Code = code;
        CellId = cellId ?? HashOf(code);
        ExecutionCount = executionCount;
        ReadLine = readLine;
        Sink = sink;
        Cancellation = _cooperative.Token;
        _streams = new StreamBuffer(sink);
    }

    /// <summary>The run that the calling code belongs to. It follows tasks and threads that the cell starts, also past the end of the cell.</summary>
    public static CellSession? Current => Ambient.Value;

    public string Name { get; }

    public string Code { get; }

    public string CellId { get; }

    public int ExecutionCount { get; }

    /// <summary>Where all that it shows goes in the end.</summary>
    public ICellSink Sink { get; }

    public Func<InputRequest, string>? ReadLine { get; }

    public CancellationToken Cancellation { get; }

    public bool IsInterrupted { get; private set; }

    public void Enter() => Ambient.Value = this;

    public void Write(string stream, string text) => _streams.Write(stream, text);

    public void Publish(CellOutput output) => _streams.Publish(output);

    public void Flush() => _streams.Flush();

    /// <summary>Asks the person at the keyboard.</summary>
    /// <exception cref="IOException">Nobody can type.</exception>
    public string Ask(string prompt, bool isPassword)
    {
        Flush();
        return ReadLine is null
            ? throw new IOException("Cannot read the console: this notebook runs where nobody can type. Give the value as a parameter or assign it in the cell.")
            : ReadLine(new InputRequest(prompt, isPassword, Cancellation));
    }

    public void Attach(CellThread? thread)
    {
        lock (_gate)
        {
            _thread = thread;
            if (thread is null || !IsInterrupted)
                return;
        }

        // The interrupt came before there was anything to stop.
        Background.Start("Interrupt", () => Stop(thread));
    }

    /// <summary>Asks the cell to stop, and stops it if it does not. Returns at once.</summary>
    public void Interrupt()
    {
        CellThread? thread;
        lock (_gate)
        {
            if (IsInterrupted)
                return;
            Volatile.Write(ref _graceEnd, After(Grace));
            IsInterrupted = true;
            if (!_isClosed)
                StopPoint.Begin();
            thread = _thread;
        }

        // Callbacks of the cell's own code may take any time, hence two threads.
        Background.Start("Cancel", Cancel);
        if (thread is not null)
            Background.Start("Interrupt", () => Stop(thread));
    }

    /// <summary>Notes that the calling thread is stopped now: what it runs next is the cell's clean-up.</summary>
    public void BeginCleanUp()
    {
        _respiteEnd = After(Respite);
        Interlocked.CompareExchange(ref _firstStop, Environment.TickCount64, 0);
    }

    /// <summary>True while the cell is on its way out by itself and is not to be disturbed.</summary>
    public bool IsEnding => Interlocked.Read(ref _firstStop) is > 0 and var first && Environment.TickCount64 - first < WayOut.TotalMilliseconds;

    /// <summary>True when the calling thread was not stopped a moment ago: then it is busy with the clean-up.</summary>
    public bool MayStopAgain()
    {
        var now = Environment.TickCount64;
        return now >= Volatile.Read(ref _graceEnd) && now >= _respiteEnd;
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

    private static long After(TimeSpan time) => Environment.TickCount64 + (long)time.TotalMilliseconds;

    private void Cancel()
    {
        // A callback registered by user code may throw; the interrupt goes on regardless, and the cell's own failure is what gets reported.
        try
        {
            _cooperative.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cell ended by itself in the meantime.
        }
        catch (AggregateException e)
        {
            Write("stderr", $"A cancellation callback of the cell failed: {e.InnerException?.Message}{Environment.NewLine}");
        }
    }

    private void Stop(CellThread thread)
    {
        if (!thread.Stop(Grace))
            Write("stderr", $"{Name} does not stop: it is inside code that cannot be interrupted. Wait for it, or restart the kernel.{Environment.NewLine}");
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)).AsSpan(0, 8));
}
