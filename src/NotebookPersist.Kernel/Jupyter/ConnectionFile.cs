using System.Text.Json;
using System.Text.Json.Serialization;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Where a Jupyter client wants the kernel to listen, and the key that both sign with.</summary>
public sealed record ConnectionFile
{
    /// <summary>"tcp" or "ipc".</summary>
    [JsonPropertyName("transport")]
    public string Transport { get; init; } = "tcp";

    /// <summary>The address to listen on; for "ipc" the path prefix.</summary>
    [JsonPropertyName("ip")]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port of the shell channel.</summary>
    [JsonPropertyName("shell_port")]
    public required int ShellPort { get; init; }

    /// <summary>The port of the control channel.</summary>
    [JsonPropertyName("control_port")]
    public required int ControlPort { get; init; }

    /// <summary>The port of the stdin channel.</summary>
    [JsonPropertyName("stdin_port")]
    public required int StdinPort { get; init; }

    /// <summary>The port of the iopub channel.</summary>
    [JsonPropertyName("iopub_port")]
    public required int IopubPort { get; init; }

    /// <summary>The port of the heartbeat channel.</summary>
    [JsonPropertyName("hb_port")]
    public required int HeartbeatPort { get; init; }

    /// <summary>The secret that messages are signed with; empty for unsigned messages.</summary>
    [JsonPropertyName("key")]
    public string Key { get; init; } = "";

    /// <summary>How messages are signed; only "hmac-sha256" is known.</summary>
    [JsonPropertyName("signature_scheme")]
    public string SignatureScheme { get; init; } = "hmac-sha256";

    /// <summary>Reads a connection file.</summary>
    /// <param name="path">The file that the client wrote.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="IOException">The file cannot be read, or is no connection file.</exception>
    public static ConnectionFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ConnectionFile? connection;
        try
        {
            connection = JsonSerializer.Deserialize<ConnectionFile>(RegularFile.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new IOException($"Cannot read the connection file '{path}': {e.Message}", e);
        }

        if (connection is null)
            throw new IOException($"Cannot read the connection file '{path}': it holds no JSON object.");
        if (connection.SignatureScheme != "hmac-sha256")
            throw new IOException($"Cannot use the connection file '{path}': it asks for signatures by '{connection.SignatureScheme}', known is 'hmac-sha256'.");
        return connection;
    }

    internal string EndpointOf(int port) => Transport == "ipc" ? $"ipc://{Address}-{port}" : $"{Transport}://{Address}:{port}";
}
