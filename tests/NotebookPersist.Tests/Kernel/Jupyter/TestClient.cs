using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using NotebookPersist.Kernel.Jupyter;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

/// <summary>A Jupyter client over real sockets. All its calls come from one thread at a time.</summary>
internal sealed class TestClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MessageCodec _codec;
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly DealerSocket _stdin = new();
    private readonly DealerSocket _heartbeat = new();
    private readonly SubscriberSocket _iopub = new();

    public TestClient(ConnectionFile connection)
    {
        _codec = new MessageCodec(connection.Key);
        // One identity on shell and stdin: questions come back to who asked for the run.
        _shell.Options.Identity = _stdin.Options.Identity = Encoding.ASCII.GetBytes("client");
        _shell.Connect(connection.EndpointOf(connection.ShellPort));
        _control.Connect(connection.EndpointOf(connection.ControlPort));
        _stdin.Connect(connection.EndpointOf(connection.StdinPort));
        _heartbeat.Connect(connection.EndpointOf(connection.HeartbeatPort));
        _iopub.SubscribeToAnyTopic();
        _iopub.Connect(connection.EndpointOf(connection.IopubPort));
    }

    public static ConnectionFile FreeConnection()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.ConvertAll(l => ((IPEndPoint)l.LocalEndpoint).Port);
        listeners.ForEach(l => l.Stop());
        return new ConnectionFile { ShellPort = ports[0], ControlPort = ports[1], StdinPort = ports[2], IopubPort = ports[3], HeartbeatPort = ports[4], Key = "secret" };
    }

    public string Send(Channel channel, string type, JsonObject content, JsonObject? metadata = null)
    {
        var frames = _codec.Write([], type, content, null, metadata);
        SocketOf(channel).SendMultipartBytes(frames);
        return (string)JsonNode.Parse(frames[2])!["msg_id"]!;
    }

    public void SendRaw(Channel channel, params byte[][] frames) => SocketOf(channel).SendMultipartBytes(frames);

    public JupyterMessage Receive(Channel channel) => Receive(SocketOf(channel));

    public JupyterMessage ReceivePublished() => Receive(_iopub);

    /// <summary>Everything published under a request, up to its idle.</summary>
    public List<JupyterMessage> Published(string id)
    {
        var messages = new List<JupyterMessage>();
        while (true)
        {
            var message = ReceivePublished();
            if ((string?)message.ParentHeader["msg_id"] != id)
                continue;
            messages.Add(message);
            if (message.Type == "status" && message.ContentText("execution_state") == "idle")
                return messages;
        }
    }

    /// <summary>Waits until the kernel publishes to this subscriber: subscriptions take a moment, and what was published before is lost.</summary>
    public void WaitForReady()
    {
        for (var i = 0; i < 100; i++)
        {
            Send(Channel.Shell, "kernel_info_request", []);
            Receive(Channel.Shell);
            var frames = new List<byte[]>();
            if (!_iopub.TryReceiveMultipartBytes(TimeSpan.FromMilliseconds(100), ref frames))
                continue;
            while (_iopub.TryReceiveMultipartBytes(TimeSpan.FromMilliseconds(100), ref frames))
            {
            }

            return;
        }

        Assert.Fail("The kernel published nothing.");
    }

    public byte[] Beat(byte[] payload)
    {
        _heartbeat.SendFrame(payload);
        Assert.True(_heartbeat.TryReceiveFrameBytes(Patience, out var answer));
        return answer!;
    }

    public void Dispose()
    {
        foreach (var socket in (NetMQSocket[])[_shell, _control, _stdin, _heartbeat, _iopub])
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }
    }

    private JupyterMessage Receive(NetMQSocket socket)
    {
        var frames = new List<byte[]>();
        Assert.True(socket.TryReceiveMultipartBytes(Patience, ref frames), "No message came within twenty seconds.");
        Assert.True(_codec.TryRead(frames, out var message, out var fault), fault);
        return message!;
    }

    private DealerSocket SocketOf(Channel channel) => channel switch
    {
        Channel.Shell => _shell,
        Channel.Control => _control,
        _ => _stdin,
    };
}
