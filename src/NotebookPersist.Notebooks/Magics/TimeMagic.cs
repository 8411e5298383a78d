namespace NotebookPersist.Notebooks.Magics;

internal sealed class TimeMagic() : Magic("#!time", "Shows how long the cell takes from here on.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        call.Host.AtEndOfCell(static elapsed => new MagicReport("Wall time", [KeyValuePair.Create("time", MagicReport.Seconds(elapsed))], []));
        return Task.FromResult<object?>(null);
    }
}
