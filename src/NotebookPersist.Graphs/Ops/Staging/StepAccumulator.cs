using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Collects gradients until as many have come as are asked for; those of a step that is over are left out.</summary>
/// <remarks>Thread safety: all members lock; who must wait does so until another run goes on, or until cancelled.</remarks>
internal abstract class StepAccumulator
{
    // How often a waiting run looks whether it was cancelled. Unit: milliseconds.
    private const int Patience = 20;

    private readonly object _gate = new();
    private long _step;
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public void SetStep(long step)
    {
        lock (_gate)
            _step = Math.Max(_step, step);
    }

    /// <summary>Does what adds a gradient, unless it is older than the present step.</summary>
    protected void Add(long step, Action add)
    {
        lock (_gate)
        {
            if (step < _step)
                return;
            add();
            _count++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for at least so many gradients, takes what they make, and begins the next step.</summary>
    /// <param name="required">How many must have come.</param>
    /// <param name="take">Takes the sum of a number of gradients, and leaves nothing.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    protected T Take<T>(int required, Func<int, T> take, CancellationToken cancellation)
    {
        if (required <= 0)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Argument num_required must be positive, but was {required}");
        lock (_gate)
        {
            while (_count < required)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate, Patience);
            }

            T taken = take(_count);
            (_count, _step) = (0, _step + 1);
            return taken;
        }
    }
}
