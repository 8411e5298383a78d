namespace NotebookPersist.Notebooks.Magics;

internal sealed class WhoMagic() : Magic("#!who", "Lists the names of the notebook's variables.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string[] names = [.. call.Workspace.Variables.Select(static v => v.Key).Distinct().Order(StringComparer.Ordinal)];
        return Task.FromResult<object?>(new MagicReport("Variables", [], [names.Length == 0 ? "No cell has declared a variable yet." : string.Join(", ", names)]));
    }
}
