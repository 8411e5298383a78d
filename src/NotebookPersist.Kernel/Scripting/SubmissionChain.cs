using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The compiled cells of a notebook, each able to name what the earlier ones declared.</summary>
/// <remarks>
/// Roslyn's own ScriptState exists only for submissions that ran to their end, so an interrupted cell would lose every variable it had declared,
/// a training loop's history included. The chain therefore keeps the array of submission objects itself: a submission enters it in its
/// constructor, before the first statement of the cell runs.
/// </remarks>
internal sealed class SubmissionChain
{
    // A script holds the compilation that it was compiled to, and gives no way to say that it is another one.
    private static readonly FieldInfo CompilationOf =
        typeof(Script).GetField("_lazyCompilation", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException("This version of Roslyn scripting has no Script._lazyCompilation.");

    // Its place among the objects, which is part of the names that the compiler gives to types without one.
    private static readonly FieldInfo PlaceOf =
        typeof(Compilation).GetField("_lazySubmissionSlotIndex", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException("This version of Roslyn has no Compilation._lazySubmissionSlotIndex.");

    private const int LoadsBetweenCollections = 64;

    private readonly List<ChainLink> _links = [];
    private readonly Lock _gate = new();
    private readonly int _firstTrim;
    private int _nextTrim;
    private long _nextCollection;
    private readonly ScriptOptions _first;
    private readonly ScriptOptions _later;
    private readonly object _globals;
    private readonly SubmissionLoader _loader;
    private Script<object>? _last;
    private object?[] _states;
    private int _count = 1;

    /// <summary>An empty chain.</summary>
    /// <param name="options">For all submissions.</param>
    /// <param name="globals">What all can name.</param>
    /// <param name="firstTrim">At how many submissions those that are not needed any more go.</param>
    /// <param name="unloads">Whether code that nobody can reach is unloaded.</param>
    public SubmissionChain(ScriptOptions options, object globals, int firstTrim, bool unloads)
    {
        _loader = new SubmissionLoader(unloads);
        _nextCollection = unloads ? LoadsBetweenCollections : long.MaxValue;
        _firstTrim = _nextTrim = firstTrim;
        // References go to the first submission only. Later ones inherit them; giving them again makes memory grow with the square of the number of cells.
        _first = options;
        _later = options.WithReferences(Array.Empty<MetadataReference>());
        _globals = globals;
        _states = [globals];
    }

    /// <summary>The code of all submissions that are left, in their order.</summary>
    public IEnumerable<CommittedCode> Committed => _links.Select(static l => l.Committed);

    /// <summary>Compiles code as the next submission, without adding it to the chain.</summary>
    public Submission Compile(string code, string path, IEnumerable<MetadataReference> newReferences, CancellationToken cancellation)
    {
        var options = (_last is null ? _first : _later).WithFilePath(path).AddReferences(newReferences);
        var script = _last is null
            ? CSharpScript.Create<object>(code, options, _globals.GetType())
            : _last.ContinueWith<object>(code, options);

        // Script's own way to run would keep what it has loaded for as long as the process runs.
        var run = _loader.Load(script.GetCompilation(), out var errors, cancellation);
        return new Submission(script, errors, run);
    }

    /// <summary>Runs a compiled submission.</summary>
    /// <returns>The value of its last expression.</returns>
    public Task<object> RunAsync(Submission submission)
    {
        if (_states.Length < _count + 1)
            Array.Resize(ref _states, _count * 2);
        return submission.Run!(_states); // Only what compiled is run.
    }

    /// <summary>Adds a submission that has run, to its end or not, to the chain.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="code">Its code, as it was written.</param>
    /// <returns>Whether later submissions build on it.</returns>
    public bool Commit(Submission submission, CommittedCode code)
    {
        // A submission without code has no slot and just passes the chain on; one that was stopped before its constructor ran cannot be built upon.
        var hasRun = _count < _states.Length && _states[_count] is not null;
        if (!hasRun && submission.HasSlot)
            return false;

        // Nothing of a cell that only computes can be named later: it need not be kept, and its place is free.
        var outline = ChainOutline.Of(submission.Compilation, code.References.Count > 0);
        if (outline.IsEmpty && _links.Count > 0)
        {
            if (hasRun)
                _states[_count] = null;
            return false;
        }

        _last = submission.Script;
        _links.Add(new ChainLink(submission.Script, hasRun ? _count++ : 0, code, outline));
        return true;
    }

    /// <summary>Whether enough has gathered that <see cref="Tidy"/> is worth its time.</summary>
    public bool IsTidyDue => _links.Count >= _nextTrim || _loader.LoadCount >= _nextCollection;

    /// <summary>Takes away submissions that no later one can need, once there are many, and unloads those that nobody can reach.</summary>
    /// <returns>Whether any was taken away.</returns>
    public bool Tidy()
    {
        bool isTrimmed;
        lock (_gate)
            isTrimmed = Trim();

        // Loaded code is nothing that the collector feels, so that it would come far too late.
        if (_nextCollection < long.MaxValue)
        {
            GC.Collect();
            _nextCollection = _loader.LoadCount + LoadsBetweenCollections;
        }

        return isTrimmed;
    }

    private bool Trim()
    {
        if (_links.Count < _nextTrim)
            return false;
        var links = _links.ConvertAll(static l => l.Reduced());
        var needed = ChainTrim.Needed(links);
        var isJoined = TryJoinVariables([.. links.Where((_, i) => needed[i])], out var kept);
        _nextTrim = Math.Max(_firstTrim, 2 * kept.Count);
        if (!isJoined && kept.Count > _links.Count * 3 / 4)
            return false;
        Rebuild(kept);
        return true;
    }

    // Of most cells only the variables can be needed, and each costs the code that it was compiled to: those that nothing else refers to move to one submission.
    private bool TryJoinVariables(List<ChainLink> links, out List<ChainLink> left)
    {
        left = links;
        var movable = ChainTrim.Movable(links);
        if (movable.Count < 2)
            return false;
        var joined = Declare(movable);
        if (joined.Run is null)
            return false;
        var taken = movable.ConvertAll(m => TakenState.Of(_states, m));
        GC.Collect();
        var moved = taken.Where(t => !t.TryPutBack(_states)).ToList();
        if (moved.Count < taken.Count)
            joined = Declare([.. moved.Select(static t => t.Variables)]);
        if (moved.Count == 0 || joined.Run is null)
            return false;

        // Declarations without a value wait for nothing.
        RunAsync(joined).GetAwaiter().GetResult();
        foreach (var state in moved)
            state.CopyTo(_states[_count]!); // Each submission puts its object there.
        _last = joined.Script;
        var gone = moved.Select(static t => t.Variables.Link).ToHashSet();
        var code = new CommittedCode(joined.Script.Code, []);
        left = [.. links.Where(l => !gone.Contains(l)), new ChainLink(joined.Script, _count++, code, ChainOutline.Of(joined.Compilation, bringsReferences: false)).Reduced()];
        return true;
    }

    private Submission Declare(IEnumerable<MovableVariables> variables) =>
        Compile(string.Concat(variables.SelectMany(static v => v.Fields).Select(static f => f.Code)), "Variables", [], CancellationToken.None);

    // The compiled cells are loaded and stay what they are; only the compiler's view of what came before each of them changes.
    private void Rebuild(List<ChainLink> kept)
    {
        var before = kept[0].Script;
        _links.Clear();
        _links.Add(kept[0]);
        foreach (var link in kept.Skip(1))
        {
            var old = (CSharpCompilation)link.Script.GetCompilation();
            var text = link.IsReduced ? link.Committed.Code : link.Script.Code;
            if (link.IsReduced)
            {
                var tree = old.SyntaxTrees[0];
                old = old.RemoveAllSyntaxTrees().AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, tree.FilePath, Encoding.UTF8));
            }

            // A submission always tells what came before.
            var moved = old.WithScriptCompilationInfo(old.ScriptCompilationInfo!.WithPreviousScriptCompilation((CSharpCompilation)before.GetCompilation()));
            var script = before.ContinueWith<object>(text, link.Script.Options);
            PlaceOf.SetValue(moved, PlaceOf.GetValue(link.Script.GetCompilation()));
            CompilationOf.SetValue(script, moved);
            before = script;
            _links.Add(link with { Script = script });
        }

        _last = before;

        // The places stay; what stood in those of the others can be collected.
        var places = _links.Select(static l => l.Place).ToHashSet();
        for (var place = 1; place < _count; place++)
        {
            if (!places.Contains(place))
                _states[place] = null;
        }
    }

    /// <summary>The variables of all submissions, the newest declaration of each name.</summary>
    public IReadOnlyList<NotebookVariable> Variables()
    {
        // While it is tidied objects stand beside their places.
        lock (_gate)
            return [.. AllVariables()];
    }

    private IEnumerable<NotebookVariable> AllVariables()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = _count - 1; i >= 1; i--)
        {
            if (_states[i] is not { } state)
                continue;
            foreach (var field in state.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if ((char.IsLetter(field.Name[0]) || field.Name[0] == '_') && seen.Add(field.Name))
                    yield return new NotebookVariable(field.Name, field.FieldType, field.GetValue(state));
            }
        }
    }

    public static ScriptOptions OptionsFor(ScriptEngineOptions options, IEnumerable<MetadataReference> references, MetadataReferenceResolver resolver)
        => ScriptOptions.Default
            .WithReferences(references)
            .WithImports(options.Imports)
            .WithLanguageVersion(LanguageVersion.Preview)
            .WithEmitDebugInformation(true)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(resolver)
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(options.BaseDirectory));
}

/// <summary>A compiled cell.</summary>
/// <param name="Script">The cell.</param>
/// <param name="Errors">Why it cannot run.</param>
/// <param name="Run">Runs it; null where there are errors.</param>
internal sealed record Submission(Script<object> Script, ImmutableArray<Diagnostic> Errors, Func<object?[], Task<object>>? Run)
{
    public Compilation Compilation => Script.GetCompilation();

    /// <summary>Whether the submission has anything that runs or declares; usings and directives alone take no place in the array.</summary>
    public bool HasSlot => Compilation.SyntaxTrees.Any(t => t.GetRoot() is CompilationUnitSyntax { Members.Count: > 0 });
}

/// <summary>A cell that later ones build on.</summary>
/// <param name="Code">Its C#, as it was written.</param>
/// <param name="References">The assemblies that it brought in.</param>
internal sealed record CommittedCode(string Code, IReadOnlyList<MetadataReference> References);
