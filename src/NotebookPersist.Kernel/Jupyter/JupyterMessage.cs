using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>A message that a client sent, as received: identities of the way back, header and content.</summary>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject ParentHeader, JsonObject Metadata, JsonObject Content)
{
    public string Type => Text(Header["msg_type"]) ?? "";

    public string Id => Text(Header["msg_id"]) ?? "";

    public string? ContentText(string name) => Text(Content[name]);

    public int? ContentNumber(string name) => Content[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public bool? ContentFlag(string name) => Content[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    public string? MetadataText(string name) => Text(Metadata[name]);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
