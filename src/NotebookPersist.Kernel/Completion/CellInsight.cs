using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>Completes and explains what is typed into a cell: C#, magics, and names of a graph inside strings.</summary>
/// <remarks>Thread safety: all members may be called from any thread. Nothing of a cell is run.</remarks>
public sealed class CellInsight : IDisposable
{
    private readonly ScriptEngine _engine;
    private readonly IInsightSource _source;
    private readonly CellWorkspace _workspace;
    private readonly CodeInsight _code;
    private readonly MagicInsight _magics;

    /// <summary>Insight into the cells of an engine.</summary>
    /// <param name="engine">Runs the cells.</param>
    /// <param name="source">Knows magics and graphs.</param>
    public CellInsight(ScriptEngine engine, IInsightSource source)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(source);
        (_engine, _source) = (engine, source);
        _workspace = new CellWorkspace(engine);
        _code = new CodeInsight(_workspace, engine);
        _magics = new MagicInsight(source);
    }

    /// <summary>What can stand at a place.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place. Unit: UTF-16 units.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<CellCompletion> CompleteAsync(string code, int position, CancellationToken cancellation = default)
    {
        (string text, int place) = (code, Math.Clamp(position, 0, code.Length));
        if (CellLine.Magic(text, place) is { } magic)
            return _magics.Complete(text, magic, place);
        (string? around, string part) = CellSplitter.PartAt(text, place, _source.TextNames);
        if (around is not null)
            return _source.CodeNames.Contains(around) ? await Task.Run(() => _source.CompleteCode(around, part, place), cancellation).ConfigureAwait(false) : CellCompletion.None(place);
        if (MagicInsight.CompleteDirective(part, place) is { } directive)
            return directive;
        string plain = CellSplitter.WithoutMagics(part);
        if (NameLiteral.At(plain, place) is { IsPath: true } path)
            return new CellCompletion(path.Start, place, [.. MagicInsight.Paths(text[path.Start..place]).Select(static p => new CompletionItem(p.Trim('"'), "path"))]);
        if (NameLiteral.At(plain, place) is { } literal)
            return CellCompletion.OfNames(text, literal.Start, place, _source.NamesFor(literal.Method), literal.Kind);
        return await _code.CompleteAsync(plain, place, cancellation).ConfigureAwait(false);
    }

    /// <summary>What is known of the thing at a place; null where nothing is.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place. Unit: UTF-16 units.</param>
    /// <param name="isDetailed">Whether the code of what cells have declared is told too.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<CellDescription?> DescribeAsync(string code, int position, bool isDetailed = false, CancellationToken cancellation = default)
    {
        int place = Math.Clamp(position, 0, code.Length);
        if (CellLine.Magic(code, place) is { } magic)
            return _magics.Describe(magic);
        (string? around, string part) = CellSplitter.PartAt(code, place, _source.TextNames);
        return around is null ? await _code.DescribeAsync(CellSplitter.WithoutMagics(part), place, isDetailed, cancellation).ConfigureAwait(false) : null;
    }

    /// <summary>Takes in the cells that have run since, so that the next answer does not wait for it. Does nothing where nobody has asked lately.</summary>
    public Task FollowAsync() => Task.Run(_workspace.FollowAsync);

    /// <summary>Does once what makes the first answer slow.</summary>
    public async Task WarmUpAsync(CancellationToken cancellation = default)
    {
        await _engine.Ready.WaitAsync(cancellation).ConfigureAwait(false);
        await CompleteAsync("string.Emp", 10, cancellation).ConfigureAwait(false);
        await CompleteAsync("Consol", 6, cancellation).ConfigureAwait(false);
        await DescribeAsync("string.Empty", 10, cancellation: cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();
}
