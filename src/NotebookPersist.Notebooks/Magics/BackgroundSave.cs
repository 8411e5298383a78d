using System.Diagnostics;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>Keeps the display of a save in the background up to date: its progress, then what was saved or why it was not.</summary>
/// <remarks>Thread safety: told of progress from the threads that write.</remarks>
internal sealed class BackgroundSave : IProgress<SaveProgress>
{
    // A client redraws the display with each update.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly string _prefix;
    private readonly ILiveDisplay _display;
    private TimeSpan _shown;
    private long _written;
    private bool _isFinished;

    public BackgroundSave(string prefix, ShowLive show)
    {
        _prefix = prefix;
        _display = show(new SaveStatus(new SaveProgress(prefix, 0, 0), TimeSpan.Zero));
    }

    /// <inheritdoc/>
    public void Report(SaveProgress value)
    {
        lock (_lock)
        {
            // Several threads write: what they tell can come in another order than it happened.
            TimeSpan now = Stopwatch.GetElapsedTime(_start);
            if (_isFinished || value.WrittenByteCount <= _written || (now - _shown < Pause && value.WrittenByteCount < value.TotalByteCount))
                return;
            (_shown, _written) = (now, value.WrittenByteCount);
            _display.Update(new SaveStatus(value, now));
        }
    }

    /// <summary>Shows how the save ended.</summary>
    /// <param name="saved">The save.</param>
    /// <param name="blocked">How long its caller was held up.</param>
    /// <param name="report">Tells of a checkpoint that was written, given its prefix and the time it took.</param>
    /// <exception cref="IOException">The save failed; the display says so too.</exception>
    public async Task FollowAsync(Task<string> saved, TimeSpan blocked, Func<string, TimeSpan, MagicReport> report)
    {
        try
        {
            string prefix = await saved.ConfigureAwait(false);
            MagicReport final = report(prefix, Stopwatch.GetElapsedTime(_start));
            Finish(final with { Facts = [.. final.Facts, KeyValuePair.Create("time until the cell went on", MagicReport.Seconds(blocked))] });
        }
        catch (Exception fault)
        {
            Finish(new MagicReport(
                "The save in the background failed",
                [KeyValuePair.Create("checkpoint", _prefix), KeyValuePair.Create("error", fault.Message)],
                ["Nothing of it was left behind; the checkpoints before it are as they were."]));
            throw;
        }
    }

    private void Finish(MagicReport report)
    {
        lock (_lock)
        {
            _isFinished = true;
            _display.Update(report);
        }
    }
}
