using System.Text.Json.Nodes;

namespace NotebookPersist.Tool.Json;

/// <summary>Values as JSON can hold them. Forms and their names are told in <c>JSON.md</c>.</summary>
internal static class JsonText
{
    /// <summary>The first member of every form: which one it is, and its version.</summary>
    public static JsonObject Begin(string form) => new() { ["schema"] = $"notebookpersist/{form}/1" };

    /// <summary>A name or text; bytes that are not UTF-8 as <c>\xNN</c>.</summary>
    public static JsonNode? Of(string? text) => text is null ? null : PlainNames.IsText(text) ? text : PlainNames.Of(text);

    /// <summary>A number, or the word for what JSON has no number for.</summary>
    public static JsonNode Of(double value) => double.IsFinite(value) ? value : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    /// <summary>Texts in a row.</summary>
    public static JsonArray Of(IEnumerable<string> texts) => [.. texts.Select(static t => Of(t))];

    /// <summary>Members by names from a file; two that only JSON cannot tell apart are numbered.</summary>
    public static JsonObject Members(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var json = new JsonObject();
        foreach ((string name, JsonNode? value) in members)
        {
            string shown = PlainNames.IsText(name) ? name : PlainNames.Of(name);
            for (int i = 2; json.ContainsKey(shown); i++)
                shown = $"{PlainNames.Of(name)} ({i})";
            json.Add(shown, value);
        }

        return json;
    }
}
