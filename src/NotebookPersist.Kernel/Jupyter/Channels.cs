using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>A channel that carries requests and replies.</summary>
internal enum Channel
{
    Shell,
    Control,
    Stdin,
}

/// <summary>The five sockets of a kernel. Only the poller's thread touches them; everybody else leaves messages in a queue.</summary>
internal sealed class Channels : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    // The length of a frame is believed before anything of it can be checked: what promises more is hung up on. Unit: bytes.
    private const long LongestFrame = 64 << 20;

    // Subscribers choose kinds of messages, in a few words; the library's index of subscriptions goes one call deeper with each byte.
    private const long LongestSubscription = 512;

    private readonly MessageCodec _codec;
    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly RouterSocket _heartbeat = new();
    private readonly XPublisherSocket _iopub = new();
    private readonly NetMQQueue<(NetMQSocket? Socket, List<byte[]> Frames)> _outgoing = new();
    private readonly NetMQPoller _poller;

    public Channels(ConnectionFile connection)
    {
        _codec = new MessageCodec(connection.Key);
        // Each client is greeted, also where another has subscribed to the same. What cells print is bounded before it comes here; nothing of it may be lost.
        _iopub.Options.XPubVerbose = true;
        _iopub.Options.SendHighWatermark = 0;
        _poller = [_shell, _control, _stdin, _heartbeat, _iopub, _outgoing];
        try
        {
            Bind(_shell, connection, connection.ShellPort);
            Bind(_control, connection, connection.ControlPort);
            Bind(_stdin, connection, connection.StdinPort);
            Bind(_heartbeat, connection, connection.HeartbeatPort);
            Bind(_iopub, connection, connection.IopubPort);
        }
        catch (NetMQException)
        {
            Dispose();
            throw;
        }

        _shell.ReceiveReady += (_, e) => Receive(Channel.Shell, e.Socket);
        _control.ReceiveReady += (_, e) => Receive(Channel.Control, e.Socket);
        _stdin.ReceiveReady += (_, e) => Receive(Channel.Stdin, e.Socket);
        _heartbeat.ReceiveReady += (_, e) => Echo(e.Socket);
        _iopub.ReceiveReady += (_, e) => Welcome(e.Socket);
        _outgoing.ReceiveReady += (_, _) => SendQueued();
    }

    /// <summary>Raised on the poller's thread for each valid message.</summary>
    public event Action<Channel, JupyterMessage>? Received;

    /// <summary>Raised on the poller's thread for what is no valid message, with the reason.</summary>
    public event Action<Channel, string>? Refused;

    /// <summary>Serves the sockets until <see cref="Stop"/>.</summary>
    public void Run() => _poller.Run();

    /// <summary>Ends <see cref="Run"/> once everything queued before has been sent.</summary>
    public void Stop() => _outgoing.Enqueue((null, []));

    public void Reply(Channel channel, JupyterMessage request, string type, JsonObject content)
        => _outgoing.Enqueue((SocketOf(channel), _codec.Write(request.Identities, type, content, request.Header)));

    // The topic lets clients subscribe to kinds of messages; Jupyter's own clients subscribe to all.
    public void Publish(string type, JsonObject content, JsonObject? parentHeader)
        => _outgoing.Enqueue((_iopub, _codec.Write([Encoding.UTF8.GetBytes("kernel." + type)], type, content, parentHeader)));

    public void Dispose()
    {
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in (NetMQSocket[])[_shell, _control, _stdin, _heartbeat, _iopub])
            socket.Dispose();
    }

    private static void Bind(NetMQSocket socket, ConnectionFile connection, int port)
    {
        socket.Options.Linger = Linger;
        socket.Options.MaxMsgSize = socket is XPublisherSocket ? LongestSubscription : LongestFrame;
        socket.Bind(connection.EndpointOf(port));
    }

    private static void Echo(NetMQSocket heartbeat)
    {
        var beat = heartbeat.ReceiveMultipartMessage();
        heartbeat.TrySendMultipartMessage(beat);
    }

    // Topics come before any key, and all subscribers of a beginning get the answer: one that reads as part of a message would break them.
    private static readonly SearchValues<byte> TopicBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"u8);

    // A subscriber learns that it misses nothing from now on. Source: Jupyter enhancement proposal 65.
    private void Welcome(NetMQSocket iopub)
    {
        foreach (var frame in iopub.ReceiveMultipartBytes())
        {
            if (frame is not [1, .. var topic] || topic.AsSpan().ContainsAnyExcept(TopicBytes))
                continue;
            var content = new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) };
            iopub.TrySendMultipartBytes(_codec.Write([topic], "iopub_welcome", content, null));
        }
    }

    private void Receive(Channel channel, NetMQSocket socket)
    {
        var frames = socket.ReceiveMultipartBytes();
        if (_codec.TryRead(frames, out var message, out var fault))
            Received?.Invoke(channel, message);
        else
            Refused?.Invoke(channel, fault);
    }

    private void SendQueued()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
        {
            if (next.Socket is null)
            {
                _poller.Stop();
                return;
            }

            // A client that has gone away is no reason to stop serving the others.
            next.Socket.TrySendMultipartBytes(next.Frames);
        }
    }

    private NetMQSocket SocketOf(Channel channel) => channel switch
    {
        Channel.Shell => _shell,
        Channel.Control => _control,
        _ => _stdin,
    };
}
