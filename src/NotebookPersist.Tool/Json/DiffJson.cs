using System.Text.Json.Nodes;

namespace NotebookPersist.Tool.Json;

/// <summary>What <c>diff --json</c> writes.</summary>
internal static class DiffJson
{
    public static JsonObject Of(ModelDiff diff)
    {
        JsonObject json = JsonText.Begin("diff");
        json["a"] = Side(diff.PathA, diff.KindA, diff.NotesA);
        json["b"] = Side(diff.PathB, diff.KindB, diff.NotesB);
        json["identical"] = diff.IsIdentical;
        json["counts"] = new JsonObject(Enum.GetValues<TensorChange>().Select(c => KeyValuePair.Create(JsonText.NameOf(c), (JsonNode?)diff.Count(c))));
        json["tensors"] = new JsonArray([.. diff.Tensors.Select(Of)]);
        json["nodes"] = diff.Nodes is null ? null : new JsonArray([.. diff.Nodes.Select(Of)]);
        return json;
    }

    private static JsonObject Side(string path, string kind, IReadOnlyList<string> notes) => new() { ["path"] = JsonText.Of(path), ["kind"] = kind, ["notes"] = JsonText.Of(notes) };

    private static JsonObject Of(NodeDifference node) => new()
    {
        ["name"] = JsonText.Of(node.Name),
        ["change"] = JsonText.NameOf(node.Change),
        ["op"] = JsonText.Of(node.Op),
        ["details"] = JsonText.Of(node.Details),
    };

    private static JsonObject Of(TensorDifference t)
    {
        var json = new JsonObject { ["name"] = JsonText.Of(t.Name), ["change"] = JsonText.NameOf(t.Change), ["a"] = Of(t.A), ["b"] = Of(t.B) };
        if (t.NewName is not null)
            json["newName"] = JsonText.Of(t.NewName);
        if (t.Problem is not null)
            json["problem"] = JsonText.Of(t.Problem);
        if (t.DifferingCount > 0)
            json["differing"] = t.DifferingCount;
        if (t.HasSameElements)
            json["sameElements"] = true;
        if (t.Distance is { } distance)
        {
            json["relativeL2"] = JsonText.Of(distance.RelativeL2);
            json["maxDifference"] = JsonText.Of(distance.Greatest);
            json["cosine"] = JsonText.Of(distance.Cosine);
            json["nonFinite"] = distance.NonFinite;
        }

        return json;
    }

    private static JsonObject? Of(TensorSpec? spec) => spec is null ? null : new JsonObject { ["dtype"] = spec.DType.Name(), ["shape"] = TensorJson.Of(spec.Shape) };
}
