using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Refuses .ipynb files whose parts are of other kinds than the format says, before anything of them is run or lost.</summary>
/// <remarks>Source: the JSON schema of nbformat 4. Members and kinds of output that it does not know are left to later minor versions.</remarks>
internal static class NotebookStructure
{
    private const int Format = 4;

    /// <summary>Checks all but the cells.</summary>
    /// <exception cref="NotebookFormatException">It is no notebook of format 4.</exception>
    public static JsonArray CellsOf(JsonObject root)
    {
        switch (root["nbformat"])
        {
            case JsonValue version when version.TryGetValue(out int major) && major == Format:
                break;
            case JsonValue version when version.TryGetValue(out int major):
                throw new NotebookFormatException(major < Format
                    ? $"The notebook has format {major}; expected {Format}. Jupyter converts it: jupyter nbconvert --to notebook."
                    : $"The notebook has format {major}, which is later than what is read here; expected {Format}.");
            case null:
                throw new NotebookFormatException("The member 'nbformat' is missing; this is no notebook.");
            case var other:
                throw new NotebookFormatException($"The member 'nbformat' is {KindOf(other)}; expected the number {Format}.");
        }

        if (root["metadata"] is not (null or JsonObject) and var metadata)
            throw new NotebookFormatException($"The member 'metadata' is {KindOf(metadata)}; expected an object.");
        return root["cells"] as JsonArray ?? throw new NotebookFormatException($"The member 'cells' is {KindOf(root["cells"])}; expected a list.");
    }

    /// <summary>Checks a cell.</summary>
    /// <param name="node">What stands in its place.</param>
    /// <param name="number">Its place, from 1.</param>
    /// <exception cref="NotebookFormatException">It is none.</exception>
    public static JsonObject CellOf(JsonNode? node, int number)
    {
        if (node is not JsonObject cell)
            throw new NotebookFormatException($"Cell {number} is {KindOf(node)}; expected an object.");
        if (cell["cell_type"] is not JsonValue type || !type.TryGetValue(out string? name))
            throw Fault("cell_type", cell["cell_type"], "'code', 'markdown' or 'raw'");
        if (name is not ("code" or "markdown" or "raw"))
            throw new NotebookFormatException($"Cell {number} has the type '{name}'; expected 'code', 'markdown' or 'raw'.");
        if (!IsText(cell["source"]))
            throw Fault("source", cell["source"] is JsonArray lines ? lines.FirstOrDefault(static l => !IsString(l)) : cell["source"], "a string or a list of strings", cell["source"] is JsonArray ? "An item of the" : "The");
        if (cell["metadata"] is not (null or JsonObject))
            throw Fault("metadata", cell["metadata"], "an object");
        if (cell["id"] is not null && !IsString(cell["id"]))
            throw Fault("id", cell["id"], "a string");
        if (cell["attachments"] is not (null or JsonObject))
            throw Fault("attachments", cell["attachments"], "an object");
        if (cell["outputs"] is not (null or JsonArray))
            throw Fault("outputs", cell["outputs"], "a list");
        foreach (var output in cell["outputs"] as JsonArray ?? [])
        {
            if (output is not JsonObject)
                throw Fault("outputs", output, "an object", "An item of the");
        }

        return cell;

        NotebookFormatException Fault(string member, JsonNode? found, string expected, string subject = "The") =>
            new($"{subject} '{member}' of cell {number} is {KindOf(found)}; expected {expected}.");
    }

    private static bool IsText(JsonNode? node) => IsString(node) || (node is JsonArray lines && lines.All(IsString));

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static string KindOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "missing or null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {Short(node.ToJsonString())}",
        var truth => truth == JsonValueKind.True ? "true" : "false",
    };

    private static string Short(string number) => number.Length > 20 ? number[..20] + "…" : number;
}
