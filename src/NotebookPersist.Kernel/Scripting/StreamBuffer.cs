using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Gathers console text into few, ordered messages: a hundred thousand WriteLine calls must not become as many messages.</summary>
internal sealed class StreamBuffer : IDisposable
{
    // A page with more text than this is of no use to anybody; browsers stop answering long before a hundred times as much.
    internal const int CellLimit = 8 << 20;
    private const int FlushLength = 4096;
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ICellSink _sink;
    private readonly StringBuilder _text = new();
    private readonly Timer _timer;
    private string _name = "stdout";
    private bool _isClosed;
    private long _shown;
    private long _leftOut;

    public StreamBuffer(ICellSink sink)
    {
        _sink = sink;
        _timer = new Timer(static self => ((StreamBuffer)self!).Flush(), this, Timeout.Infinite, Timeout.Infinite);
    }

    // The work stands in finally blocks because the runtime does not abort a thread inside one:
    // an interrupt may not leave the buffer or the sink half changed.
    public void Write(string name, string text)
    {
        if (text.Length == 0)
            return;
        try
        {
        }
        finally
        {
            lock (_gate)
            {
                if (name != _name)
                    FlushLocked();
                _name = name;
                var wasEmpty = _text.Length == 0;
                Append(text);
                if (_isClosed || (_text.Length >= FlushLength && !char.IsHighSurrogate(_text[^1])))
                    FlushLocked();
                else if (wasEmpty)
                    _timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Publish(CellOutput output)
    {
        try
        {
        }
        finally
        {
            lock (_gate)
            {
                FlushLocked();
                _sink.Publish(output);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
            FlushLocked();
    }

    /// <summary>Ends the gathering. Tasks that outlive the cell may still write: each of their writes goes out at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            FlushLocked();
            if (_leftOut > 0)
                _sink.Publish(new StreamOutput("stderr", $"{Environment.NewLine}{_leftOut:N0} more characters were printed and are not shown: a cell shows at most {CellLimit:N0}. Write them to a file.{Environment.NewLine}"));
            _isClosed = true;
        }

        _timer.Dispose();
    }

    private void Append(string text)
    {
        var room = (int)Math.Clamp(CellLimit - _shown, 0, text.Length);
        _text.Append(text, 0, room);
        _shown += room;
        _leftOut += text.Length - room;
    }

    private void FlushLocked()
    {
        if (_text.Length == 0)
            return;
        var text = _text.ToString();
        _text.Clear();
        _sink.Publish(new StreamOutput(_name, text));
    }
}
