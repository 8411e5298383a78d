using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Takes the page's comm messages to the code that has registered for them.</summary>
internal sealed class CommMessages(CellRunner cells, Channels channels)
{
    private Comms Comms => cells.Engine.Context.Comms;

    /// <summary>The open connections, all or those of the target that was asked for.</summary>
    public JsonObject List(JupyterMessage request)
    {
        var target = request.ContentText("target_name");
        var found = new JsonObject();
        foreach (var comm in Comms.Open)
        {
            if (target is null || comm.Target == target)
                found[comm.Id] = new JsonObject { ["target_name"] = comm.Target };
        }

        return found;
    }

    /// <summary>Handles a comm_open, comm_msg or comm_close. Runs the cells' own code.</summary>
    public async Task<CellStatus> HandleAsync(JupyterMessage request, CancellationToken interrupt)
    {
        var id = request.ContentText("comm_id") ?? "";
        if (HandlerOf(request, id) is not { } handler)
        {
            // The protocol's answer to a target that the kernel does not have.
            if (request.Type == "comm_open")
                Close(request, id);
            return CellStatus.Succeeded;
        }

        var result = await cells.RunHandlerAsync($"Comm[{id}]", handler, new JupyterSink(channels, request.Header), interrupt).ConfigureAwait(false);
        if (request.Type == "comm_open" && result.Error is not null)
        {
            Comms.Remove(id);
            Close(request, id);
        }

        return result.Status;
    }

    private Action? HandlerOf(JupyterMessage request, string id)
    {
        var data = request.Content["data"] as JsonObject ?? [];
        if (request.Type == "comm_open")
            return id.Length == 0 ? null : Comms.Opened(id, request.ContentText("target_name") ?? "", data);
        if (!Comms.TryFind(id, out var comm))
            return null;
        if (request.Type != "comm_close")
            return () => comm.Receive(data);
        Comms.Remove(id);
        return () => comm.End(data);
    }

    private void Close(JupyterMessage request, string id)
        => channels.Publish("comm_close", new JsonObject { ["comm_id"] = id, ["data"] = new JsonObject() }, request.Header);
}
