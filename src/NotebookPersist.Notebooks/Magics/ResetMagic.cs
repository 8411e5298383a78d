namespace NotebookPersist.Notebooks.Magics;

internal sealed class ResetMagic() : Magic("#!reset", "Forgets all variables, cells and the default graph, as if the kernel had just started. Files stay.")
{
    public override bool IsOfHost => true;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Host.ResetAfterCell();
        return Task.FromResult<object?>(new MagicReport("Reset", [], ["When this cell has ended, all variables are forgotten. Run the cells that are needed again."]));
    }
}
