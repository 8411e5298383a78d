using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Publishes the outputs of one cell under the header of the request that ran it, also those that come after its end.</summary>
internal sealed class JupyterSink(Channels channels, JsonObject parentHeader) : ICellSink
{
    /// <summary>The text of the cell's value; null where it had none.</summary>
    public string? LastResult { get; private set; }

    public void Publish(CellOutput output)
    {
        if (output is ResultOutput value)
            LastResult = value.Data.GetValueOrDefault("text/plain");
        var (type, content) = output switch
        {
            StreamOutput stream => ("stream", new JsonObject { ["name"] = stream.Name, ["text"] = stream.Text }),
            DisplayOutput { IsUpdate: true } update => ("update_display_data", Display(update)),
            DisplayOutput display => ("display_data", Display(display)),
            ResultOutput result => ("execute_result", new JsonObject
            {
                ["execution_count"] = result.ExecutionCount,
                ["data"] = OutputJson.WireBundle(result.Data),
                ["metadata"] = new JsonObject(),
            }),
            ErrorOutput error => ("error", ErrorContent(error)),
            ClearOutput clear => ("clear_output", new JsonObject { ["wait"] = clear.Waits }),
            CommOutput { Step: CommStep.Open } comm => ("comm_open", Comm(comm, ("target_name", comm.Target))),
            CommOutput { Step: CommStep.Message } comm => ("comm_msg", Comm(comm)),
            CommOutput comm => ("comm_close", Comm(comm)),
            _ => throw new ArgumentOutOfRangeException(nameof(output), output, "The protocol knows no such output."),
        };
        channels.Publish(type, content, parentHeader);
    }

    public static JsonObject ErrorContent(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
    };

    private static JsonObject Comm(CommOutput comm, params (string Name, JsonNode Value)[] members)
    {
        var content = new JsonObject { ["comm_id"] = comm.Id, ["data"] = comm.Data.DeepClone() };
        foreach (var (name, value) in members)
            content[name] = value;
        return content;
    }

    private static JsonObject Display(DisplayOutput display) => new()
    {
        ["data"] = OutputJson.WireBundle(display.Data),
        ["metadata"] = new JsonObject(),
        ["transient"] = display.DisplayId is { } id ? new JsonObject { ["display_id"] = id } : new JsonObject(),
    };
}
