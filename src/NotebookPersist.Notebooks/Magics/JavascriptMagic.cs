using System.Text.Json;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class JavascriptMagic() : Magic("#!javascript", "Runs the lines below as JavaScript in the page. '#!share --from csharp x' among them brings a variable's value, as JSON has it.")
{
    public override bool IsOfHost => true;

    public override bool TakesText => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string script = string.Join('\n', call.Text.Split('\n').Select(line => line.TrimStart().StartsWith("#!", StringComparison.Ordinal) ? Taken(call, line.Trim()) : line));
        return Task.FromResult<object?>(new Markup("application/javascript", script, call.Text.Trim()));
    }

    // The page has no way back to the kernel, so that a value is there as it is now.
    private static string Taken(MagicCall call, string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Magic magic = All.FirstOrDefault(m => m.Name == words[0] && m is ShareMagic or SetMagic)
            ?? throw call.Fault($"'{line}' is no JavaScript: of the magics only '#!share' and '#!set' can stand in it");
        MagicCall taken = MagicCall.Parse(magic, words[1..], call.Workspace, call.Show);
        CellVariable variable = magic is ShareMagic
            ? SharedVariable.Find(taken, taken["from"] ?? throw taken.Fault("--from <language> is missing"), taken.Required("variable"))
            : SetMagic.Read(taken, taken["name"] ?? throw taken.Fault("--name <name> is missing"), taken["value"] ?? throw taken.Fault("--value <value> is missing"));
        string name = (magic is ShareMagic ? taken["as"] : taken["name"]) ?? variable.Name;
        return $"let {Identifier(taken, name)} = {Json(taken, variable)};";
    }

    private static string Identifier(MagicCall call, string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '$') ? name : throw call.Fault($"'{name}' is no name of a variable");

    private static string Json(MagicCall call, CellVariable variable)
    {
        if (variable.Value is Tensor)
            throw call.Fault($"'{variable.Name}' is a tensor, which JSON has no form for: share an array of its values");
        try
        {
            return JsonSerializer.Serialize(variable.Value, variable.Value?.GetType() ?? typeof(object));
        }
        catch (Exception fault) when (fault is NotSupportedException or JsonException or InvalidOperationException or ArgumentException) // The last for NaN and infinity.
        {
            throw call.Fault($"'{variable.Name}' of type '{variable.Type}' cannot be written as JSON: {fault.Message.Split('\n')[0].Trim().TrimEnd('.')}");
        }
    }
}
