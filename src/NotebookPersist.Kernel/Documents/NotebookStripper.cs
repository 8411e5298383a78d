using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Takes out of a notebook what differs from run to run, so that only what people wrote is under version control.</summary>
/// <remarks>Source: what nbstripout removes and keeps.</remarks>
public static class NotebookStripper
{
    private const string KeepName = "keep_output";

    /// <summary>Written by the clients: times of the last run, and how far the reader had scrolled.</summary>
    internal static readonly string[] CellNames = ["ExecuteTime", "collapsed", "execution", "heading_collapsed", "hidden", "scrolled"];

    private static readonly string[] DocumentNames = ["signature", "widgets"];

    /// <summary>Removes outputs, numbers of runs, and metadata that clients write at every run.</summary>
    /// <param name="document">The notebook. Cells tagged "keep_output" keep theirs.</param>
    /// <returns>How many cells changed, the document's own metadata counted as one.</returns>
    public static int Strip(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var count = document.Cells.Count(Strip);
        return Remove(document.Metadata, DocumentNames) ? count + 1 : count;
    }

    private static bool Strip(NotebookCell cell)
    {
        var isChanged = cell.Json["metadata"] is JsonObject metadata && Remove(metadata, CellNames);
        if (cell.Kind != CellKind.Code || cell.Tags.Contains(KeepName) || IsTrue(cell.Json["metadata"]?[KeepName]))
            return isChanged;
        if (cell.Json["outputs"] is JsonArray { Count: > 0 })
        {
            cell.Outputs = [];
            isChanged = true;
        }

        if (cell.ExecutionCount is null)
            return isChanged;
        cell.ExecutionCount = null;
        return true;
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool truth) && truth;

    private static bool Remove(JsonObject metadata, string[] names)
    {
        var isChanged = false;
        foreach (var name in names)
            isChanged |= metadata.Remove(name);
        return isChanged;
    }
}
