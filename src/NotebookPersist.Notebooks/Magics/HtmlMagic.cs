namespace NotebookPersist.Notebooks.Magics;

internal sealed class HtmlMagic() : Magic("#!html", "Shows the lines below as HTML.")
{
    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(new Markup("text/html", call.Text, call.Text.Trim()));
}
