using System.Runtime.InteropServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Which signals a thread takes.</summary>
/// <remarks>
/// The runtime aborts code inside the handler of the signal by which it suspends threads, and jumps out of that handler: on Linux the signal stays blocked on the
/// thread, and on all that this one starts. Where one of them computes without a pause, no collection begins any more, and the whole process stands.
/// </remarks>
internal static class SignalMask
{
    // Of the C library: the mask is replaced. A set takes 128 bytes or fewer; one of zeros blocks nothing, as on all threads of the runtime.
    private const int Replace = 2;
    private const int SetByteCount = 128;

    /// <summary>Lets the calling thread take all signals again.</summary>
    public static void Clear()
    {
        if (OperatingSystem.IsLinux())
            _ = SetOfThread(Replace, new byte[SetByteCount], 0);
    }

    // Linux keeps the mask of each thread by itself, whatever the name says.
    [DllImport("libc", EntryPoint = "sigprocmask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOfThread(int how, byte[] set, nint old);
}
