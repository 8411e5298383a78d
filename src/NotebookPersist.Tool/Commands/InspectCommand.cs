using System.CommandLine;
using System.Text.Json.Nodes;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Protos;

namespace NotebookPersist.Tool.Commands;

/// <summary>Lists what a model file holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A checkpoint by any of its names, a .meta, .pb or .pbtxt file, or a folder." };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var tensor = new Option<string?>("--tensor") { Description = "Shows the values of one tensor.", HelpName = "name" };
        var verify = new Option<bool>("--verify") { Description = "Reads every tensor and compares its checksum." };
        var command = new Command("inspect", "Lists the tensors, operations, collections and signatures of a model file.") { path, json, tensor, verify };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(path), parsed.GetValue(json), parsed.GetValue(tensor), parsed.GetValue(verify), cancellation)));
        return command;
    }

    private static int Run(string path, bool json, string? tensorName, bool verify, CancellationToken cancellation)
    {
        ModelInspection inspection = ModelInspection.Of(path, verify, cancellation);
        if (CheckpointStates.TwoMeanings(path) is { } note)
            Console.Error.WriteLine($"notebookpersist: {note}");
        Tensor? tensor = tensorName is null ? null : ModelInspection.ReadTensor(path, tensorName, cancellation);
        if (json)
            Console.WriteLine(ToJson(inspection, tensorName, tensor).ToJsonString(TensorJson.Options));
        else
            Print(inspection, tensorName, tensor);
        foreach (InspectedTensor damaged in (inspection.Tensors ?? []).Where(static t => t.Fault is not null))
            Console.Error.WriteLine($"notebookpersist: {damaged.Name}: {damaged.Fault}");
        return inspection.IsSound ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonObject ToJson(ModelInspection inspection, string? tensorName, Tensor? tensor)
    {
        var json = new JsonObject { ["kind"] = inspection.Kind.Name(), ["path"] = inspection.Path };
        if (tensor is not null)
        {
            // Of the one that is asked for; its name may be the friendly one, or that of an operation.
            json["tensors"] = new JsonArray([.. (inspection.Tensors ?? []).Where(t => t.Name == tensorName || t.FriendlyName == tensorName).Select(ToJson)]);
            foreach ((string key, JsonNode? value) in TensorJson.Of(tensor).ToArray())
                json[key] = value?.DeepClone();
            return json;
        }

        if (inspection.Tensors is { } tensors)
            json["tensors"] = new JsonArray([.. tensors.Select(ToJson)]);
        if (inspection.Operations is { } operations)
            json["operations"] = new JsonArray([.. operations.Select(ToJson)]);
        if (inspection.Collections is { } collections)
            json["collections"] = new JsonObject(collections.Select(static c => KeyValuePair.Create(c.Key, (JsonNode?)Strings(c.Value))));
        if (inspection.Signatures is { } signatures)
            json["signatures"] = new JsonObject(signatures.Select(static s => KeyValuePair.Create(s.Key, (JsonNode?)ToJson(s.Value))));
        return json;
    }

    private static JsonObject ToJson(InspectedTensor tensor)
    {
        var json = new JsonObject
        {
            ["name"] = tensor.Name,
            ["dtype"] = tensor.DType.Name(),
            ["shape"] = TensorJson.Of(tensor.Shape),
            ["bytes"] = tensor.ByteCount,
        };
        if (tensor.FriendlyName is { } friendly)
            json["friendly"] = friendly;
        if (tensor.Shard is { } shard)
            json["shard"] = shard;
        if (tensor.IsVerified)
            json["ok"] = tensor.Fault is null;
        return json;
    }

    private static JsonObject ToJson(InspectedOperation operation) => new()
    {
        ["name"] = operation.Name,
        ["op"] = operation.Type,
        ["inputs"] = Strings(operation.Inputs),
        ["outputs"] = Strings(operation.Outputs),
    };

    private static JsonObject ToJson(SignatureDef signature) => new()
    {
        ["method"] = signature.MethodName,
        ["inputs"] = new JsonObject(signature.Inputs.Select(static i => KeyValuePair.Create(i.Key, (JsonNode?)ToJson(i.Value)))),
        ["outputs"] = new JsonObject(signature.Outputs.Select(static o => KeyValuePair.Create(o.Key, (JsonNode?)ToJson(o.Value)))),
    };

    private static JsonObject ToJson(TensorInfo tensor) => new()
    {
        ["name"] = tensor.Name,
        ["dtype"] = ((DType)tensor.Dtype).Name(),
        ["shape"] = tensor.TensorShape is { UnknownRank: false } shape ? new JsonArray([.. shape.Dim.Select(static d => (JsonNode)d.Size)]) : null,
    };

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(static v => (JsonNode)v)];

    private static void Print(ModelInspection inspection, string? tensorName, Tensor? tensor)
    {
        Console.WriteLine($"{inspection.Kind.Name()}  {inspection.Path}");
        if (tensor is not null)
        {
            Console.WriteLine($"{tensorName}  {tensor.DType.Name()} {tensor.Shape}\n{TensorText.Elements(tensor)}");
            return;
        }

        if (inspection.Tensors is { } tensors)
            PrintTensors(tensors);
        if (inspection.ObjectGraph is { } objects)
            Console.WriteLine($"\n{objects}");
        if (inspection.Operations is { } operations)
        {
            Console.WriteLine($"\n{operations.Count} operations");
            int width = operations.Select(static o => o.Name.Length).DefaultIfEmpty(0).Max();
            foreach (InspectedOperation operation in operations)
                Console.WriteLine($"  {operation.Name.PadRight(width)}  {operation.Type}({string.Join(", ", operation.Inputs)})");
        }

        foreach ((string key, IReadOnlyList<string> items) in inspection.Collections ?? new Dictionary<string, IReadOnlyList<string>>())
            Console.WriteLine($"collection {key}: {string.Join(", ", items)}");
        foreach ((string key, SignatureDef signature) in inspection.Signatures ?? new Dictionary<string, SignatureDef>())
            Console.WriteLine($"signature {key}: {Names(signature.Inputs)} -> {Names(signature.Outputs)}  ({signature.MethodName})");
    }

    private static void PrintTensors(IReadOnlyList<InspectedTensor> tensors)
    {
        int width = tensors.Select(static t => t.Name.Length).DefaultIfEmpty(0).Max();
        foreach (InspectedTensor t in tensors)
            Console.WriteLine($"  {t.Name.PadRight(width)}  {t.DType.Name(),-9} {t.Shape,-20} {MagicReport.Bytes(t.ByteCount),10}{(t.IsVerified ? t.Fault is null ? "  ok" : "  DAMAGED" : "")}{(t.FriendlyName is { } friendly ? $"  {friendly}" : "")}");
        Console.WriteLine($"{tensors.Count} tensor{(tensors.Count == 1 ? "" : "s")}, {tensors.Sum(static t => t.Shape.ElementCount):N0} elements, {MagicReport.Bytes(tensors.Sum(static t => t.ByteCount))}");
    }

    private static string Names(IEnumerable<KeyValuePair<string, TensorInfo>> tensors) => string.Join(", ", tensors.Select(static t => $"{t.Key} = {t.Value.Name}"));
}
