using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Writes JSON letter by letter as Jupyter does, which System.Text.Json cannot be made to: it escapes more.</summary>
internal static class NotebookJson
{
    /// <summary>The text of a document.</summary>
    /// <param name="node">The document.</param>
    /// <param name="layout">How what has changed is written.</param>
    /// <param name="origins">What parts of it were read from: they are written as they were, as far as they have not changed.</param>
    public static string Write(JsonNode node, NotebookLayout layout, IReadOnlyDictionary<JsonNode, JsonElement> origins)
    {
        var text = new StringBuilder();
        new Writing(layout, origins, text).Write(node, null, 0);
        if (layout.EndsWithNewLine)
            text.Append(layout.NewLine.Length > 0 ? layout.NewLine : "\n");
        return text.ToString();
    }

    /// <summary>Whether JSON still says what it was read from.</summary>
    public static bool IsUnchanged(JsonNode? node, JsonElement origin) => JsonNode.DeepEquals(node, NodeOf(origin));

    private static JsonNode? NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };

    private sealed class Writing(NotebookLayout layout, IReadOnlyDictionary<JsonNode, JsonElement> origins, StringBuilder text)
    {
        public void Write(JsonNode? node, JsonElement? origin, int depth)
        {
            // Cells have moved where others were put before them or taken away.
            if (node is not null && origins.TryGetValue(node, out var own))
                origin = own;
            if (origin is { } known && IsUnchanged(node, known))
            {
                text.Append(known.GetRawText());
                return;
            }

            switch (node)
            {
                case null:
                    text.Append("null");
                    break;
                case JsonObject { Count: 0 }:
                    text.Append("{}");
                    break;
                case JsonArray { Count: 0 }:
                    text.Append("[]");
                    break;
                case JsonObject members:
                    Write(members, origin is { ValueKind: JsonValueKind.Object } ? origin : null, depth);
                    break;
                case JsonArray items:
                    Write(items, origin is { ValueKind: JsonValueKind.Array } ? origin : null, depth);
                    break;
                case JsonValue value when value.TryGetValue(out JsonElement read):
                    // Read from a file and never changed: number formats and escapes stay as they were.
                    text.Append(read.GetRawText());
                    break;
                case JsonValue value when value.TryGetValue(out string? s):
                    WriteString(s, text);
                    break;
                default:
                    text.Append(node.ToJsonString());
                    break;
            }
        }

        private void Write(JsonObject members, JsonElement? origin, int depth)
        {
            text.Append('{');
            var isFirst = true;
            foreach (var (name, value) in members)
            {
                Break(ref isFirst, depth + 1);
                WriteString(name, text);
                text.Append(layout.Colon);
                Write(value, origin is { } known && known.TryGetProperty(name, out var before) ? before : null, depth + 1);
            }

            Close('}', depth);
        }

        private void Write(JsonArray items, JsonElement? origin, int depth)
        {
            JsonElement[] before = origin is { } known ? [.. known.EnumerateArray()] : [];
            var lines = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in before.Where(static e => e.ValueKind == JsonValueKind.String))
                lines.TryAdd(OutputJson.TextOf(JsonValue.Create(line)), line.GetRawText());
            text.Append('[');
            var isFirst = true;
            for (var i = 0; i < items.Count; i++)
            {
                Break(ref isFirst, depth + 1);
                if (lines.Count > 0 && items[i] is JsonValue value && value.TryGetValue(out string? s) && lines.TryGetValue(s, out var raw))
                    text.Append(raw); // A line that is still there, whatever came before it.
                else
                    Write(items[i], i < before.Length ? before[i] : null, depth + 1);
            }

            Close(']', depth);
        }

        private void Break(ref bool isFirst, int depth)
        {
            if (!isFirst)
                text.Append(layout.NewLine.Length > 0 ? "," : layout.Comma);
            isFirst = false;
            NewLine(depth);
        }

        private void Close(char bracket, int depth)
        {
            NewLine(depth);
            text.Append(bracket);
        }

        private void NewLine(int depth)
        {
            text.Append(layout.NewLine);
            for (var i = 0; i < depth; i++)
                text.Append(layout.Indent);
        }
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case < ' ':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
