using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Kernel;

/// <summary>Offers the notebook library's magics to the cells of this host.</summary>
internal sealed class WorkspaceMagics(Workspace workspace, CellHost host) : IMagicHost
{
    public IReadOnlyCollection<string> Names { get; } = [.. Magic.All.Select(static m => m.Name)];

    public IReadOnlyCollection<string> TextNames { get; } = [.. Magic.All.Where(static m => m.TakesText).Select(static m => m.Name)];

    public IReadOnlyCollection<string> CodeNames { get; } = [.. Magic.All.Where(static m => m.TakesCode).Select(static m => m.Name)];

    public void Expect(string code, string language) => host.Expect(code, language);

    public string? ExplainUnknown(string name) => ForeignMagics.AdviceFor(name);

    public IReadOnlyList<FurtherCode> TakeCode() => host.TakeCode();

    public async Task<CodeResult?> RunAsync(MagicLine magic, ICellSink sink, CancellationToken cancellation)
    {
        host.Language = magic.Around is { } around ? around[2..] : NotebookLanguages.CSharp;
        object? shown = await Magic.RunAsync(magic.Name, magic.Arguments, magic.Body, workspace, value => Live.Show(value, sink), cancellation).ConfigureAwait(false);
        if (shown is CodeResult result)
            return result;
        if (shown is Markup markup)
            sink.Publish(new DisplayOutput(new Dictionary<string, string> { [markup.MimeType] = markup.Content, ["text/plain"] = markup.PlainText }));
        else if (shown is not null)
            sink.Publish(new DisplayOutput(ValueBundle.Of(shown)));
        return null;
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
