using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Where a cell that was interrupted stops by itself. The engine puts a call at the beginning of every loop's body.</summary>
/// <remarks>
/// The runtime's own way, to abort the thread from outside, is kept for what has no such point: it ends the whole process
/// where it meets the thread inside the runtime, in its compiler for example. Thread safety: safe from many threads.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StopPoint
{
    // Clean-up code of the cell may have loops too: it gets this long before it is stopped as well.
    private const long RespiteMilliseconds = 250;

    private static int _interruptedCount;

    /// <summary>Does nothing, or stops the cell that was interrupted.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pass()
    {
        if (Volatile.Read(ref _interruptedCount) != 0)
            StopIfInterrupted();
    }

    /// <summary>A cell was interrupted: the points begin to look.</summary>
    internal static void Begin() => Interlocked.Increment(ref _interruptedCount);

    /// <summary>It has ended.</summary>
    internal static void End() => Interlocked.Decrement(ref _interruptedCount);

    private static void StopIfInterrupted()
    {
        if (CellSession.Current is { IsInterrupted: true } session && session.MayStopAgain(RespiteMilliseconds))
            throw new OperationCanceledException("The cell was interrupted.", session.Cancellation);
    }
}
