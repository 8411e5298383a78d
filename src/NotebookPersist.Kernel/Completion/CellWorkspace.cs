using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>The cells that have run, as the editor services of the compiler see them: a chain of submissions, each naming the one before.</summary>
/// <remarks>
/// A solution keeps only those compilations that were asked of itself, not those of solutions made from it. So each cell is compiled once, in the
/// solution that the next is made from, and what is typed is a new text of an empty cell whose references are bound already: an answer then costs a
/// parse and what it looks at. A list of all names in scope looks into each submission with all usings before it, so that cells share a submission
/// while none declares a name that another mentions. References go to the first submission only: later ones inherit them, and given again they would
/// make each answer slower than the one before. Thread safety: all members may be called from any thread; documents are immutable.
/// </remarks>
internal sealed class CellWorkspace(ScriptEngine engine) : IDisposable
{
    // Whoever has not asked for as many cells does not type: then cells cost nothing until somebody does.
    private const int FollowedCount = 100;

    // A submission is parsed and compiled again for each cell that joins it.
    private const int MostSharedLength = 8000;

    private static readonly CSharpParseOptions ParseOptions = ScriptEngine.ParseOptions.WithDocumentationMode(DocumentationMode.Parse);

    private readonly Lazy<AdhocWorkspace> _workspace = new(static () => new AdhocWorkspace(EditorServices.Create()));

    // Not disposed of: what follows the cells in the background may still be inside.
    private readonly SemaphoreSlim _gate = new(1);
    private Solution? _cells;
    private readonly HashSet<string> _mentioned = new(StringComparer.Ordinal);
    private Document? _last;
    private Document? _typed;
    private int _count;
    private int _generation;
    private int _unasked = FollowedCount;

    /// <summary>Code that somebody is typing, after all cells that have run. It does not become part of the chain.</summary>
    public async Task<Document> OpenAsync(string code, CancellationToken cancellation)
    {
        Volatile.Write(ref _unasked, 0);
        Document empty = await TakeInAsync(cancellation).ConfigureAwait(false);
        return empty.WithText(SourceText.From(code));
    }

    /// <summary>Takes in the cells that have run, so that whoever types next does not wait for it. Does nothing where nobody has typed lately.</summary>
    public async Task FollowAsync()
    {
        if (Interlocked.Increment(ref _unasked) <= FollowedCount)
            await TakeInAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (_workspace.IsValueCreated)
            _workspace.Value.Dispose();
    }

    private async Task<Document> TakeInAsync(CancellationToken cancellation)
    {
        // Before that there are no references, and what is opened without them stays so until a cell has run.
        await engine.Ready.WaitAsync(cancellation).ConfigureAwait(false);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_cells is null || _generation != engine.Generation)
                (_cells, _last, _typed, _count, _generation) = (_workspace.Value.CurrentSolution, null, null, 0, engine.Generation);
            foreach (CommittedCode cell in engine.CommittedSince(_count))
            {
                CellNames names = CellNames.Of(cell.Code);
                if (_last is null || !names.AreInvisible || cell.References.Count > 0)
                    await AppendAsync(cell, names, cancellation).ConfigureAwait(false);
                _count++;
            }

            if (_typed is null)
            {
                Document empty = With(_cells, "", []);
                await CompileAsync(empty.Project, cancellation).ConfigureAwait(false);
                _typed = empty;
            }

            return _typed;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task AppendAsync(CommittedCode cell, CellNames names, CancellationToken cancellation)
    {
        // A cell that ends in an expression would go on in the next one's first line.
        string code = cell.Code + "\n;\n";
        SourceText? before = _last is null || names.HasHead || cell.References.Count > 0 || names.Declared.Overlaps(_mentioned) ? null : await _last.GetTextAsync(cancellation).ConfigureAwait(false);
        bool isShared = before is not null && before.Length + code.Length <= MostSharedLength;
        Document added = isShared ? _last!.WithText(before!.Replace(before.Length, 0, code)) : With(_cells!, code, cell.References); // The solution is made before cells are appended.
        await CompileAsync(added.Project, cancellation).ConfigureAwait(false);
        if (!isShared)
            _mentioned.Clear();
        _mentioned.UnionWith(names.Mentioned);
        (_cells, _last, _typed) = (added.Project.Solution, added, null);
    }

    // To ask for a symbol of the assembly binds the references.
    private static async Task CompileAsync(Project project, CancellationToken cancellation)
        => _ = (await project.GetCompilationAsync(cancellation).ConfigureAwait(false))?.GetSpecialType(SpecialType.System_Object);

    private Document With(Solution solution, string code, IReadOnlyList<MetadataReference> references)
    {
        ProjectId project = ProjectId.CreateNewId();
        DocumentId document = DocumentId.CreateNewId(project);
        string name = $"Cell{_count}";
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            usings: _last is null ? engine.Imports : [],
            allowUnsafe: true,
            metadataReferenceResolver: engine.Resolver,
            sourceReferenceResolver: ScriptSourceResolver.Default.WithBaseDirectory(engine.BaseDirectory));
        ProjectInfo info = ProjectInfo.Create(
            project,
            VersionStamp.Create(),
            name,
            name,
            LanguageNames.CSharp,
            compilationOptions: options,
            parseOptions: ParseOptions,
            projectReferences: _last is null ? [] : [new ProjectReference(_last.Project.Id)],
            metadataReferences: _last is null ? [.. engine.References, .. references] : references,
            isSubmission: true,
            hostObjectType: typeof(CellContext));
        return solution
            .AddProject(info)
            .AddDocument(DocumentInfo.Create(document, name + ".csx", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Create()))))
            .GetDocument(document)!; // It was added in the line above.
    }
}
