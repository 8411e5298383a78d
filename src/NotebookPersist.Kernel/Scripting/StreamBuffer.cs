using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Gathers what a cell shows into few, ordered messages, and bounds it: a hundred thousand WriteLine calls must not become as many messages.</summary>
/// <remarks>
/// Text that is printed to both streams in turns keeps its order as long as that does not take more messages than a page can follow. Updates of a display
/// replace one another until they go out. Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class StreamBuffer : IDisposable
{
    // A page with more text than this is of no use to anybody; browsers stop answering long before a hundred times as much.
    internal const int CellLimit = 8 << 20;

    // Jupyter's server drops what comes faster than a thousand messages a second within three seconds.
    internal const int MostAtOnce = 2500;
    internal const int DisplayedLimit = 64 << 20;
    private const double MessagesPerSecond = 50;

    private const int FlushLength = 4096;
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ICellSink _sink;
    private readonly Dictionary<string, DisplayOutput> _updates = new(StringComparer.Ordinal);
    private readonly Timer _timer;
    private StringBuilder _text = new();
    private StringBuilder _otherText = new();
    private string _name = "stdout";
    private string _otherName = "stderr";
    private bool _isTimed;
    private bool _isClosed;
    private long _shown;
    private long _leftOut;
    private long _displayed;
    private long _leftOutDisplays;
    private double _allowance = MostAtOnce;
    private long _lastMessage = Environment.TickCount64;

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
                    TurnTo(name);
                Append(text);
                if (_isClosed || (_text.Length >= FlushLength && !char.IsHighSurrogate(_text[^1])))
                    FlushLocked();
                else
                    FlushSoon();
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
                if (output is DisplayOutput { IsUpdate: true, DisplayId: { } id } update && !_isClosed)
                {
                    _updates[id] = update;
                    FlushSoon();
                }
                else
                {
                    FlushLocked();
                    if (output is not DisplayOutput { IsUpdate: false } display || IsAdmitted(display))
                        _sink.Publish(output);
                }
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
                Note($"{_leftOut:N0} more characters were printed and are not shown: a cell shows at most {CellLimit:N0}. Write them to a file.");
            if (_leftOutDisplays > 0)
                Note($"{_leftOutDisplays:N0} more displays were made and are not shown: a cell shows at most {MostAtOnce:N0} at once, and of {DisplayedLimit:N0} characters.");
            _isClosed = true;
        }

        _timer.Dispose();
    }

    private void Note(string text) => _sink.Publish(new StreamOutput("stderr", Environment.NewLine + text + Environment.NewLine));

    // Each change of stream is a message, unless there were too many of them: then what was printed meanwhile goes out as one message a stream.
    private void TurnTo(string name)
    {
        if (name != _otherName || MayShow())
        {
            FlushLocked();
            (_name, _otherName) = (name, _name);
            return;
        }

        (_name, _otherName) = (name, _name);
        (_text, _otherText) = (_otherText, _text);
    }

    private void Append(string text)
    {
        var room = (int)Math.Clamp(CellLimit - _shown, 0, text.Length);
        _text.Append(text, 0, room);
        _shown += room;
        if (room < text.Length && _leftOut == 0)
        {
            // Whoever waits for the end of the cell is to know why nothing comes any more.
            FlushLocked();
            Note($"The cell has printed {CellLimit:N0} characters. What it prints from here on is not shown.");
        }

        _leftOut += text.Length - room;
    }

    private bool IsAdmitted(DisplayOutput display)
    {
        var length = display.Data.Sum(static d => (long)d.Value.Length);
        if (_isClosed || (MayShow() && _displayed + length <= DisplayedLimit))
        {
            _displayed += length;
            return true;
        }

        if (_leftOutDisplays++ == 0)
            Note("The cell shows more than a page can take. What it displays from here on may not be shown.");
        return false;
    }

    private bool MayShow()
    {
        var now = Environment.TickCount64;
        _allowance = Math.Min(MostAtOnce, _allowance + ((now - _lastMessage) * MessagesPerSecond / 1000));
        _lastMessage = now;
        if (_allowance < 1)
            return false;
        _allowance--;
        return true;
    }

    private void FlushSoon()
    {
        if (_isTimed)
            return;
        _isTimed = true;
        _timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
    }

    private void FlushLocked()
    {
        _isTimed = false;
        Take(_otherName, _otherText);
        Take(_name, _text);
        if (_updates.Count == 0)
            return;
        foreach (var update in _updates.Values)
            _sink.Publish(update);
        _updates.Clear();

        void Take(string name, StringBuilder gathered)
        {
            if (gathered.Length == 0)
                return;
            var text = gathered.ToString();
            gathered.Clear();
            _sink.Publish(new StreamOutput(name, text));
        }
    }
}
