namespace NotebookPersist.Notebooks.Magics;

internal sealed class ShareMagic() : Magic(
    "#!share",
    "Takes a variable of the cells of another language: '--from fsharp' in C#, '--from csharp' below '#!fsharp'. Both then hold the same object.",
    new("variable", "Name of the variable there.", "variable", IsPositional: true, IsRequired: true),
    new("from", "The language that has it.", "language"),
    new("as", "Its name here; by default the same.", "name"),
    new("mime-type", "For .NET Interactive's notebooks: here a value needs no form to be passed on in.", "type"))
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string from = call["from"] ?? throw call.Fault($"--from <language> is missing; languages: {string.Join(", ", call.Host.Languages)}");
        if (from == call.Host.Language)
            throw call.Fault($"these lines are {from} themselves, which sees its own variables: leave the line out");
        string name = call.Required("variable");
        SharedVariable.Declare(call, SharedVariable.Find(call, from, name) with { Name = call["as"] ?? name });
        return Task.FromResult<object?>(null);
    }
}
