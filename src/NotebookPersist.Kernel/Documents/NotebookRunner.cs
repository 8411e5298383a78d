using System.Diagnostics;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Runs the code cells of a notebook from top to bottom and stores their outputs in it.</summary>
/// <param name="cells">Runs the cells. A fresh engine gives a run that depends on nothing before it.</param>
public sealed class NotebookRunner(CellRunner cells)
{
    // As nbconvert and nbclient name it: the cell is there to show an error.
    private const string ErrorExpectedTag = "raises-exception";

    // A finalizer of a cell that does not end must not keep the run.
    private static readonly TimeSpan LongestFinalizers = TimeSpan.FromSeconds(2);

    /// <summary>Measures the memory of the process; replaced by tests.</summary>
    internal Func<long>? MeasureMemory { get; init; }

    /// <summary>Runs a notebook up to its end or, unless told otherwise, its first failing cell.</summary>
    /// <param name="document">The notebook. Outputs of earlier runs are removed first, so that it never mixes two runs.</param>
    /// <param name="options">Parameters, limits and progress; null for none.</param>
    /// <param name="cancellation">Ends the run; the outputs so far are kept.</param>
    /// <returns>The outcome. Errors of cells never throw.</returns>
    /// <exception cref="ArgumentException">A parameter's name is no variable name, or its value does not fit its declared type.</exception>
    public async Task<NotebookRunResult> RunAsync(NotebookDocument document, NotebookRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new NotebookRunOptions();
        var elapsed = Stopwatch.StartNew();
        var numbers = document.Cells.Select(static (c, i) => (c, i)).ToDictionary(static p => p.c, static p => p.i + 1);
        List<string> warnings = [.. NotebookParameters.Inject(document, options.Parameters)];
        foreach (var cell in document.Cells.Where(c => c.Kind == CellKind.Code))
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }

        foreach (var cell in document.Cells.Where(c => c.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Source)))
            cells.Expect(new CellRequest(cell.Source) { Language = LanguageOf(cell) });
        using var limits = new RunLimits(options, MeasureMemory, cancellation);
        var ids = new CellIds();
        var outputs = new List<(NotebookCell Cell, CellOutputList List)>();
        var failures = new List<NotebookFailure>();
        var isOver = false;
        for (var i = 0; i < document.Cells.Count && !isOver; i++)
        {
            var cell = document.Cells[i];
            if (cell.Kind != CellKind.Code || string.IsNullOrWhiteSpace(cell.Source))
                continue;
            var number = numbers.GetValueOrDefault(cell);
            if (options.SkipsOtherLanguages && !CanRun(cell))
            {
                warnings.Add($"Cell {number} was left out: it is written in '{LanguageOf(cell)}'.");
                continue;
            }

            options.Progress?.Invoke(new CellProgress(number, numbers.Count, cell, null));
            outputs.Add((cell, new CellOutputList()));
            using var stop = limits.ForCell();
            var result = await RunCellAsync(cell, ids.Of(cell, number, warnings), new DocumentSink(outputs), stop.Token).ConfigureAwait(false);
            cell.ExecutionCount = result.ExecutionCount > 0 ? result.ExecutionCount : null;
            cell.Outputs = outputs[^1].List.Outputs;
            if (result.Error is { } error)
            {
                var failure = limits.Failure(error, result.Status, number, stop.Token);
                var isExpected = failure.Cause == NotebookFailureCause.CellError && cell.Tags.Contains(ErrorExpectedTag);
                if (!isExpected)
                    failures.Add(failure);
                var isOfCell = failure.Cause is NotebookFailureCause.CellError or NotebookFailureCause.CellTimedOut;
                isOver = !isOfCell || !(isExpected || options.ContinuesOnError);
            }

            options.Progress?.Invoke(new CellProgress(number, numbers.Count, cell, result));
        }

        var lateFailures = options.Finish is { } finish ? await finish().ConfigureAwait(false) : [];

        // Failures of tasks that no cell awaits are told once the collector has found them.
        GC.Collect();
        await Task.WhenAny(Task.Run(GC.WaitForPendingFinalizers, CancellationToken.None), Task.Delay(LongestFinalizers, CancellationToken.None)).ConfigureAwait(false);

        // Displays may have been updated by cells further down.
        foreach (var (cell, list) in outputs)
            cell.Outputs = list.Outputs;
        return new NotebookRunResult(failures, warnings, elapsed.Elapsed) { LateFailures = lateFailures };
    }

    private async Task<CellResult> RunCellAsync(NotebookCell cell, string id, DocumentSink sink, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return ScriptEngine.Interrupted(null);
        if (!CanRun(cell))
        {
            var message = $"The cell is written in '{LanguageOf(cell)}'; this host runs C# and F# cells. Write it in one of them, make it a Markdown cell, or leave such cells out: 'run --skip-languages'.";
            var error = new CellError("LanguageError", message, [message], 1);
            sink.Publish(error.ToOutput());
            return new CellResult(CellStatus.Rejected, Error: error);
        }

        // What is shown rather than run has a magic of its name, with the lines below it as its text.
        var isShown = NotebookLanguages.Shown.Contains(cell.Language) && MarkedLanguageOf(cell) is null;
        var request = new CellRequest(isShown ? CellSplitter.Marked(cell.Source, cell.Language) : cell.Source) { CellId = id, Language = isShown ? NotebookLanguages.CSharp : cell.Language };
        var run = cells.RunAsync(request, sink, stop);
        await Task.WhenAny(run, RunLimits.PatienceAfter(stop)).ConfigureAwait(false);
        if (run.IsCompleted)
            return await run.ConfigureAwait(false);

        // It goes on in a thread that ends with the process: nothing else can be done about it.
        _ = run.ContinueWith(static r => r.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return ScriptEngine.Interrupted(null);
    }

    private bool CanRun(NotebookCell cell) => LanguageOf(cell) is var language && (language == NotebookLanguages.CSharp
        || ((NotebookLanguages.Shown.Contains(language) || NotebookLanguages.Run.Contains(language)) && cells.MagicNames.Contains("#!" + language)));

    private static string LanguageOf(NotebookCell cell) => MarkedLanguageOf(cell) ?? cell.Language;

    // What the first line says goes before what the metadata say, as in .NET Interactive.
    private static string? MarkedLanguageOf(NotebookCell cell) =>
        CellSplitter.NameOf(cell.Source.Split('\n')[0]) is { } mark && NotebookLanguages.IsKnown(mark[2..]) ? NotebookLanguages.Canonical(mark[2..]) : null;

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
