using System.Text.Json;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Interactive;

/// <summary>Reads what the host's parser makes of a magic line: a JSON object with a property for each parameter.</summary>
/// <remarks>Names are in camel case there, so that <c>--max-to-keep 3</c> arrives as <c>maxToKeep</c>; flags are always there, true or false.</remarks>
internal static class DirectiveValues
{
    public static string NameOf(IReadOnlyDictionary<string, object?> values) => Text(values.GetValueOrDefault("invokedDirective")) ?? "";

    /// <summary>The words that say the same in a magic line of ours, every parameter by its name.</summary>
    public static IEnumerable<string> WordsOf(Magic magic, IReadOnlyDictionary<string, object?> values)
    {
        foreach (MagicParameter parameter in magic.Parameters)
        {
            if (Text(values.GetValueOrDefault(CamelCase(parameter.Name))) is not { } text)
                continue;
            yield return "--" + parameter.Name;
            if (!parameter.IsFlag)
                yield return text;
        }
    }

    private static string CamelCase(string name)
    {
        string[] parts = name.Split('-');
        return string.Concat(parts.Skip(1).Select(static p => char.ToUpperInvariant(p[0]) + p[1..]).Prepend(parts[0]));
    }

    // A value with brackets was read as JSON; our parameters separate names by commas.
    private static string? Text(object? value) => value switch
    {
        null or false => null,
        true => "",
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False } => null,
        JsonElement { ValueKind: JsonValueKind.True } => "",
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        JsonElement { ValueKind: JsonValueKind.Array } json => string.Join(',', json.EnumerateArray().Select(static e => Text(e))),
        _ => value.ToString(),
    };
}
