namespace NotebookPersist.Kernel.Scripting;

/// <summary>Starts threads for what has to happen now: a cell can keep every thread of the pool busy.</summary>
internal static class Background
{
    /// <summary>Runs <paramref name="work"/> on a thread of its own that nobody waits for.</summary>
    public static void Start(string name, Action work) => new Thread(() => work()) { IsBackground = true, Name = name }.UnsafeStart();
}
