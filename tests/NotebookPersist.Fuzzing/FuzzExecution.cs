using System.Diagnostics;

namespace NotebookPersist.Fuzzing;

/// <summary>Gives inputs to a reader and judges what it does with them.</summary>
/// <remarks>Inputs and what is written of them lie in a folder of its own, in memory where the system has such a place. Thread safety: none.</remarks>
internal sealed class FuzzExecution : IDisposable
{
    // Processor time, so that a busy machine is no finding. Nothing in the corpus takes a tenth of it.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly string _root;
    private readonly string _input;
    private readonly string _output;
    private readonly Timer _watchdog;
    private readonly TimeSpan _limit;
    private TimeSpan _startedAt;
    private bool _isRunning;

    public FuzzExecution(TimeSpan? limit = null)
    {
        _limit = limit ?? MostTime;
        string shared = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _root = Path.Combine(shared, $"notebookpersist-fuzzing-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        _input = Directory.CreateDirectory(Path.Combine(_root, "input")).FullName;
        _output = Directory.CreateDirectory(Path.Combine(_root, "output")).FullName;
        _watchdog = new Timer(_ => Watch(), null, 1000, 1000);
    }

    public FuzzOutcome Run(FuzzTarget target, FuzzInput input)
    {
        input.Write(_input);
        foreach (string path in Directory.EnumerateFileSystemEntries(_output))
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }

        long accepted = 0;
        long before = GC.GetTotalAllocatedBytes();
        _startedAt = Environment.CpuUsage.TotalTime;
        Volatile.Write(ref _isRunning, true);
        object? value = null;
        string phase = "reading";
        try
        {
            value = target.Read(_input, count => accepted += count);
        }
        catch (Exception fault) when (target.IsDocumented(fault))
        {
            // Refused, as it should be.
        }
        catch (Exception fault)
        {
            return Failed(phase, fault);
        }

        long allocated = GC.GetTotalAllocatedBytes() - before;
        long limit = target.AllocationLimit(input.ByteCount) + (2 * accepted);
        try
        {
            phase = "writing";
            if (value is not null)
                target.Rewrite(value, _output);
        }
        catch (Exception fault)
        {
            return Failed(phase, fault);
        }
        finally
        {
            Volatile.Write(ref _isRunning, false);
        }

        if (allocated > limit)
            return new FuzzOutcome(value is not null, "memory") { Detail = $"{allocated:N0} bytes for an input of {input.ByteCount:N0} and values of {accepted:N0}, at most {limit:N0}" };
        TimeSpan time = Environment.CpuUsage.TotalTime - _startedAt;
        return time > _limit
            ? new FuzzOutcome(value is not null, "time") { Detail = $"{time.TotalSeconds:F1} s of processor time for {input.ByteCount:N0} bytes" }
            : new FuzzOutcome(value is not null, null);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private FuzzOutcome Failed(string phase, Exception fault)
    {
        Volatile.Write(ref _isRunning, false);
        string place = new StackTrace(fault).GetFrames().Select(static f => f.GetMethod()).FirstOrDefault(static m => m?.DeclaringType?.Namespace?.StartsWith("NotebookPersist", StringComparison.Ordinal) == true) is { } method
            ? $"{method.DeclaringType!.Name}.{method.Name}"
            : "outside";
        return new FuzzOutcome(false, $"{phase}: {fault.GetType().Name} in {place}") { Detail = fault.ToString() };
    }

    private void Watch()
    {
        if (!Volatile.Read(ref _isRunning) || Environment.CpuUsage.TotalTime - _startedAt < Hang)
            return;
        Console.Error.WriteLine($"An input hangs; it lies in '{_input}'.");
        Environment.Exit(3);
    }
}
