using System.Diagnostics;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>How a notebook is run.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Values to inject, by variable name.</summary>
    /// <remarks>Each becomes an integer, a double, a bool or a string: as declared in the cell tagged "parameters", else as it reads.</remarks>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest that the whole run may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the cells below a failing one are run all the same. Cells tagged "raises-exception" never end a run.</summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>Called before and after each code cell, on the thread of the run.</summary>
    public Action<CellProgress>? Progress { get; init; }

    /// <summary>Waited for after the last cell: work that cells left running, whose displays belong to the document. Gives what failed.</summary>
    public Func<Task<IReadOnlyList<string>>>? Finish { get; init; }
}

/// <summary>A code cell starts, or has finished.</summary>
/// <param name="CellNumber">The cell's place in the document as it was given, from 1, counting cells of all kinds; 0 for the cell of injected parameters.</param>
/// <param name="CellCount">The number of cells in the document.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Result">How the cell ended; null while it starts.</param>
public sealed record CellProgress(int CellNumber, int CellCount, NotebookCell Cell, CellResult? Result)
{
    /// <summary>Whether the cell has finished.</summary>
    public bool IsFinished => Result is not null;
}

/// <summary>Why a cell counts as failed.</summary>
public enum NotebookFailureCause
{
    /// <summary>A cell has an error.</summary>
    CellError,

    /// <summary>The run took longer than allowed.</summary>
    TimedOut,

    /// <summary>The run was cancelled from outside.</summary>
    Cancelled,
}

/// <summary>A cell that failed.</summary>
/// <param name="Cause">Why.</param>
/// <param name="CellNumber">The cell's place in the document as it was given, from 1, counting cells of all kinds; 0 for the cell of injected parameters.</param>
/// <param name="Error">The error, with line and source line where known.</param>
public sealed record NotebookFailure(NotebookFailureCause Cause, int CellNumber, CellError Error)
{
    private const int FurtherErrorLimit = 4;

    /// <summary>The failure in one paragraph: cell, line, error.</summary>
    /// <returns>Text for a terminal.</returns>
    public override string ToString()
    {
        var line = Error.Line is { } number ? $", line {number}" : "";
        var source = Error.SourceLine is { } text ? $"{Environment.NewLine}    {text.Trim()}" : "";
        var cell = CellNumber == 0 ? "Injected parameters" : $"Cell {CellNumber}";
        return $"{cell}{line}: {Error.Name}: {Error.Message}{source}{Further(cell)}";
    }

    // A compiler finds many mistakes at once; it would be tiresome to learn of them one a run.
    private string Further(string cell)
    {
        if (Error.Name != "CompilationError")
            return "";
        var further = Error.Traceback.Where(static l => l.Contains(": error CS", StringComparison.Ordinal)).Skip(1).Take(FurtherErrorLimit);
        return string.Concat(further.Select(l => $"{Environment.NewLine}{cell}{l[Math.Max(l.LastIndexOf(", line ", StringComparison.Ordinal), 0)..]}"));
    }
}

/// <summary>The outcome of running a notebook.</summary>
/// <param name="Failures">The cells that failed, in their order: at most one unless the run went on after errors. Cells tagged "raises-exception" are none.</param>
/// <param name="Warnings">What the user should know although the run went on.</param>
/// <param name="Elapsed">How long the run took.</param>
public sealed record NotebookRunResult(IReadOnlyList<NotebookFailure> Failures, IReadOnlyList<string> Warnings, TimeSpan Elapsed)
{
    /// <summary>The first cell that failed; null when none did.</summary>
    public NotebookFailure? Failure => Failures.Count > 0 ? Failures[0] : null;

    /// <summary>Messages of work that cells left running and that failed.</summary>
    public IReadOnlyList<string> LateFailures { get; init; } = [];

    /// <summary>Whether all cells ran, and all that they left running.</summary>
    public bool Succeeded => Failures.Count == 0 && LateFailures.Count == 0;
}

/// <summary>Runs the code cells of a notebook from top to bottom and stores their outputs in it.</summary>
/// <param name="cells">Runs the cells. A fresh engine gives a run that depends on nothing before it.</param>
public sealed class NotebookRunner(CellRunner cells)
{
    // As nbconvert and nbclient name it: the cell is there to show an error.
    private const string ErrorExpectedTag = "raises-exception";

    /// <summary>Runs a notebook up to its end or, unless told otherwise, its first failing cell.</summary>
    /// <param name="document">The notebook. Outputs of earlier runs are removed first, so that it never mixes two runs.</param>
    /// <param name="options">Parameters, time limit and progress; null for none.</param>
    /// <param name="cancellation">Ends the run; the outputs so far are kept.</param>
    /// <returns>The outcome. Errors of cells never throw.</returns>
    /// <exception cref="ArgumentException">A parameter's name is no variable name, or its value does not fit its declared type.</exception>
    public async Task<NotebookRunResult> RunAsync(NotebookDocument document, NotebookRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new NotebookRunOptions();
        var elapsed = Stopwatch.StartNew();
        var numbers = document.Cells.Select(static (c, i) => (c, i)).ToDictionary(static p => p.c, static p => p.i + 1);
        var warnings = NotebookParameters.Inject(document, options.Parameters);
        foreach (var cell in document.Cells.Where(c => c.Kind == CellKind.Code))
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }

        using var timeout = new CancellationTokenSource();
        if (options.Timeout is { } limit)
            timeout.CancelAfter(limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var outputs = new List<(NotebookCell Cell, CellOutputList List)>();
        var failures = new List<NotebookFailure>();
        var isOver = false;
        for (var i = 0; i < document.Cells.Count && !isOver; i++)
        {
            var cell = document.Cells[i];
            if (cell.Kind != CellKind.Code || string.IsNullOrWhiteSpace(cell.Source))
                continue;
            var number = numbers.GetValueOrDefault(cell);
            options.Progress?.Invoke(new CellProgress(number, numbers.Count, cell, null));
            outputs.Add((cell, new CellOutputList()));
            var result = await RunCellAsync(cell, new DocumentSink(outputs), stop.Token).ConfigureAwait(false);
            cell.ExecutionCount = result.ExecutionCount > 0 ? result.ExecutionCount : null;
            cell.Outputs = outputs[^1].List.Outputs;
            if (result.Error is { } error)
            {
                var failure = Failure(error, result.Status, number, timeout.IsCancellationRequested, cancellation.IsCancellationRequested, options.Timeout);
                var isExpected = failure.Cause == NotebookFailureCause.CellError && cell.Tags.Contains(ErrorExpectedTag);
                if (!isExpected)
                    failures.Add(failure);
                isOver = failure.Cause != NotebookFailureCause.CellError || !(isExpected || options.ContinuesOnError);
            }

            options.Progress?.Invoke(new CellProgress(number, numbers.Count, cell, result));
        }

        var lateFailures = options.Finish is { } finish ? await finish().ConfigureAwait(false) : [];

        // Displays may have been updated by cells further down.
        foreach (var (cell, list) in outputs)
            cell.Outputs = list.Outputs;
        return new NotebookRunResult(failures, warnings, elapsed.Elapsed) { LateFailures = lateFailures };
    }

    private static NotebookFailure Failure(CellError error, CellStatus status, int number, bool isTimedOut, bool isCancelled, TimeSpan? limit)
    {
        if (status == CellStatus.Interrupted && isCancelled)
            return new NotebookFailure(NotebookFailureCause.Cancelled, number, error with { Message = "The run was cancelled." });
        if (status == CellStatus.Interrupted && isTimedOut)
            return new NotebookFailure(NotebookFailureCause.TimedOut, number, error with { Message = $"The run took longer than the allowed {limit?.TotalSeconds:0.###} s." });
        return new NotebookFailure(NotebookFailureCause.CellError, number, error);
    }

    private async Task<CellResult> RunCellAsync(NotebookCell cell, DocumentSink sink, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return ScriptEngine.Interrupted(null);
        if (cell.Language == "csharp")
            return await cells.RunAsync(new CellRequest(cell.Source) { CellId = cell.Id }, sink, stop).ConfigureAwait(false);
        var message = $"The cell is written in '{cell.Language}'; this host runs C# cells.";
        var error = new CellError("LanguageError", message, [message], 1);
        sink.Publish(error.ToOutput());
        return new CellResult(CellStatus.Rejected, Error: error);
    }

    /// <summary>Stores outputs with the running cell, and updates of displays wherever the display is.</summary>
    private sealed class DocumentSink(List<(NotebookCell Cell, CellOutputList List)> outputs) : ICellSink
    {
        private readonly CellOutputList[] _lists = [.. outputs.Select(o => o.List)];

        public void Publish(CellOutput output)
        {
            if (output is not DisplayOutput { IsUpdate: true, DisplayId: { } id } update)
            {
                _lists[^1].Publish(output);
                return;
            }

            foreach (var list in _lists)
                list.Replace(id, update.Data);
        }
    }
}
