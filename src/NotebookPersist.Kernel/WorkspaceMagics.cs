using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Kernel;

/// <summary>Offers the notebook library's magics to the cells of this host.</summary>
internal sealed class WorkspaceMagics(Workspace workspace) : IMagicHost
{
    public IReadOnlyCollection<string> Names { get; } = [.. Magic.All.Select(static m => m.Name)];

    public async Task RunAsync(MagicLine magic, ICellSink sink, CancellationToken cancellation)
    {
        object? shown = await Magic.RunAsync(magic.Name, magic.Arguments, workspace, cancellation).ConfigureAwait(false);
        if (shown is not null)
            sink.Publish(new DisplayOutput(ValueBundle.Of(shown)));
    }
}
