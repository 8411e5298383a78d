using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>The content of replies: what every one of them says of its outcome.</summary>
internal static class ReplyContent
{
    /// <summary>A request was answered.</summary>
    public static JsonObject Ok(params (string Name, JsonNode? Value)[] members)
    {
        var content = new JsonObject { ["status"] = "ok" };
        foreach (var (name, value) in members)
            content[name] = value;
        return content;
    }

    /// <summary>A request failed.</summary>
    public static JsonObject Failed(ErrorOutput error)
    {
        var content = JupyterSink.ErrorContent(error);
        content["status"] = "error";
        return content;
    }

    /// <summary>A cell failed.</summary>
    public static JsonObject Failed(ErrorOutput error, int executionCount)
    {
        var content = Failed(error);
        content["execution_count"] = executionCount;
        return content;
    }
}
