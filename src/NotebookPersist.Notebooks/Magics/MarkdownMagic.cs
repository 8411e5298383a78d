namespace NotebookPersist.Notebooks.Magics;

internal sealed class MarkdownMagic() : Magic("#!markdown", "Shows the lines below as Markdown.")
{
    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(new Markup("text/markdown", call.Text, call.Text.Trim()));
}
