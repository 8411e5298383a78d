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
    private static readonly MethodInfo GetExecutor =
        typeof(Script<object>).GetMethod("GetExecutor", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMethodException("This version of Roslyn scripting has no Script<T>.GetExecutor.");

    private readonly ScriptOptions _first;
    private readonly ScriptOptions _later;
    private readonly object _globals;
    private Script<object>? _last;
    private object?[] _states;
    private int _count = 1;

    public SubmissionChain(ScriptOptions options, object globals)
    {
        // References go to the first submission only. Later ones inherit them; giving them again makes memory grow with the square of the number of cells.
        _first = options;
        _later = options.WithReferences(Array.Empty<MetadataReference>());
        _globals = globals;
        _states = [globals];
    }

    /// <summary>Compiles code as the next submission, without adding it to the chain.</summary>
    public Submission Compile(string code, string path, IEnumerable<MetadataReference> newReferences, CancellationToken cancellation)
    {
        var options = (_last is null ? _first : _later).WithFilePath(path).AddReferences(newReferences);
        var script = _last is null
            ? CSharpScript.Create<object>(code, options, _globals.GetType())
            : _last.ContinueWith<object>(code, options);
        var errors = script.Compile(cancellation).Where(d => d.Severity == DiagnosticSeverity.Error).ToImmutableArray();
        return new Submission(script, errors);
    }

    /// <summary>Runs a compiled submission.</summary>
    /// <returns>The value of its last expression.</returns>
    public Task<object> RunAsync(Submission submission)
    {
        if (_states.Length < _count + 1)
            Array.Resize(ref _states, _count * 2);
        var executor = (Func<object?[], Task<object>>)GetExecutor.Invoke(submission.Script, [CancellationToken.None])!;
        return executor(_states);
    }

    /// <summary>Adds a submission that has run, to its end or not, to the chain.</summary>
    /// <returns>Whether later submissions build on it.</returns>
    public bool Commit(Submission submission)
    {
        // A submission without code has no slot and just passes the chain on; one that was stopped before its constructor ran cannot be built upon.
        var hasRun = _count < _states.Length && _states[_count] is not null;
        if (!hasRun && submission.HasSlot)
            return false;
        _last = submission.Script;
        if (hasRun)
            _count++;
        return true;
    }

    /// <summary>The variables of all submissions, the newest declaration of each name.</summary>
    public IEnumerable<NotebookVariable> Variables()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = _count - 1; i >= 1; i--)
        {
            var state = _states[i]!; // Slots below the count are filled.
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
internal sealed record Submission(Script<object> Script, ImmutableArray<Diagnostic> Errors)
{
    public Compilation Compilation => Script.GetCompilation();

    /// <summary>Whether the submission has anything that runs or declares; usings and directives alone take no place in the array.</summary>
    public bool HasSlot => Compilation.SyntaxTrees.Any(t => t.GetRoot() is CompilationUnitSyntax { Members.Count: > 0 });
}

/// <summary>A cell that later ones build on.</summary>
/// <param name="Code">Its C#, as it was written.</param>
/// <param name="References">The assemblies that it brought in.</param>
internal sealed record CommittedCode(string Code, IReadOnlyList<MetadataReference> References);
