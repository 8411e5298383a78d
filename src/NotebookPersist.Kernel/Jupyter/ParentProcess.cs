using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>The process that started the kernel and that the kernel is not to outlive.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public sealed class ParentProcess
{
    // Set by Jupyter's clients to their own process; not where the kernel is to outlive them.
    private const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Numbers of processes are given again.
    private readonly string _start;

    private ParentProcess(int id, string start) => (Id, _start) = (id, start);

    /// <summary>The number of the process.</summary>
    public int Id { get; }

    /// <summary>The process that the environment names; null where it names none that runs, or one that runs as long as the machine does.</summary>
    public static ParentProcess? Find() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Of(id) : null;

    /// <summary>Waits until the process has ended.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False where the waiting was ended.</returns>
    public async Task<bool> WaitForEndAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (StartOf(Id) == _start)
                await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal static ParentProcess? Of(int id) => id > 1 && StartOf(id) is { } start ? new ParentProcess(id, start) : null;

    // Null where it has ended, also where its own parent has not taken note of that yet.
    private static string? StartOf(int id) => OperatingSystem.IsLinux() ? StartByFile(id) : StartByProcess(id);

    // Source: proc(5), /proc/pid/stat: state is field 3 and the time of the start field 22; only the name in field 2 may hold blanks and brackets.
    private static string? StartByFile(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields is [not ("Z" or "X"), ..] && fields.Length > 19 ? fields[19] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? StartByProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
