using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Documents;

/// <summary>A notebook: its cells, their outputs and its metadata.</summary>
/// <remarks>
/// Reads and writes .ipynb (format 4), .dib and C# scripts. What is not changed of an .ipynb is saved letter by letter as it was read, whatever tool wrote
/// it: unknown metadata, indentation, escapes and member order are kept, halves of characters apart, which no text holds. Not thread safe.
/// </remarks>
public sealed class NotebookDocument
{
    private const int MaxDepth = 256;

    // Where .NET Interactive keeps in an .ipynb what a .dib says in its #!meta.
    private const string PolyglotMember = "polyglot_notebook";

    private readonly JsonObject _root;
    private readonly NotebookLayout _layout;
    private readonly string? _text;
    private readonly Dictionary<JsonNode, JsonElement> _origins = [];
    private readonly List<NotebookCell> _cells = [];
    private HashSet<string?>? _ids;
    private string _newLine = "\n";

    private NotebookDocument(JsonObject root, NotebookLayout layout, string? text = null, JsonElement origin = default)
    {
        _root = root;
        _layout = layout;
        _text = text;
        if (text is not null)
            _origins.Add(root, origin);
    }

    /// <summary>The file that the document was loaded from or saved to last; null before that.</summary>
    public string? Path { get; private set; }

    /// <summary>The cells from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>The document's metadata, including what this library does not know.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (_root["metadata"] is JsonObject metadata)
                return metadata;
            metadata = [];
            _root["metadata"] = metadata;
            return metadata;
        }
    }

    /// <summary>An empty notebook for this kernel, in format 4.5.</summary>
    /// <returns>The document.</returns>
    public static NotebookDocument Create()
    {
        var root = new JsonObject
        {
            ["cells"] = new JsonArray(),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = "C# (NotebookPersist)", ["language"] = "C#", ["name"] = "notebookpersist" },
                ["language_info"] = NotebookLanguages.Info(),
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return new NotebookDocument(root, NotebookLayout.Jupyter);
    }

    /// <summary>Loads a notebook file.</summary>
    /// <param name="path">A file ending in .ipynb, .dib, .csx or .cs.</param>
    /// <returns>The document.</returns>
    /// <exception cref="NotebookFormatException">The file is not a notebook of format 4.</exception>
    /// <exception cref="ArgumentException">The file's name ends in nothing of these.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Load(string path)
    {
        var form = FormOf(path);
        Func<string, NotebookDocument> parse = form == ".ipynb" ? ParseIpynb : form == ".dib" ? ParseDib : ParseScript;
        NotebookDocument document;
        try
        {
            document = parse(RegularFile.ReadAllText(path));
        }
        catch (NotebookFormatException e)
        {
            throw new NotebookFormatException($"Cannot load '{path}': {e.Message}", e);
        }

        document.Path = path;
        return document;
    }

    /// <summary>Reads the text of an .ipynb file.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The document.</returns>
    /// <exception cref="NotebookFormatException">The text is not a notebook of format 4.</exception>
    public static NotebookDocument ParseIpynb(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonElement origin;
        try
        {
            using var parsed = JsonDocument.Parse(JsonRepair.LoneSurrogates(json), new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            origin = parsed.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"The text is not valid JSON: {e.Message}", e);
        }

        if (origin.ValueKind != JsonValueKind.Object || JsonObject.Create(origin) is not { } root)
            throw new NotebookFormatException("The text holds no JSON object; a notebook is one.");
        var array = NotebookStructure.CellsOf(root);
        var document = new NotebookDocument(root, NotebookLayout.Of(json), json, origin);
        var language = NotebookLanguages.DefaultOf(root["metadata"] as JsonObject);
        JsonElement[] origins = [.. origin.GetProperty("cells").EnumerateArray()];
        for (var i = 0; i < array.Count; i++)
        {
            var cell = NotebookStructure.CellOf(array[i], i + 1);
            document._cells.Add(new NotebookCell(cell) { DefaultLanguage = language });
            document._origins.Add(cell, origins[i]);
        }

        return document;
    }

    /// <summary>Reads the text of a .dib file.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The document. Equal texts give equal cell ids.</returns>
    public static NotebookDocument ParseDib(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var document = Create();
        document._newLine = LineEnds.Of(text);
        var (cells, meta) = DibFormat.Read(text);
        if (meta is not null)
            document.Metadata[PolyglotMember] = meta;
        foreach (var (kind, language, source) in cells)
            document.Append(kind, source, language);
        return document;
    }

    /// <summary>Reads the text of a C# script, whose cells are headed by <c>// %%</c>; without such lines it is one cell.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The document. Equal texts give equal cell ids.</returns>
    /// <exception cref="NotebookFormatException">What stands behind the name of a tag or other metadata is no JSON.</exception>
    public static NotebookDocument ParseScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var document = Create();
        document._newLine = LineEnds.Of(text);
        foreach (var (kind, language, metadata, source) in ScriptFormat.Read(text))
        {
            var cell = document.Append(kind, source, language);
            foreach (var (name, value) in metadata)
                cell.Metadata[name] = value?.DeepClone();
        }

        return document;
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="index">Where, from 0; the number of cells to add it at the end.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="source">Its text.</param>
    /// <returns>The new cell.</returns>
    public NotebookCell Insert(int index, CellKind kind, string source)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)_cells.Count, nameof(index));
        ArgumentNullException.ThrowIfNull(source);
        var cell = NotebookCell.Create(kind, source, HasIds ? NewId(source) : null, NotebookLanguages.DefaultOf(_root["metadata"] as JsonObject));
        _cells.Insert(index, cell);
        CellNodes.Insert(index, cell.Json);
        return cell;
    }

    /// <summary>Takes a cell out.</summary>
    /// <param name="index">Which, from 0.</param>
    public void RemoveAt(int index)
    {
        _cells.RemoveAt(index);
        CellNodes.RemoveAt(index);
    }

    /// <summary>The text of the document as an .ipynb file.</summary>
    /// <returns>The text.</returns>
    public string ToIpynb() => _text is not null && NotebookJson.IsUnchanged(_root, _origins[_root]) ? _text : NotebookJson.Write(_root, _layout, _origins);

    /// <summary>The text of the document as a .dib file, which holds no outputs and no metadata of cells.</summary>
    /// <returns>The text.</returns>
    public string ToDib() => LineEnds.With(DibFormat.Write(_cells, DibFormat.MetaFor(Metadata)), _newLine);

    /// <summary>The text of the document as a C# script, which holds no outputs.</summary>
    /// <returns>The text.</returns>
    public string ToScript() => LineEnds.With(ScriptFormat.Write(_cells), _newLine);

    /// <summary>Saves the document.</summary>
    /// <param name="path">A file ending in .ipynb, .dib, .csx or .cs. An existing file is replaced as a whole or not at all.</param>
    /// <exception cref="ArgumentException">The file's name ends in nothing of these.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var form = FormOf(path);
        var text = form == ".ipynb" ? ToIpynb() : form == ".dib" ? ToDib() : ToScript();
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        Path = path;
    }

    /// <summary>Lines of cells that another form takes for the head of the next cell: read back, the cell ends there.</summary>
    /// <param name="path">A file of that form.</param>
    /// <returns>For each: the number of its cell, the number of the line, both from 1, and the line.</returns>
    /// <exception cref="ArgumentException">The file's name ends in nothing that is known.</exception>
    public IReadOnlyList<(int Cell, int Line, string Text)> LinesLikeHeads(string path)
    {
        Func<NotebookCell, string, bool> isHead = FormOf(path) switch
        {
            ".ipynb" => static (_, _) => false,
            ".dib" when DibFormat.HeadsOf(DibFormat.MetaFor(Metadata)) is var isDibHead => (_, line) => isDibHead(line),
            _ => ScriptFormat.IsHead,
        };
        return
        [
            .. _cells.SelectMany((cell, i) => LineEnds.Plain(cell.Source).Split('\n').Select((line, n) => (Cell: i + 1, Line: n + 1, Text: line)).Where(l => isHead(cell, l.Text))),
        ];
    }

    private JsonArray CellNodes => (JsonArray)_root["cells"]!; // No document is made without it.

    // Cells have ids since format 4.5; an older document with ids would be invalid.
    private bool HasIds => _root["nbformat_minor"] is JsonValue minor && minor.TryGetValue(out int number) && number >= 5;

    private static string FormOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        return extension is ".ipynb" or ".dib" or ".csx" or ".cs"
            ? extension
            : throw new ArgumentException($"Cannot tell the form of '{path}': a notebook's name ends in .ipynb or .dib, a script's in .csx or .cs.", nameof(path));
    }

    private NotebookCell Append(CellKind kind, string source, string language)
    {
        var cell = Insert(_cells.Count, kind, source);
        if (kind == CellKind.Code && language != cell.DefaultLanguage)
            cell.Metadata[PolyglotMember] = new JsonObject { ["kernelName"] = language };
        return cell;
    }

    // Made from the text rather than at random: converting a file twice gives the same document.
    private string NewId(string source)
    {
        _ids ??= _cells.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        for (var salt = 0; ; salt++)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\n{source}")).AsSpan(0, 4));
            if (_ids.Add(id))
                return id;
        }
    }
}
