using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>The cells that have run, as the editor services of the compiler see them: a chain of submissions, each naming the one before.</summary>
/// <remarks>
/// It takes in what has run since it was asked last, so that cells cost nothing until somebody types. References go to the first submission only:
/// later ones inherit them, and given again they would make each answer slower than the one before. Thread safety: all members may be called
/// from any thread; documents are immutable.
/// </remarks>
internal sealed class CellWorkspace : IDisposable
{
    private static readonly CSharpParseOptions ParseOptions = ScriptEngine.ParseOptions.WithDocumentationMode(DocumentationMode.Parse);

    private readonly ScriptEngine _engine;
    private readonly AdhocWorkspace _workspace = new(MefHostServices.Create([.. MefHostServices.DefaultAssemblies]));
    private readonly Lock _gate = new();
    private ProjectId? _last;
    private int _count;
    private int _generation;

    public CellWorkspace(ScriptEngine engine) => _engine = engine;

    /// <summary>Code that somebody is typing, after all cells that have run. It does not become part of the chain.</summary>
    public Document Open(string code)
    {
        lock (_gate)
        {
            if (_generation != _engine.Generation)
                Forget();
            foreach (CommittedCode cell in _engine.CommittedSince(_count))
                Append(cell);
            Solution typed = With(_workspace.CurrentSolution, code, [], out DocumentId id, out _);
            return typed.GetDocument(id)!; // It was added in the line above.
        }
    }

    public void Dispose() => _workspace.Dispose();

    private void Forget()
    {
        _workspace.ClearSolution();
        (_last, _count, _generation) = (null, 0, _engine.Generation);
    }

    private void Append(CommittedCode cell)
    {
        Solution solution = With(_workspace.CurrentSolution, cell.Code, cell.References, out _, out ProjectId project);
        if (!_workspace.TryApplyChanges(solution))
            throw new InvalidOperationException("The editor services refused a cell that has run.");
        _last = project;
        _count++;
    }

    private Solution With(Solution solution, string code, IReadOnlyList<MetadataReference> references, out DocumentId document, out ProjectId project)
    {
        project = ProjectId.CreateNewId();
        document = DocumentId.CreateNewId(project);
        string name = $"Cell{_count}";
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, usings: _last is null ? _engine.Imports : [], allowUnsafe: true, metadataReferenceResolver: ScriptMetadataResolver.Default.WithBaseDirectory(_engine.BaseDirectory));
        ProjectInfo info = ProjectInfo.Create(
            project,
            VersionStamp.Create(),
            name,
            name,
            LanguageNames.CSharp,
            compilationOptions: options,
            parseOptions: ParseOptions,
            projectReferences: _last is null ? [] : [new ProjectReference(_last)],
            metadataReferences: _last is null ? [.. DocumentedReferences.Of(_engine.ReferencePaths), .. references] : references,
            isSubmission: true,
            hostObjectType: typeof(CellContext));
        return solution.AddProject(info).AddDocument(DocumentInfo.Create(
            document, name + ".csx", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Create()))));
    }
}
