using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Says which request an interrupt stops: the first one received before it that has not ended, also where it has not begun.</summary>
/// <remarks>
/// The cell itself can be asked to stop only once it is there. Between the arrival of its request and that moment lie a queue and the end of
/// the cell before; an interrupt must not be lost there. Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class Interrupts
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;
    private long _through = -1;
    private bool _isOver;

    /// <summary>A request begins.</summary>
    /// <param name="number">Its place in the order of arrival.</param>
    /// <returns>Cancelled when the request is to stop, at once where it was to before it began.</returns>
    public CancellationToken Begin(long number)
    {
        var current = new CancellationTokenSource();
        lock (_gate)
        {
            _current = current;
            if (_isOver || number <= _through)
                current.Cancel(); // Nobody knows the token yet: nothing runs on this thread.
        }

        return current.Token;
    }

    /// <summary>The request that began last has ended.</summary>
    /// <param name="wasInterrupted">Whether it stopped because it was told to: then the interrupt is spent.</param>
    public void End(bool wasInterrupted)
    {
        lock (_gate)
        {
            _current = null;
            if (wasInterrupted)
                _through = -1;
        }
    }

    /// <summary>Stops the request that runs, or the next of those that have come.</summary>
    /// <param name="received">How many have come.</param>
    public void Interrupt(long received)
    {
        lock (_gate)
        {
            _through = received;
            Cancel();
        }
    }

    /// <summary>Stops the request that runs and all that begin from now on.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isOver = true;
            Cancel();
        }
    }

    // Whatever waits for the token may go on where it is cancelled, and the caller's thread serves the sockets.
    private void Cancel()
    {
        if (_current is { } current)
            Background.Start("Interrupt", current.Cancel);
    }
}
