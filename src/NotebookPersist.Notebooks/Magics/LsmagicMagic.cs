namespace NotebookPersist.Notebooks.Magics;

internal sealed class LsmagicMagic() : Magic("#!lsmagic", "Lists the magics.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) => Task.FromResult<object?>(new MagicReport(
        "Magics",
        [.. All.Select(static m => KeyValuePair.Create(m.Name, m.Summary))],
        ["'-h' after a magic shows its parameters."]));
}
