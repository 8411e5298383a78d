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
        object? shown = await Magic.RunAsync(magic.Name, magic.Arguments, workspace, value => Live.Show(value, sink), cancellation).ConfigureAwait(false);
        if (shown is not null)
            sink.Publish(new DisplayOutput(ValueBundle.Of(shown)));
    }

    /// <summary>A display that the client knows by an id.</summary>
    private sealed class Live(ICellSink sink, string id) : ILiveDisplay
    {
        public static Live Show(object value, ICellSink sink)
        {
            var id = Guid.NewGuid().ToString("N");
            sink.Publish(new DisplayOutput(ValueBundle.Of(value), id));
            return new Live(sink, id);
        }

        public void Update(object value) => sink.Publish(new DisplayOutput(ValueBundle.Of(value), id, IsUpdate: true));
    }
}
