using NotebookPersist.Formats.Files;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class ValueMagic() : Magic(
    "#!value",
    "Keeps the lines below, or a file's text, under a name: '#!share --from value x' in C# or F# makes a variable of it.",
    new("name", "Name of the text.", "name"),
    new("from-file", "File whose text is kept, in the place of the lines below.", "path"),
    new("from-value", "The text itself, or @csharp:NAME for what a variable holds, in the place of the lines below.", "value"),
    new("from-url", "Not read here: load it in C# with HttpClient.", "url"),
    new("mime-type", "What the text is, such as application/json; the text stays as it is.", "type"))
{
    internal const string Language = "value";

    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string name = call["name"] ?? throw call.Fault("--name <name> is missing");
        call.Exclude("from-file", "from-value", "from-url");
        call.Exclude("from-value", "from-url");
        if (call["from-url"] is { } url)
            throw call.Fault($"--from-url reads nothing here: write 'var {name} = await new System.Net.Http.HttpClient().GetStringAsync(\"{url}\");' in C#");
        if ((call.Has("from-file") || call.Has("from-value")) && call.Text.Trim().Length > 0)
            throw call.Fault("the lines below are a text too; leave out one");
        CellVariable value = call["from-file"] is { } path ? Text(RegularFile.ReadAllText(path))
            : call["from-value"] is { } given ? SetMagic.Read(call, name, given)
            : Text(call.Text.Trim('\n', '\r'));
        call.Host.DeclareIn(Language, value with { Name = name });
        return Task.FromResult<object?>(null);

        CellVariable Text(string text) => new(name, typeof(string), text);
    }
}
