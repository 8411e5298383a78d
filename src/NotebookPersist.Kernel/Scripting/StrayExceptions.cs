using System.Runtime.ExceptionServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Keeps the process alive where code of a cell fails on a thread of its own, and tells of failures of tasks that nobody awaits.</summary>
/// <remarks>Nobody waits for such code, so that its exception can only be told. Thread safety: safe from many threads.</remarks>
internal static class StrayExceptions
{
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>From now on they are told. May be called again.</summary>
    public static void Watch() => _ = Installed.Value;

    private static bool Install()
    {
        // What is not of a cell is a fault of the host, which must not go on as if nothing had happened.
        ExceptionHandling.SetUnhandledExceptionHandler(static exception =>
            CellOrigin.Tell(exception, "on a thread that a cell has started", "What ran there has ended; catch exceptions in the code of threads and timers."));

        // Comes when the collector finds a failed task that nobody can look at any more.
        TaskScheduler.UnobservedTaskException += static (_, e) =>
        {
            foreach (var exception in e.Exception.Flatten().InnerExceptions.Where(static x => x is not OperationCanceledException))
                CellOrigin.Tell(exception, "in a task that nobody awaits", "Await the task, or catch exceptions in its code.");
        };
        return true;
    }
}
