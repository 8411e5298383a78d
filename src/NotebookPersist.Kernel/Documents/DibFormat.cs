using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Documents;

/// <summary>The text format of .NET Interactive: cells one below the other, each headed by a line with its language.</summary>
internal static class DibFormat
{
    private const string MetaLanguage = "meta";

    private static readonly JsonSerializerOptions MetaOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the text of a file.</summary>
    /// <returns>The cells, one at least, and what <c>#!meta</c> says; null where there is none.</returns>
    /// <exception cref="NotebookFormatException">What <c>#!meta</c> says is no JSON object.</exception>
    public static (IReadOnlyList<DibCell> Cells, JsonObject? Meta) Read(string text)
    {
        var lines = LineEnds.Plain(text).Split('\n');
        var meta = MetaOf(lines);
        var kernels = KernelsOf(meta);
        var language = NotebookLanguages.TextAt(meta, "kernelInfo", "defaultKernelName") is { } name ? NotebookLanguages.Canonical(name) : NotebookLanguages.CSharp;
        var first = language;
        var cells = new List<DibCell>();
        var body = new List<string>();
        foreach (var line in lines.Append(null))
        {
            // Any other #! line is a magic and belongs to its cell.
            if (line is not null && LanguageOf(line, kernels) is null)
            {
                body.Add(line);
                continue;
            }

            var source = string.Join('\n', body).Trim('\n');
            if (language != MetaLanguage && source.Length > 0)
                cells.Add(new DibCell(KindOf(language), language, source));
            body.Clear();
            if (line is not null)
                language = LanguageOf(line, kernels)!; // Seen above.
        }

        if (cells.Count == 0)
            cells.Add(new DibCell(KindOf(first), first, ""));
        return (cells, meta);
    }

    /// <summary>The text of a file.</summary>
    public static string Write(IEnumerable<NotebookCell> cells, JsonObject meta)
    {
        var text = new StringBuilder("#!meta\n\n").Append(meta.ToJsonString(MetaOptions)).Append("\n\n");
        foreach (var cell in cells)
        {
            if (LineEnds.Plain(cell.Source).Trim('\n') is not { Length: > 0 } source)
                continue;
            var language = cell.Kind switch { CellKind.Markdown => "markdown", CellKind.Raw => "raw", _ => cell.Language };
            text.Append("#!").Append(language).Append("\n\n").Append(source).Append("\n\n");
        }

        text.Length--;
        return text.ToString();
    }

    /// <summary>What <c>#!meta</c> says of a document that came from elsewhere.</summary>
    public static JsonObject MetaFor(JsonObject documentMetadata)
    {
        var meta = documentMetadata["polyglot_notebook"] is JsonObject known ? (JsonObject)known.DeepClone() : [];

        // Its own library writes what a .dib says into the metadata themselves.
        if (meta["kernelInfo"] is not JsonObject && documentMetadata["kernelInfo"] is JsonObject own)
            meta["kernelInfo"] = own.DeepClone();
        if (meta["kernelInfo"] is JsonObject)
            return meta;
        var language = NotebookLanguages.DefaultOf(documentMetadata);
        meta["kernelInfo"] = new JsonObject
        {
            ["defaultKernelName"] = language,
            ["items"] = new JsonArray(new JsonObject { ["name"] = language, ["languageName"] = language }),
        };
        return meta;
    }

    /// <summary>Tells lines that begin a cell, in a file with what <c>#!meta</c> says.</summary>
    public static Func<string, bool> HeadsOf(JsonObject meta)
    {
        var kernels = KernelsOf(meta);
        return line => LanguageOf(line, kernels) is not null;
    }

    private static string? LanguageOf(string line, Dictionary<string, string> kernels)
    {
        if (!line.StartsWith("#!", StringComparison.Ordinal))
            return null;
        var name = line[2..].TrimEnd();
        return NotebookLanguages.IsKnown(name) ? NotebookLanguages.Canonical(name) : kernels.GetValueOrDefault(name);
    }

    // A notebook may have kernels of its own, such as a database connection: they are declared at its beginning.
    private static JsonObject? MetaOf(string[] lines)
    {
        var start = Array.FindIndex(lines, static l => l.TrimEnd() == "#!meta");
        if (start < 0)
            return null;
        var end = Array.FindIndex(lines, start + 1, static l => l.StartsWith("#!", StringComparison.Ordinal));
        var text = string.Join('\n', lines[(start + 1)..(end < 0 ? lines.Length : end)]);
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            using var parsed = JsonDocument.Parse(text);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                throw new NotebookFormatException($"Below '#!meta' in line {start + 1} a JSON object is expected, as {{\"kernelInfo\": {{…}}}}.");
        }
        catch (JsonException e)
        {
            // Lost without a word, the next saving would write something else in its place.
            throw new NotebookFormatException($"What stands below '#!meta' in line {start + 1} is not valid JSON: {e.Message}", e);
        }

        try
        {
            return (JsonObject?)JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null; // Says something twice; the cells can be read without it.
        }
    }

    // Each under its name and under those that it is called by besides.
    private static Dictionary<string, string> KernelsOf(JsonObject? meta)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in ((meta?["kernelInfo"] as JsonObject)?["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (NotebookLanguages.TextAt(item, "name") is not { } name)
                continue;
            names[name] = name;
            foreach (var alias in (item["aliases"] as JsonArray ?? []).Select(OutputJson.TextOf))
                names.TryAdd(alias, name);
        }

        return names;
    }

    private static CellKind KindOf(string language) => language switch
    {
        "markdown" => CellKind.Markdown,
        "raw" => CellKind.Raw,
        _ => CellKind.Code,
    };
}

/// <summary>A cell of a .dib file.</summary>
internal sealed record DibCell(CellKind Kind, string Language, string Source);
