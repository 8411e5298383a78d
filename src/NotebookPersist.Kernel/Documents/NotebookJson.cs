using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Documents;

/// <summary>How a notebook file is laid out: kept on saving, so that a change to one cell is a change to a few lines.</summary>
/// <param name="Indent">What one level is indented by. Jupyter writes one space.</param>
/// <param name="NewLine">The line end.</param>
/// <param name="EndsWithNewLine">Whether the last line has one.</param>
internal sealed record NotebookLayout(string Indent, string NewLine, bool EndsWithNewLine)
{
    public static NotebookLayout Jupyter { get; } = new(" ", "\n", true);

    public static NotebookLayout Of(string text)
    {
        var lineEnd = text.IndexOf('\n', StringComparison.Ordinal);
        if (lineEnd < 0)
            return Jupyter;
        var start = lineEnd + 1;
        var end = start;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return new NotebookLayout(
            end > start ? text[start..end] : Jupyter.Indent,
            lineEnd > 0 && text[lineEnd - 1] == '\r' ? "\r\n" : "\n",
            text[^1] == '\n');
    }
}

/// <summary>Writes JSON letter by letter as Jupyter does, which System.Text.Json cannot be made to: it escapes more.</summary>
internal static class NotebookJson
{
    public static string Write(JsonNode node, NotebookLayout layout)
    {
        var text = new StringBuilder();
        Write(node, 0, layout, text);
        if (layout.EndsWithNewLine)
            text.Append(layout.NewLine);
        return text.ToString();
    }

    private static void Write(JsonNode? node, int depth, NotebookLayout layout, StringBuilder text)
    {
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
                text.Append('{');
                var isFirstMember = true;
                foreach (var (name, value) in members)
                {
                    Break(ref isFirstMember, depth + 1, layout, text);
                    WriteString(name, text);
                    text.Append(": ");
                    Write(value, depth + 1, layout, text);
                }

                Close('}', depth, layout, text);
                break;
            case JsonArray items:
                text.Append('[');
                var isFirstItem = true;
                foreach (var item in items)
                {
                    Break(ref isFirstItem, depth + 1, layout, text);
                    Write(item, depth + 1, layout, text);
                }

                Close(']', depth, layout, text);
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

    private static void Break(ref bool isFirst, int depth, NotebookLayout layout, StringBuilder text)
    {
        if (!isFirst)
            text.Append(',');
        isFirst = false;
        NewLine(depth, layout, text);
    }

    private static void Close(char bracket, int depth, NotebookLayout layout, StringBuilder text)
    {
        NewLine(depth, layout, text);
        text.Append(bracket);
    }

    private static void NewLine(int depth, NotebookLayout layout, StringBuilder text)
    {
        text.Append(layout.NewLine);
        for (var i = 0; i < depth; i++)
            text.Append(layout.Indent);
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
