using System.Text.Json.Nodes;
using NotebookPersist.Protos;

namespace NotebookPersist.Tool.Json;

/// <summary>What <c>inspect --json</c> writes.</summary>
internal static class InspectionJson
{
    public static JsonObject Of(ModelInspection inspection, string? tensorName = null, Tensor? tensor = null)
    {
        JsonObject json = JsonText.Begin("inspect");
        json["kind"] = inspection.Kind.Name();
        json["path"] = JsonText.Of(inspection.Path);
        json["sound"] = inspection.IsSound;
        json["notes"] = JsonText.Of(inspection.Notes);
        if (tensor is not null)
        {
            // Of the one that is asked for; its name may be the friendly one, or that of an operation.
            json["tensors"] = new JsonArray([.. (inspection.Tensors ?? []).Where(t => t.Name == tensorName || t.FriendlyName == tensorName).Select(Of)]);
            foreach ((string key, JsonNode? value) in TensorJson.Of(tensor).ToArray())
                json[key] = value?.DeepClone();
            return json;
        }

        if (inspection.Tensors is { } tensors)
            json["tensors"] = new JsonArray([.. tensors.Select(Of)]);
        if (inspection.Operations is { } operations)
            json["operations"] = new JsonArray([.. operations.Select(Of)]);
        if (inspection.Collections is { } collections)
            json["collections"] = JsonText.Members(collections.Select(static c => KeyValuePair.Create(c.Key, (JsonNode?)JsonText.Of(c.Value))));
        if (inspection.Signatures is { } signatures)
            json["signatures"] = JsonText.Members(signatures.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => KeyValuePair.Create(s.Key, (JsonNode?)Of(s.Value))));
        return json;
    }

    private static JsonObject Of(InspectedTensor tensor)
    {
        var json = new JsonObject
        {
            ["name"] = JsonText.Of(tensor.Name),
            ["dtype"] = tensor.DType.Name(),
            ["shape"] = TensorJson.Of(tensor.Shape),
            ["bytes"] = tensor.ByteCount,
        };
        if (tensor.FriendlyName is { } friendly)
            json["friendly"] = JsonText.Of(friendly);
        if (tensor.Shard is { } shard)
            json["shard"] = shard;
        if (tensor.IsVerified || tensor.Fault is not null)
            json["ok"] = tensor.Fault is null;
        if (tensor.Fault is { } fault)
            json["fault"] = JsonText.Of(fault);
        return json;
    }

    private static JsonObject Of(InspectedOperation operation) => new()
    {
        ["name"] = JsonText.Of(operation.Name),
        ["op"] = JsonText.Of(operation.Type),
        ["inputs"] = JsonText.Of(operation.Inputs),
        ["outputs"] = JsonText.Of(operation.Outputs),
    };

    private static JsonObject Of(SignatureDef signature) => new()
    {
        ["method"] = signature.MethodName,
        ["inputs"] = JsonText.Members(signature.Inputs.OrderBy(static i => i.Key, StringComparer.Ordinal).Select(static i => KeyValuePair.Create(i.Key, (JsonNode?)Of(i.Value)))),
        ["outputs"] = JsonText.Members(signature.Outputs.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => KeyValuePair.Create(o.Key, (JsonNode?)Of(o.Value)))),
    };

    private static JsonObject Of(TensorInfo tensor) => new()
    {
        ["name"] = tensor.Name,
        ["dtype"] = ((DType)tensor.Dtype).Name(),
        ["shape"] = tensor.TensorShape is { UnknownRank: false } shape ? new JsonArray([.. shape.Dim.Select(static d => (JsonNode)d.Size)]) : null,
    };
}
