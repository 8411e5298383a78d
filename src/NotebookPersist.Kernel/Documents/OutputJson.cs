using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Outputs in the shape of the notebook format, and MIME bundles in the shape of the Jupyter protocol.</summary>
internal static class OutputJson
{
    /// <summary>One output as a notebook file holds it; members in alphabetical order, as Jupyter sorts them.</summary>
    public static JsonObject Write(CellOutput output) => output switch
    {
        StreamOutput stream => new JsonObject { ["name"] = stream.Name, ["output_type"] = "stream", ["text"] = Lines(stream.Text) },
        DisplayOutput display => new JsonObject { ["data"] = FileBundle(display.Data), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" },
        ResultOutput result => new JsonObject
        {
            ["data"] = FileBundle(result.Data),
            ["execution_count"] = result.ExecutionCount,
            ["metadata"] = new JsonObject(),
            ["output_type"] = "execute_result",
        },
        ErrorOutput error => new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "A notebook cannot hold this kind of output."),
    };

    /// <summary>Reads an output of a notebook file; null for kinds that the format does not know.</summary>
    public static CellOutput? Read(JsonObject json) => TextOf(json["output_type"]) switch
    {
        "stream" => new StreamOutput(TextOf(json["name"]), TextOf(json["text"])),
        "display_data" => new DisplayOutput(ReadBundle(json["data"])),
        "execute_result" => new ResultOutput(ReadBundle(json["data"]), json["execution_count"] is JsonValue v && v.TryGetValue(out int count) ? count : 0),
        "error" => new ErrorOutput(
            TextOf(json["ename"]), TextOf(json["evalue"]), json["traceback"] is JsonArray lines ? [.. lines.Select(TextOf)] : []),
        _ => null,
    };

    /// <summary>A bundle as the protocol sends it: text whole, JSON as JSON.</summary>
    public static JsonObject WireBundle(IReadOnlyDictionary<string, string> data)
        => new(data.Select(d => KeyValuePair.Create(d.Key, IsJson(d.Key) ? JsonNode.Parse(d.Value) : d.Value)));

    /// <summary>Text as the list of its lines, each with its line end: the form that makes differences readable.</summary>
    public static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var i and >= 0 ? i + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }

    /// <summary>Text that the format allows as a string or as a list of lines; other JSON as its own text.</summary>
    public static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonArray lines => string.Concat(lines.Select(TextOf)),
        _ => node.ToJsonString(),
    };

    private static JsonObject FileBundle(IReadOnlyDictionary<string, string> data)
        => new(data.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => KeyValuePair.Create(d.Key, FileContent(d.Key, d.Value))));

    private static JsonNode? FileContent(string mimeType, string content)
    {
        if (IsJson(mimeType))
            return JsonNode.Parse(content);
        var isText = mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "image/svg+xml" or "application/javascript";
        return isText ? Lines(content) : content;
    }

    private static Dictionary<string, string> ReadBundle(JsonNode? data)
        => data is JsonObject members
            ? members.ToDictionary(m => m.Key, m => IsJson(m.Key) ? m.Value?.ToJsonString() ?? "null" : TextOf(m.Value))
            : [];

    private static bool IsJson(string mimeType)
        => mimeType == "application/json" || (mimeType.StartsWith("application/", StringComparison.Ordinal) && mimeType.EndsWith("+json", StringComparison.Ordinal));
}
