namespace NotebookPersist.Notebooks.Magics;

internal sealed class JavascriptMagic() : Magic("#!javascript", "Runs the lines below as JavaScript in the page.")
{
    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(new Markup("application/javascript", call.Text, call.Text.Trim()));
}
