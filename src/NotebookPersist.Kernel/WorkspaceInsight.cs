using NotebookPersist.Kernel.Completion;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Kernel;

/// <summary>Offers the magics and the names in a notebook's graphs to whoever types.</summary>
internal sealed class WorkspaceInsight(Workspace workspace, CellHost host) : IInsightSource
{
    public IReadOnlyCollection<string> CodeNames { get; } = [.. Magic.All.Where(static m => m.TakesCode).Select(static m => m.Name)];

    public IReadOnlyCollection<string> TextNames { get; } = [.. Magic.All.Where(static m => m.TakesText).Select(static m => m.Name)];

    // Nobody waits for a language to be loaded to read names; who types its first cell will run it soon.
    public CellCompletion CompleteCode(string magic, string code, int position)
    {
        host.Expect("", magic[2..]);
        return host.Loaded(magic[2..])?.Complete(code, position) ?? CellCompletion.None(position);
    }

    public IReadOnlyList<InsightMagic> Magics { get; } =
    [
        .. Magic.All.Select(static m => new InsightMagic(m.Name, m.HelpText(), [.. m.Parameters.Select(static p => new InsightParameter(p.Name, p.Value, p.IsPositional))])),
    ];

    public IEnumerable<string> NamesFor(string method) => method switch
    {
        "GetTensorByName" or "Run" or "AsGraphElement" => Operations().SelectMany(static o => o.Outputs).Select(static t => t.Name),
        "GetOperationByName" or "TryGetOperation" => Operations().Select(static o => o.Name),
        "LoadVariable" or "GetVariable" or "FindVariable" => ParameterValues.VariablesOf(workspace),
        NameLiteral.Feed => Operations().Where(static o => o.Type.StartsWith("Placeholder", StringComparison.Ordinal)).SelectMany(static o => o.Outputs).Select(static t => t.Name),
        _ => [],
    };

    public IEnumerable<string> ValuesFor(InsightParameter parameter) => ParameterValues.For(workspace, parameter.Name, parameter.Value);

    private IEnumerable<Operation> Operations() => workspace.Graphs.SelectMany(static g => g.Operations);
}
