using System.Globalization;
using System.Text.RegularExpressions;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

internal sealed partial class SetMagic() : Magic(
    "#!set",
    "Declares a variable: a whole number, a number, true or false, or else a text; @csharp:NAME and @fsharp:NAME take the value of a variable of that language.",
    new("name", "Name of the variable.", "name"),
    new("value", "Its value.", "value"),
    new("byref", "For .NET Interactive's notebooks: here variables of two languages hold the same object in any case."),
    new("mime-type", "For .NET Interactive's notebooks: here a value needs no form to be passed on in.", "type"))
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string name = call["name"] ?? throw call.Fault("--name <name> is missing");
        string text = call["value"] ?? throw call.Fault("--value <value> is missing");
        if (!Identifier().IsMatch(name))
            throw call.Fault($"'{name}' is no name of a variable");
        SharedVariable.Declare(call, Read(call, name, text));
        return Task.FromResult<object?>(null);
    }

    internal static CellVariable Read(MagicCall call, string name, string text)
    {
        if (text.StartsWith('@') && text.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon)
        {
            string source = text[1..colon].ToLowerInvariant();
            return source is "input" or "password"
                ? throw call.Fault($"'{text}' asks for nothing here; write 'var {name} = {(source == "password" ? "ReadPassword" : "ReadLine")}(\"...\");'")
                : SharedVariable.Find(call, source, text[(colon + 1)..]) with { Name = name };
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small))
            return new CellVariable(name, typeof(int), small);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large))
            return new CellVariable(name, typeof(long), large);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            return new CellVariable(name, typeof(double), real);
        return bool.TryParse(text, out bool truth) ? new CellVariable(name, typeof(bool), truth) : new CellVariable(name, typeof(string), text);
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
