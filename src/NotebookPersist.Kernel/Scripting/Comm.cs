using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>An open connection between the code of cells and something in the page.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public sealed class Comm
{
    private readonly Comms _comms;

    internal Comm(string id, string target, Comms comms)
    {
        Id = id;
        Target = target;
        _comms = comms;
    }

    /// <summary>Raised for each message of the page, with its data.</summary>
    public event Action<JsonObject>? Received;

    /// <summary>Raised when the page closes the connection, with the data that came along.</summary>
    public event Action<JsonObject>? Closed;

    /// <summary>What both sides call the connection.</summary>
    public string Id { get; }

    /// <summary>The name that it was opened under.</summary>
    public string Target { get; }

    /// <summary>Whether messages can still be sent.</summary>
    public bool IsOpen => _comms.TryFind(Id, out var open) && ReferenceEquals(open, this);

    /// <summary>Sends a message to the page.</summary>
    /// <param name="data">Anything that becomes a JSON object, for example <c>new { x = 1 }</c>.</param>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    /// <exception cref="ArgumentException"><paramref name="data"/> becomes no JSON object.</exception>
    public void Send(object data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!IsOpen)
            throw new InvalidOperationException($"Cannot send to '{Target}': the connection is closed.");
        _comms.Send(new CommOutput(CommStep.Message, Id, Target, Json(data)));
    }

    /// <summary>Closes the connection. Does nothing when it is closed.</summary>
    /// <param name="data">Sent along, as JSON; null for none.</param>
    public void Close(object? data = null)
    {
        if (IsOpen)
            _comms.Send(new CommOutput(CommStep.Close, Id, Target, Json(data)));
    }

    internal void Receive(JsonObject data) => Received?.Invoke(data);

    internal void End(JsonObject data) => Closed?.Invoke(data);

    internal static JsonObject Json(object? data) => data switch
    {
        null => [],
        JsonObject json => (JsonObject)json.DeepClone(),
        _ => JsonSerializer.SerializeToNode(data) as JsonObject
            ?? throw new ArgumentException($"Data of type '{data.GetType()}' becomes no JSON object. Give an object with members, for example new {{ value = 1 }}.", nameof(data)),
    };
}
