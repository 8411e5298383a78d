using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>What a cell of a notebook holds.</summary>
public enum CellKind
{
    /// <summary>Code, to be run.</summary>
    Code,

    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Text for a converter, shown as it is.</summary>
    Raw,
}

/// <summary>A cell of a notebook document.</summary>
/// <remarks>The cell is kept as the JSON it was read from; what is not changed through a member here is saved letter by letter.</remarks>
public sealed class NotebookCell
{
    /// <summary>A cell of this JSON, known to be one.</summary>
    internal NotebookCell(JsonObject json)
    {
        Json = json;
        Kind = OutputJson.TextOf(json["cell_type"]) switch
        {
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => CellKind.Code,
        };
    }

    /// <summary>What the cell holds.</summary>
    public CellKind Kind { get; }

    /// <summary>The cell's text.</summary>
    public string Source
    {
        get => OutputJson.TextOf(Json["source"]);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value != Source)
                Json["source"] = OutputJson.Lines(value);
        }
    }

    /// <summary>The cell's id within the document; null in documents older than format 4.5.</summary>
    public string? Id => Json["id"] is JsonValue id && id.TryGetValue(out string? text) ? text : null;

    /// <summary>The cell's metadata, including what this library does not know.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (Json["metadata"] is JsonObject metadata)
                return metadata;
            metadata = [];
            Json["metadata"] = metadata;
            return metadata;
        }
    }

    /// <summary>The cell's tags.</summary>
    public IReadOnlyList<string> Tags => Json["metadata"]?["tags"] is JsonArray tags ? [.. tags.Select(OutputJson.TextOf)] : [];

    /// <summary>The language of a code cell, in lower case: as .NET Interactive's metadata of the cell say, else that of the document.</summary>
    public string Language
    {
        get
        {
            var metadata = Json["metadata"] as JsonObject;
            var name = NotebookLanguages.TextAt(metadata, "polyglot_notebook", "kernelName") ?? NotebookLanguages.TextAt(metadata, "dotnet_interactive", "language");
            return name is null ? DefaultLanguage : NotebookLanguages.Canonical(name);
        }
    }

    /// <summary>The number of the cell's last run; null for cells that were not run, and for cells without code.</summary>
    public int? ExecutionCount
    {
        get => Json["execution_count"] is JsonValue count && count.TryGetValue(out int number) ? number : null;
        set
        {
            if (Kind == CellKind.Code && (value != ExecutionCount || !Json.ContainsKey("execution_count")))
                Json["execution_count"] = value;
        }
    }

    /// <summary>What the cell showed when it was run last. Always empty for cells without code.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get => Json["outputs"] is JsonArray outputs ? [.. outputs.OfType<JsonObject>().Select(OutputJson.Read).OfType<CellOutput>()] : [];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (Kind == CellKind.Code)
                Json["outputs"] = new JsonArray([.. value.Select(o => (JsonNode)OutputJson.Write(o))]);
        }
    }

    /// <summary>Whether pictures are stored with the cell.</summary>
    public bool HasAttachments => Json["attachments"] is JsonObject { Count: > 0 };

    /// <summary>The metadata that people gave the cell, without its language and what clients write at every run. Names without content are left out.</summary>
    internal IEnumerable<KeyValuePair<string, JsonNode?>> OwnMetadata => (Json["metadata"] as JsonObject ?? [])
        .Where(static m => !NotebookLanguages.MetadataNames.Contains(m.Key) && !NotebookStripper.CellNames.Contains(m.Key) && m.Value is not (JsonArray { Count: 0 } or JsonObject { Count: 0 }));

    /// <summary>Names of metadata that another form of the notebook has no place for.</summary>
    /// <param name="extension">The form, as files of it end: ".dib" has place for none, ".csx" for what can stand in the head of a cell.</param>
    /// <returns>The names, without that of the language, which every form has.</returns>
    public IEnumerable<string> MetadataWithoutPlace(string extension) => extension switch
    {
        ".ipynb" => [],
        ".dib" => OwnMetadata.Select(static m => m.Key),
        _ => OwnMetadata.Select(static m => m.Key).Except(ScriptHead.Kept(this).Select(static m => m.Key)),
    };

    internal JsonObject Json { get; }

    /// <summary>The language of cells that say nothing themselves.</summary>
    internal string DefaultLanguage { get; init; } = NotebookLanguages.CSharp;

    /// <summary>A new cell.</summary>
    internal static NotebookCell Create(CellKind kind, string source, string? id, string defaultLanguage)
    {
        // Members in alphabetical order, as Jupyter sorts them.
        var json = new JsonObject { ["cell_type"] = kind.ToString().ToLowerInvariant() };
        if (kind == CellKind.Code)
            json["execution_count"] = null;
        if (id is not null)
            json["id"] = id;
        json["metadata"] = new JsonObject();
        if (kind == CellKind.Code)
            json["outputs"] = new JsonArray();
        json["source"] = OutputJson.Lines(source);
        return new NotebookCell(json) { DefaultLanguage = defaultLanguage };
    }
}
