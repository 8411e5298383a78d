using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Where a cell that was interrupted stops by itself. The engine puts calls into loops, functions and catch clauses.</summary>
/// <remarks>
/// The runtime's own way, to abort the thread from outside, is kept for what has no such point: it ends the whole process
/// where it meets the thread inside the runtime, in its compiler for example. Thread safety: safe from many threads.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StopPoint
{
    private static int _interruptedCount;

    /// <summary>Does nothing, or stops the cell that was interrupted.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pass()
    {
        if (Volatile.Read(ref _interruptedCount) != 0)
            StopIfInterrupted();
    }

    /// <summary>The same, for code that may be part of the cell's clean-up: that gets some time before it is stopped as well.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted some time ago.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PassGently()
    {
        if (Volatile.Read(ref _interruptedCount) != 0)
            StopIfNotCleaningUp();
    }

    /// <summary>The same, where a function begins: one that calls itself without end is stopped before it takes the process with it.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted some time ago.</exception>
    /// <exception cref="InsufficientExecutionStackException">The stack is nearly used up.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter()
    {
        PassGently();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TooDeep();
    }

    /// <summary>A cell was interrupted: the points begin to look.</summary>
    internal static void Begin() => Interlocked.Increment(ref _interruptedCount);

    /// <summary>It has ended.</summary>
    internal static void End() => Interlocked.Decrement(ref _interruptedCount);

    private static InsufficientExecutionStackException TooDeep() => new("Functions call each other too deeply: the stack is used up. Let them end earlier, or write a loop.");

    private static void StopIfInterrupted()
    {
        if (CellSession.Current is { IsInterrupted: true } session)
            throw Stopped(session);
    }

    private static void StopIfNotCleaningUp()
    {
        if (CellSession.Current is { IsInterrupted: true } session && session.MayStopAgain())
            throw Stopped(session);
    }

    private static OperationCanceledException Stopped(CellSession session)
    {
        session.BeginCleanUp();
        return new OperationCanceledException("The cell was interrupted.", session.Cancellation);
    }
}
