using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Keeps the process alive where code of a cell fails on a thread of its own.</summary>
/// <remarks>Nobody waits for such a thread, so that its exception can only be told. Thread safety: safe from many threads.</remarks>
internal static class StrayExceptions
{
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>From now on they are told. May be called again.</summary>
    public static void Watch() => _ = Installed.Value;

    private static bool Install()
    {
        ExceptionHandling.SetUnhandledExceptionHandler(static exception => Tell(exception));
        return true;
    }

    // What is not of a cell is a fault of the host, which must not go on as if nothing had happened.
    private static bool Tell(Exception exception)
    {
        if (!new StackTrace(exception).GetFrames().Any(static f => f.GetMethod()?.DeclaringType?.FullName is var type && (CellCode.IsOfCSharp(type) || CellCode.IsOfFSharp(type))))
            return false;
        Console.Error.WriteLine($"{exception.GetType().Name} on a thread that a cell has started: {exception.Message} The thread has ended; catch exceptions in the code that it runs.");
        return true;
    }
}
