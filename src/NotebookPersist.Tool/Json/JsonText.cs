using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Text;

namespace NotebookPersist.Tool.Json;

/// <summary>Values as JSON can hold them. Forms and their names are told in <c>JSON.md</c>.</summary>
internal static class JsonText
{
    /// <summary>The first member of every form: which one it is, and its version.</summary>
    public static JsonObject Begin(string form) => new() { ["schema"] = $"notebookpersist/{form}/1" };

    /// <summary>A name or text; bytes that are not UTF-8 as <c>\xNN</c>.</summary>
    public static JsonNode? Of(string? text) => text is null ? null : TensorName.IsText(text) ? text : PlainNames.Of(text);

    /// <summary>A number, or the word for what JSON has no number for.</summary>
    public static JsonNode Of(double value) => double.IsFinite(value) ? value : JsonValue.Create(NameOf(value));

    /// <inheritdoc cref="Of(double)"/>
    /// <remarks>With the digits that float32 needs.</remarks>
    public static JsonNode Of(float value) => float.IsFinite(value) ? value : JsonValue.Create(NameOf(value));

    /// <summary>The name of a value that has one, as members are named.</summary>
    public static string NameOf(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Texts in a row.</summary>
    public static JsonArray Of(IEnumerable<string> texts) => [.. texts.Select(static t => Of(t))];

    /// <summary>Members by names from a file; two that only JSON cannot tell apart are numbered.</summary>
    public static JsonObject Members(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var json = new JsonObject();
        foreach ((string name, JsonNode? value) in members)
        {
            string shown = TensorName.IsText(name) ? name : PlainNames.Of(name);
            for (int i = 2; json.ContainsKey(shown); i++)
                shown = $"{PlainNames.Of(name)} ({i})";
            json.Add(shown, value);
        }

        return json;
    }

    // What readers of .NET and Python take.
    private static string NameOf(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
