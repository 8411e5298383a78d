using System.Globalization;
using System.Text.RegularExpressions;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

internal sealed partial class SetMagic() : Magic(
    "#!set",
    "Declares a C# variable: a whole number, a number, true or false, or else a text; @csharp:NAME takes the value of another variable.",
    new("name", "Name of the variable.", "name"),
    new("value", "Its value.", "value"))
{
    private const string Own = "@csharp:";

    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string name = call["name"] ?? throw call.Fault("--name <name> is missing");
        string text = call["value"] ?? throw call.Fault("--value <value> is missing");
        if (!Identifier().IsMatch(name))
            throw call.Fault($"'{name}' is no name of a C# variable");
        call.Host.Declare([Read(call, name, text)]);
        return Task.FromResult<object?>(null);
    }

    private static CellVariable Read(MagicCall call, string name, string text)
    {
        if (text.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
        {
            string source = text[Own.Length..];
            object? value = call.Workspace.Find<object>(source);
            return new CellVariable(name, call.Host.TypeOf(source) ?? value.GetType(), value);
        }

        if (text.StartsWith('@') && text.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon)
        {
            throw call.Fault(text[1..colon] is "input" or "password"
                ? $"'{text}' asks for nothing here; write 'var {name} = {(text.StartsWith("@p", StringComparison.Ordinal) ? "ReadPassword" : "ReadLine")}(\"...\");'"
                : $"there is no kernel '{text[1..colon]}': this one has one language, C#");
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
