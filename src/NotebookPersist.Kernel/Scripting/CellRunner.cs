using System.Diagnostics;
using NotebookPersist.Kernel.Languages;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Runs whole cells: magic lines and C# in the order of the text, with everything they show going to one sink.</summary>
/// <remarks>Cells run one at a time. Thread safety: all members may be called from any thread.</remarks>
public sealed class CellRunner
{
    // Has a bit of what most cells have, and declares nothing.
    private const string FirstCell = "Console.Write(\"\"); foreach (var x in new[] { 1 }.Select(x => x + 1)) { }\n1 + 1";

    private readonly IMagicHost? _magics;
    private int _executionCount;
    private int _unnumberedCount;

    /// <summary>A runner of cells.</summary>
    /// <param name="engine">Runs the C# parts.</param>
    /// <param name="magics">Runs the magic lines; null when there are no magics.</param>
    public CellRunner(ScriptEngine engine, IMagicHost? magics = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
        _magics = magics;
    }

    /// <summary>Raised before a cell's first line runs. Silent cells raise it too: they build graphs as others do.</summary>
    public event EventHandler<CellStartingEventArgs>? CellStarting;

    /// <summary>Raised after a cell's last line has run or failed, before its result is shown.</summary>
    public event EventHandler<CellFinishedEventArgs>? CellFinished;

    /// <summary>The engine that runs the C# parts.</summary>
    public ScriptEngine Engine { get; }

    /// <summary>The number of the latest numbered cell; 0 before the first.</summary>
    public int ExecutionCount => Volatile.Read(ref _executionCount);

    /// <summary>The names of the magics that cells can use, with their prefix, sorted.</summary>
    public IReadOnlyList<string> MagicNames => [.. (_magics?.Names ?? []).Order(StringComparer.Ordinal)];

    /// <summary>Makes ready for a cell that will run soon, where that takes long: begins to load its language. Returns at once.</summary>
    /// <param name="request">The cell.</param>
    internal void Expect(CellRequest request) => _magics?.Expect(request.Code, request.Language);

    /// <summary>Stops the running cell. Does nothing when no cell runs.</summary>
    public void Interrupt() => Engine.Interrupt();

    /// <summary>Runs one cell and publishes its output, its result and its error.</summary>
    /// <param name="request">The cell.</param>
    /// <param name="sink">Takes what the cell shows.</param>
    /// <param name="cancellation">Interrupts the cell.</param>
    /// <returns>How the cell ended. What is wrong with a cell never throws.</returns>
    public Task<CellResult> RunAsync(CellRequest request, ICellSink sink, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);

        // A cell without text is no run: the numbers beside the cells stay as they are.
        if (string.IsNullOrWhiteSpace(request.Code))
            return Task.FromResult(new CellResult(CellStatus.Succeeded) { ExecutionCount = ExecutionCount });
        var number = request.Silent || !request.IsNumbered ? 0 : Interlocked.Increment(ref _executionCount);
        var name = number > 0 ? $"Cell[{number}]" : $"{(request.Silent ? "Silent" : "Unnumbered")}[{Interlocked.Increment(ref _unnumberedCount)}]";
        return Engine.RunAsync(session => RunAsync(request, session), sink, request, name, number, cancellation);
    }

    /// <summary>Runs code that cells have registered for something outside, between two cells and interruptible as they are.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="handler">The code.</param>
    /// <param name="sink">Takes what it shows, and its error.</param>
    /// <param name="cancellation">Interrupts it.</param>
    internal Task<CellResult> RunHandlerAsync(string name, Action handler, ICellSink sink, CancellationToken cancellation)
    {
        var request = new CellRequest("");
        return Engine.RunAsync(RunAsync, sink, request, name, 0, cancellation);

        async Task<CellResult> RunAsync(CellSession session)
        {
            var result = await Engine.RunHostWorkAsync(
                () =>
                {
                    handler();
                    return Task.CompletedTask;
                },
                session).ConfigureAwait(false);
            return Publish(result, request, session);
        }
    }

    /// <summary>Does once what makes the first cell slow, as a cell that nobody sees. A cell that comes meanwhile waits for it, for no longer than it would take itself.</summary>
    internal Task WarmUpAsync()
    {
        var request = new CellRequest(FirstCell);
        return Engine.RunAsync(RunAsync, new CellOutputList(), request, "WarmUp", 0, CancellationToken.None);

        async Task<CellResult> RunAsync(CellSession session)
        {
            var code = CellSplitter.Split(request.Code, _magics?.TextNames).OfType<CodeSegment>().Single();
            var result = await Engine.RunCodeAsync(code.Code, session).ConfigureAwait(false);
            return await Engine.RunHostWorkAsync(() => Task.FromResult(ValueBundle.Of(result.Value)), session).ConfigureAwait(false);
        }
    }

    private async Task<CellResult> RunAsync(CellRequest request, CellSession session)
    {
        var elapsed = Stopwatch.StartNew();
        var sink = new SessionSink(session);
        var segments = new List<CellSegment>(_magics is null ? CellSplitter.Split(request.Code) : CellSplitter.Split(request.Code, _magics.TextNames, _magics.CodeNames, request.Language));
        if (Check(segments, session) is { } rejected)
            return Publish(rejected, request, session);

        // The receivers' own console writes and displays belong to the cell.
        session.Enter();
        CellStarting?.Invoke(this, new CellStartingEventArgs(session.CellId, request.Code, sink));
        var result = new CellResult(CellStatus.Succeeded);
        for (var i = 0; i < segments.Count && result.Status == CellStatus.Succeeded; i++)
        {
            result = segments[i] switch
            {
                _ when session.IsInterrupted => ScriptEngine.Interrupted(null),
                CodeSegment code => await Engine.RunCodeAsync(code.Code, session).ConfigureAwait(false),
                MagicSegment magic => await RunMagicAsync(magic, session, sink).ConfigureAwait(false),
                _ => throw new UnreachableException(),
            };
            if (result.Status == CellStatus.Succeeded && segments[i] is MagicSegment && _magics?.TakeCode() is { Count: > 0 } further)
            {
                var inserted = further.SelectMany(f => SegmentsOf(f, _magics)).ToList();
                if (Check(inserted, session) is { } refused)
                    result = refused;
                segments.InsertRange(i + 1, inserted);
            }

            if (result is { Status: CellStatus.Succeeded, HasValue: true } && i < segments.Count - 1 && !request.Silent)
                session.Publish(new DisplayOutput(ValueBundle.Of(result.Value)));
        }

        CellFinished?.Invoke(this, new CellFinishedEventArgs(session.CellId, session.ExecutionCount, result, elapsed.Elapsed, sink));
        return await PublishAsync(result, request, session).ConfigureAwait(false);
    }

    // Errors in it are told with its own name and lines.
    private IEnumerable<CellSegment> SegmentsOf(FurtherCode further, IMagicHost magics)
    {
        var segments = CellSplitter.Split(further.Code, magics.TextNames, magics.CodeNames);
        if (further.Name is not { } name)
            return segments;
        Engine.Name(name, further.Code);
        return segments.Select(s => s is CodeSegment code ? new CodeSegment($"#line 1 \"{name}\"\n{code.Code}") : s);
    }

    private async Task<CellResult> PublishAsync(CellResult result, CellRequest request, CellSession session)
    {
        if (result is not { Status: CellStatus.Succeeded, HasValue: true } || request.Silent)
            return Publish(result, request, session);

        // Formatting runs the value's own code (ToString, a lazy query), which can be endless: it must be interruptible as the cell is.
        IReadOnlyDictionary<string, string> data = new Dictionary<string, string>();
        var formatting = await Engine.RunHostWorkAsync(
            () =>
            {
                data = ValueBundle.Of(result.Value);
                return Task.CompletedTask;
            },
            session).ConfigureAwait(false);
        if (formatting.Status != CellStatus.Succeeded)
            return Publish(formatting, request, session);
        session.Publish(new ResultOutput(data, request.IsNumbered ? session.ExecutionCount : ExecutionCount));
        if (request.IsNumbered)
            Engine.Context.Keep(session.ExecutionCount, result.Value);
        return result;
    }

    private static CellResult Publish(CellResult result, CellRequest request, CellSession session)
    {
        if (result.Error is { } error && !request.Silent)
            session.Publish(error.ToOutput());
        return result;
    }

    // A misspelt magic in the middle of a cell must not leave the lines above it executed.
    private CellResult? Check(IReadOnlyList<CellSegment> segments, CellSession session)
    {
        foreach (var segment in segments.OfType<MagicSegment>())
        {
            MagicLine magic;
            try
            {
                magic = MagicLine.Parse(segment.Text, segment.Line);
            }
            catch (FormatException e)
            {
                return new CellResult(CellStatus.Rejected, Error: ErrorReport.OfMagic(e.Message, null, segment.Line, segment.Text, session));
            }

            if (!CellSplitter.IsLanguageMark(magic.Name) && _magics?.Names.Contains(magic.Name, StringComparer.Ordinal) != true)
                return new CellResult(CellStatus.Rejected, Error: ErrorReport.OfMagic(Unknown(magic.Name), magic, magic.Line, magic.Text, session));
        }

        return null;
    }

    private async Task<CellResult> RunMagicAsync(MagicSegment segment, CellSession session, SessionSink sink)
    {
        var magic = MagicLine.Parse(segment.Text, segment.Line) with { Body = segment.Body, Around = segment.Around };
        if (_magics is null || CellSplitter.IsLanguageMark(magic.Name))
            return new CellResult(CellStatus.Succeeded);
        CodeResult? value = null;
        var result = await Engine.RunHostWorkAsync(async () => value = await _magics.RunAsync(magic, sink, session.Cancellation).ConfigureAwait(false), session).ConfigureAwait(false);
        if (result is not { Status: CellStatus.Failed, Error: { } error })
            return value is null ? result : result with { HasValue = true, Value = value.Value };
        if (error.Exception is LanguageException { Errors.Count: > 0 } rejection)
            return new CellResult(CellStatus.Rejected, Error: ErrorReport.OfLanguage(rejection, session));
        if (segment.IsCode && error.Exception is not (Notebooks.MagicException or LanguageException))
            return result; // The code's own, told with its place.

        // Where in the library a magic failed is of no use to its user: the message is, and the line.
        var message = error.Exception is { } fault ? Notebooks.PlainMessages.Of(fault) : error.Message;
        return result with { Error = ErrorReport.OfMagic(message, magic, magic.Line, magic.Text, session, error.Exception) with { Name = error.Name } };
    }

    private string Unknown(string name)
    {
        if (_magics?.ExplainUnknown(name) is { } explanation)
            return explanation;
        var names = MagicNames;
        var suggestion = NearNames.Of(name, names, 1) is [var nearest] ? $" Did you mean '{nearest}'?" : "";
        var known = names.Count > 0 ? $" Known magics: {string.Join(", ", names)}." : " This host has no magics.";
        return $"Unknown magic '{name}'.{suggestion}{known}";
    }

    private sealed class SessionSink(CellSession session) : ICellSink
    {
        public void Publish(CellOutput output)
        {
            ArgumentNullException.ThrowIfNull(output);
            if (output is StreamOutput stream)
                session.Write(stream.Name, stream.Text);
            else
                session.Publish(output);
        }
    }
}
