using System.Text.Json.Nodes;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Jupyter;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

/// <summary>A kernel in this process with a client that talks to it over real sockets.</summary>
internal sealed class RunningKernel : IDisposable
{
    private readonly CellInsight? _insight;

    /// <summary>Starts the kernel.</summary>
    /// <param name="source">Knows magics and graphs; null for the host's own.</param>
    public RunningKernel(IInsightSource? source = null)
    {
        var connection = TestClient.FreeConnection();
        _insight = source is null ? null : new CellInsight(Host.Engine, source);
        Kernel = new JupyterKernel(connection, Host.Cells, _insight ?? Host.Insight);
        Client = new TestClient(connection);
        Run = Task.Run(() => Kernel.RunAsync());
        Client.WaitForReady();
    }

    public NotebookHost Host { get; } = new();

    public JupyterKernel Kernel { get; }

    public TestClient Client { get; }

    /// <summary>Ends with the kernel.</summary>
    public Task Run { get; }

    public void Dispose()
    {
        if (!Run.IsCompleted)
            Client.Send(Channel.Control, "shutdown_request", new JsonObject { ["restart"] = false });
        Assert.True(Run.Wait(TimeSpan.FromSeconds(20)), "The kernel did not end.");
        Client.Dispose();
        Kernel.Dispose();
        _insight?.Dispose();
        Host.Dispose();
    }

    /// <summary>Asks for a run of a cell.</summary>
    /// <returns>The id of the request.</returns>
    public string Execute(string code)
        => Client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["stop_on_error"] = true });

    /// <summary>Sends a request on the shell channel and waits for its reply.</summary>
    public JupyterMessage Ask(string type, JsonObject content)
    {
        Client.Send(Channel.Shell, type, content);
        return Client.Receive(Channel.Shell);
    }

    /// <summary>Waits until a request publishes a message of a type.</summary>
    public JupyterMessage WaitFor(string id, string type)
    {
        while (true)
        {
            var message = Client.ReceivePublished();
            if (message.Type == type && (string?)message.ParentHeader["msg_id"] == id)
                return message;
        }
    }
}
