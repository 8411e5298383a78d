using System.Text;
using System.Text.Json;

namespace NotebookPersist;

/// <summary>Writes a trace for the viewer that browsers built on Chromium have at <c>chrome://tracing</c>.</summary>
/// <remarks>Source: TensorFlow's <c>timeline.Timeline</c>; the format is Chrome's trace event format.</remarks>
public sealed class Timeline(StepStats stepStats)
{
    private const int ProcessId = 1;

    /// <summary>The trace as JSON: one complete event each time an operation ran. Unit of times: microseconds.</summary>
    public string GenerateChromeTraceFormat()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("traceEvents");
            WriteProcess(json);
            foreach (NodeStats node in stepStats.Nodes)
                WriteNode(json, node);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteProcess(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", "process_name");
        json.WriteString("ph", "M");
        json.WriteNumber("pid", ProcessId);
        json.WriteStartObject("args");
        json.WriteString("name", "/device:CPU:0 Compute");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteNode(Utf8JsonWriter json, NodeStats node)
    {
        json.WriteStartObject();
        json.WriteString("ph", "X");
        json.WriteString("cat", "Op");
        json.WriteString("name", node.OpType);
        json.WriteNumber("pid", ProcessId);
        json.WriteNumber("tid", node.Lane);
        json.WriteNumber("ts", ((stepStats.StartedAt - DateTimeOffset.UnixEpoch) + node.Start).TotalMicroseconds);
        json.WriteNumber("dur", node.Duration.TotalMicroseconds);
        json.WriteStartObject("args");
        json.WriteString("name", node.Name);
        json.WriteString("op", node.OpType);
        for (int i = 0; i < node.Inputs.Count; i++)
            json.WriteString($"input{i}", node.Inputs[i]);
        json.WriteNumber("bytes", node.OutputByteCount);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
