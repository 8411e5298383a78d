using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Which cell code belongs to, for failures that come when nothing else leads back to it: of timers, threads and tasks that nobody awaits.</summary>
/// <remarks>Lives as long as the code does. Thread safety: all members may be called from any thread.</remarks>
internal sealed class CellOrigin
{
    // A timer fails at every tick: whoever has not understood by then needs no more of it.
    private const int MostTold = 10;

    private static readonly ConditionalWeakTable<Assembly, CellOrigin> Origins = [];

    // The code of F# cells is in one assembly that grows.
    private static volatile CellOrigin? _latest;

    private readonly string _name;
    private readonly ICellSink _sink;
    private readonly WeakReference<CellSession> _session;
    private int _toldCount;

    private CellOrigin(CellSession session) => (_name, _sink, _session) = (session.Name, session.Sink, new WeakReference<CellSession>(session));

    /// <summary>Notes that a cell runs.</summary>
    public static void Enter(CellSession session) => _latest = new CellOrigin(session);

    /// <summary>Notes that code is that of a cell.</summary>
    public static void Note(Assembly code, CellSession session) => Origins.AddOrUpdate(code, new CellOrigin(session));

    /// <summary>Tells of a failure that nobody waits for, below the cell whose code failed.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="place">Where it happened, in words, such as "in a task that nobody awaits".</param>
    /// <param name="remedy">What to do about it, in a sentence.</param>
    /// <returns>False where no code of a cell had to do with it.</returns>
    public static bool Tell(Exception exception, string place, string remedy)
    {
        var frame = new StackTrace(exception, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(static f => f.GetMethod()?.DeclaringType?.FullName is var type && (CellCode.IsOfCSharp(type) || CellCode.IsOfFSharp(type)));
        if (frame?.GetMethod() is not { } method)
            return false;
        var origin = Origins.TryGetValue(method.Module.Assembly, out var own) ? own : _latest;
        var where = frame.GetFileName() is { Length: > 0 } file ? $" ({Path.GetFileName(file)}, line {frame.GetFileLineNumber()})" : "";
        var text = $"{exception.GetType().Name} {place}: {MessageOf(exception)}{where} {remedy}{Environment.NewLine}";
        try
        {
            if (origin is not null)
                origin.Tell(text);
            else
                Console.Error.Write(text);
        }
        catch (Exception fault) when (fault is ObjectDisposedException or InvalidOperationException or IOException)
        {
            // Whoever showed the cell is gone, and this is the collector's thread, whose failure would end the process.
        }

        return true;
    }

    // Code of a cell makes it, and may fail in it.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception fault)
        {
            return $"(its message cannot be read: {fault.GetType().Name})";
        }
    }

    private void Tell(string text)
    {
        var count = Interlocked.Increment(ref _toldCount);
        if (count > MostTold)
            return;
        if (count == MostTold)
            text += $"What else fails of {_name} in this way is not told any more.{Environment.NewLine}";
        if (_session.TryGetTarget(out var session))
            session.Write("stderr", text);
        else
            _sink.Publish(new StreamOutput("stderr", text));
    }
}
