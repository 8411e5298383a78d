namespace NotebookPersist.Notebooks.Magics;

internal sealed class WhoMagic() : Magic("#!who", "Lists the names of the notebook's variables.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string[] names = [.. call.Workspace.CSharpVariables.Select(static v => v.Key).Distinct().Order(StringComparer.Ordinal)];
        (string Language, string[] Names)[] others =
        [
            .. VariableList.Others(call.Workspace).Select(static l => (l.Language, (string[])[.. l.Variables.Select(static v => v.Name).Order(StringComparer.Ordinal)])),
        ];
        IEnumerable<string> lines = others.Select(static l => $"{l.Language}: {string.Join(", ", l.Names)}");
        if (names.Length > 0 || others.Length == 0)
            lines = lines.Prepend(names.Length == 0 ? "No cell has declared a variable yet." : string.Join(", ", names));
        return Task.FromResult<object?>(new MagicReport("Variables", [], [.. lines]));
    }
}
