using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Compiles and runs C# cells, each seeing what the earlier ones declared.</summary>
/// <remarks>
/// Cells run one at a time, on a thread of their own that <see cref="Interrupt"/> can stop. The compiler is warmed up in the background from
/// construction on. Thread safety: all members may be called from any thread.
/// </remarks>
public sealed class ScriptEngine : IDisposable
{
    internal static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Script);

    // Source: the C# compiler's messages.
    private const string NoStatementInExpressionTree = "CS0834";

    private readonly ScriptEngineOptions _options;
    private Task<SubmissionChain> _chain;
    private readonly PackageReferences _packages;
    private readonly SpareThreads _threads;

    // Not disposed of: what tidies up after a cell may still have it.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly ConcurrentDictionary<string, string> _sources = new();
    private readonly Lock _committedGate = new();
    private readonly List<CommittedCode> _committed = [];
    private readonly ConcurrentQueue<MetadataReference> _further = new();
    private readonly HashSet<string> _referred = new(StringComparer.Ordinal);
    private volatile CellSession? _session;
    private int _runCount;

    /// <summary>Starts an engine and its warm-up.</summary>
    /// <param name="options">What cells can use; null for the framework alone.</param>
    public ScriptEngine(ScriptEngineOptions? options = null)
    {
        _options = options ?? new ScriptEngineOptions();
        _packages = new PackageReferences(_options);
        _threads = new SpareThreads(_options.StackByteCount);
        Resolver = new CellMetadataResolver(_options.BaseDirectory);
        Context = new CellContext(() => _session);
        _chain = StartWarmUp();
    }

    /// <summary>What cells can name without a prefix.</summary>
    public CellContext Context { get; }

    /// <summary>The variables declared so far, the latest declaration of each name, sorted by name.</summary>
    /// <remarks>While a cell runs, its own variables are not listed yet.</remarks>
    public IReadOnlyList<NotebookVariable> Variables
        => _chain.IsCompletedSuccessfully ? [.. _chain.Result.Variables().OrderBy(v => v.Name, StringComparer.Ordinal)] : [];

    /// <summary>Whether a cell runs.</summary>
    internal bool IsBusy => _oneAtATime.CurrentCount == 0;

    /// <summary>Ends when the compiler is warm. Waiting for it is optional.</summary>
    public Task Ready => _chain;

    /// <summary>All assemblies that the first cell can use.</summary>
    internal IReadOnlyList<MetadataReference> References { get; private set; } = [];

    /// <summary>Finds what cells refer to beyond these.</summary>
    internal CellMetadataResolver Resolver { get; }

    internal IReadOnlyList<string> Imports => _options.Imports;

    internal string BaseDirectory => _options.BaseDirectory;

    /// <summary>How often the order of the code that later cells build on began anew.</summary>
    internal int Generation { get; private set; }

    /// <summary>Forgets all cells and their variables. The running cell, if any, goes on.</summary>
    public void Reset()
    {
        lock (_committedGate)
        {
            _committed.Clear();
            Generation++;
        }

        Context.Comms.Clear();
        _further.Clear();
        _referred.Clear();

        _chain = StartWarmUp();
    }

    /// <summary>The code that later cells build on, from a place in its order on.</summary>
    internal IReadOnlyList<CommittedCode> CommittedSince(int count)
    {
        lock (_committedGate)
            return count < _committed.Count ? _committed[count..] : [];
    }

    /// <summary>Lets the code that runs next name a type, and all later code.</summary>
    /// <remarks>Called by one cell at a time.</remarks>
    internal void Refer(Type type)
    {
        foreach (var argument in type.GetGenericArguments())
            Refer(argument);
        if (type.HasElementType)
            Refer(type.GetElementType()!); // It has one.
        var path = type.Assembly.IsDynamic ? "" : type.Assembly.Location;
        if (path.Length > 0 && !References.Any(r => Path.GetFileName(r.Display) == Path.GetFileName(path)) && _referred.Add(path))
            _further.Enqueue(HostAssemblies.Reference(path));
    }

    /// <summary>Lets errors show lines of code that comes from elsewhere than cells, and is compiled under this name.</summary>
    internal void Name(string name, string code) => _sources[name] = code;

    /// <summary>Runs C# without magics as a cell of its own.</summary>
    /// <param name="code">The code.</param>
    /// <param name="sink">Takes what the code shows while it runs. The result and the error are returned, not published.</param>
    /// <param name="cancellation">Interrupts the cell.</param>
    /// <returns>How the cell ended. User errors never throw.</returns>
    public async Task<CellResult> RunAsync(string code, ICellSink sink, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(sink);
        var number = Interlocked.Increment(ref _runCount);
        return await RunAsync(session => RunCodeAsync(code, session), sink, new CellRequest(code), $"Code[{number}]", number, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops the running cell, whatever it is doing. Does nothing when no cell runs.</summary>
    /// <remarks>
    /// The cell's cancellation token is cancelled first, and its loops stop at their next turn; code that does neither is freed from waits and
    /// only then aborted.
    /// Work that the cell has handed to other threads stops only if it watches the token.
    /// </remarks>
    public void Interrupt() => _session?.Interrupt();

    /// <summary>Tells whether a text is a whole cell.</summary>
    /// <param name="code">The text typed so far.</param>
    /// <returns>Complete, incomplete or invalid.</returns>
    public static Completeness CheckComplete(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return CompletenessCheck.Of(code);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interrupt();
        _packages.Dispose();
    }

    /// <summary>Opens a session, runs <paramref name="body"/> in it with the engine to itself, and closes it.</summary>
    internal async Task<CellResult> RunAsync(
        Func<CellSession, Task<CellResult>> body, ICellSink sink, CellRequest request, string name, int executionCount, CancellationToken cancellation)
    {
        // Where the engine is free the cell begins even if it is cancelled already: it is told as every other that was interrupted.
        if (!_oneAtATime.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            try
            {
                await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Interrupted(null) with { ExecutionCount = executionCount };
            }
        }

        try
        {
            ConsoleRouter.Install();
            StrayExceptions.Watch();
            var elapsed = Stopwatch.StartNew();
            _sources[name] = request.Code;
            using var session = new CellSession(sink, name, request.Code, request.CellId, executionCount, request.ReadLine);
            _session = session;
            CellOrigin.Enter(session);
            using var registration = cancellation.Register(session.Interrupt);
            var result = await body(session).ConfigureAwait(false);
            session.Flush();
            return result with { ExecutionCount = executionCount, Elapsed = elapsed.Elapsed };
        }
        finally
        {
            if (_chain is { IsCompletedSuccessfully: true, Result: { IsTidyDue: true } chain })
                Background.Start("Tidy", () => Tidy(chain)); // Whoever waits for the cell does not wait for this, only the next cell does.
            else
                _oneAtATime.Release();
        }
    }

    /// <summary>Compiles and runs code within a session.</summary>
    internal async Task<CellResult> RunCodeAsync(string code, CellSession session)
    {
        var chain = await _chain.ConfigureAwait(false);
        Submission submission;
        string rest;
        IReadOnlyList<MetadataReference> references;
        try
        {
            (rest, references) = await _packages.ResolveAsync(code, text => session.Write("stderr", text + Environment.NewLine), session.Cancellation).ConfigureAwait(false);
            references = [.. references, .. TakeFurther()];
            submission = await CompileAsync(() => Compile(chain, rest, references, session), session.Cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (session.IsInterrupted)
        {
            return Interrupted(null);
        }
        catch (PackageException e)
        {
            return new CellResult(CellStatus.Rejected, Error: ErrorReport.OfPackage(e, session));
        }

        if (!submission.Errors.IsEmpty)
            return new CellResult(CellStatus.Rejected, Error: ErrorReport.OfCompilation(submission.Errors, session, submission.Compilation, _sources));

        if (submission.Run?.Method is { } entry && CellCode.IsOfCSharp(entry.DeclaringType?.FullName))
            CellOrigin.Note(entry.Module.Assembly, session);
        Task<object>? run = null;
        var exception = await CellThread.RunAsync(() => run = chain.RunAsync(submission), session, _threads).ConfigureAwait(false);
        Commit(chain, submission, rest, references);
        if (exception is not null)
            return session.IsInterrupted ? Interrupted(exception) : new CellResult(CellStatus.Failed, Error: ErrorReport.OfException(exception, session, _sources, BaseDirectory, chain.Variables()));
        return new CellResult(CellStatus.Succeeded, HasResult(submission.Compilation), run?.Result);
    }

    /// <summary>Runs a piece of the host's own work as part of a cell: on the cell's thread, interruptible, its console output captured.</summary>
    internal async Task<CellResult> RunHostWorkAsync(Func<Task> work, CellSession session)
    {
        var exception = await CellThread.RunAsync(work, session, _threads).ConfigureAwait(false);
        if (exception is null)
            return new CellResult(CellStatus.Succeeded);
        return session.IsInterrupted ? Interrupted(exception) : new CellResult(CellStatus.Failed, Error: ErrorReport.OfException(exception, session, _sources, BaseDirectory));
    }

    private IEnumerable<MetadataReference> TakeFurther()
    {
        while (_further.TryDequeue(out var reference))
            yield return reference;
    }

    internal static CellResult Interrupted(Exception? exception)
        => new(CellStatus.Interrupted, Error: new CellError("Interrupted", "The cell was interrupted.", ["Interrupted."], Exception: exception));

    // On a thread of its own: the pool has few, and whoever starts a kernel waits for its first answer meanwhile.
    private Task<SubmissionChain> StartWarmUp() => Task.Factory.StartNew(WarmUpAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task<SubmissionChain> WarmUpAsync()
    {
        References =
        [
            .. FrameworkReferences.Declaring()
                .Concat(_options.References.Append(typeof(StopPoint).Assembly).Select(static a => a.Location).Where(static path => path.Length > 0).Select(HostAssemblies.Reference))
                .DistinctBy(static r => Path.GetFileName(r.FilePath)),
        ];
        var chain = new SubmissionChain(SubmissionChain.OptionsFor(_options, References, Resolver), Context, _options.FirstTrim, _options.UnloadsCode);

        // The first submission carries the references and makes the JIT compile the compiler, before the user's first cell needs it.
        var aliases = string.Concat(_options.Aliases.Select(static a => $"using {a.Key} = {a.Value};\n"));
        var prelude = chain.Compile(aliases + "1 + 1", "Prelude", [], CancellationToken.None);
        if (!prelude.Errors.IsEmpty)
            throw new InvalidOperationException($"Cannot start the C# engine with the given imports and references: {prelude.Errors[0].GetMessage(null)}.");
        await chain.RunAsync(prelude).ConfigureAwait(false);
        Commit(chain, prelude, aliases, []);
        return chain;
    }

    private static Submission Compile(SubmissionChain chain, string code, IReadOnlyList<MetadataReference> references, CellSession session)
    {
        var stoppable = LoopStops.Insert(code);
        var submission = CompileText(stoppable);
        if (submission.Errors.Any(static e => e.Id == NoStatementInExpressionTree))
        {
            stoppable = LoopStops.Insert(code, inExpressions: false);
            submission = CompileText(stoppable);
        }

        // Errors are told with the columns that the user knows.
        return submission.Errors.IsEmpty || ReferenceEquals(stoppable, code) ? submission : CompileText(code);

        Submission CompileText(string text) => chain.Compile(text, session.Name, references, session.Cancellation);
    }

    // A large cell takes seconds to compile, and the compiler looks at the token only now and then: nobody waits for what is not used any more.
    private Task<Submission> CompileAsync(Func<Submission> compile, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<Submission>();
        var registration = cancellation.Register(() => Background.Start("Leave", () => done.TrySetCanceled(cancellation)));
        _threads.Start("Compile", () =>
        {
            try
            {
                var submission = compile();
                registration.Dispose();
                done.TrySetResult(submission);
            }
            catch (OperationCanceledException)
            {
                done.TrySetCanceled(cancellation);
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }

            return true;
        });
        return done.Task;
    }

    private void Commit(SubmissionChain chain, Submission submission, string code, IReadOnlyList<MetadataReference> references)
    {
        var committed = new CommittedCode(code, references);
        if (!chain.Commit(submission, committed))
            return;
        lock (_committedGate)
            _committed.Add(committed);
    }

    private void Tidy(SubmissionChain chain)
    {
        try
        {
            if (!chain.Tidy() || !_chain.IsCompletedSuccessfully || _chain.Result != chain)
                return;
            lock (_committedGate)
            {
                // Whoever follows the list begins again.
                _committed.Clear();
                _committed.AddRange(chain.Committed);
                Generation++;
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // Roslyn knows whether a submission ends in a value, but keeps the answer internal; a null value and no value are different things to show.
    private static bool HasResult(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        return tree.GetRoot() switch
        {
            CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }] }
                => compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).ConvertedType is { SpecialType: not SpecialType.System_Void },
            CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ReturnStatementSyntax { Expression: not null } }] } => true,
            _ => false,
        };
    }
}
