using System.Runtime.ExceptionServices;
using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Persistence;

/// <summary>Reads what a lazy restore promised, so that damage is known even where a value is never used.</summary>
/// <remarks>Whoever needs a value earlier reads it then. Thread safety: all members may be called from any thread.</remarks>
internal sealed class PromisedValues
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? _untold;

    private PromisedValues()
    {
    }

    /// <summary>Ends when all values are read; with the first failure where there is one.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts reading on a thread of its own that gives way to others.</summary>
    /// <param name="cells">Variables with promises.</param>
    /// <param name="reader">Keeps the promises; closed once all are kept.</param>
    public static PromisedValues ReadInBackground(IReadOnlyList<VariableCell> cells, CheckpointReader reader)
    {
        var values = new PromisedValues();
        new Thread(() => values.Read(cells, reader)) { Name = "Lazy restore", IsBackground = true, Priority = ThreadPriority.BelowNormal }.Start();
        return values;
    }

    /// <summary>Throws what went wrong so far; once.</summary>
    /// <exception cref="IOException">A value is damaged or cannot be read.</exception>
    public void ThrowIfFailed()
    {
        if (Interlocked.Exchange(ref _untold, null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Read(IReadOnlyList<VariableCell> cells, CheckpointReader reader)
    {
        Exception? first = null;
        foreach (VariableCell cell in cells)
        {
            try
            {
                if (cell.IsDeferred)
                    _ = cell.Value;
            }
            catch (Exception failure) when (failure is IOException or OutOfMemoryException)
            {
                first ??= failure;
            }
        }

        if (first is null)
        {
            reader.Dispose();
            _completion.SetResult();
            return;
        }

        // The reader stays open: whoever uses the damaged value is told, and the file may be mended meanwhile.
        Interlocked.CompareExchange(ref _untold, first as IOException, null);
        _completion.SetException(first);
    }
}
