namespace NotebookPersist.Notebooks.Magics;

internal sealed class MermaidMagic() : Magic("#!mermaid", "Shows the lines below as a Mermaid diagram, or as text where nothing draws it.")
{
    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(new Markup("text/markdown", $"```mermaid\n{call.Text.Trim()}\n```\n", call.Text.Trim()));
}
