using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Documents;

/// <summary>A notebook: its cells, their outputs and its metadata.</summary>
/// <remarks>
/// Reads and writes .ipynb (format 4), .dib and C# scripts. An .ipynb that is not changed is saved byte for byte as it was read, whatever tool wrote
/// it: unknown metadata, indentation, escapes and member order are kept. Not thread safe.
/// </remarks>
public sealed class NotebookDocument
{
    private const int MaxDepth = 256;

    // Where .NET Interactive keeps in an .ipynb what a .dib says in its #!meta.
    private const string PolyglotMember = "polyglot_notebook";

    private readonly JsonObject _root;
    private readonly NotebookLayout _layout;
    private readonly List<NotebookCell> _cells;

    private NotebookDocument(JsonObject root, NotebookLayout layout, List<NotebookCell> cells)
    {
        _root = root;
        _layout = layout;
        _cells = cells;
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
        return new NotebookDocument(root, NotebookLayout.Jupyter, []);
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
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"The text is not valid JSON: {e.Message}", e);
        }

        if (node is not JsonObject root)
            throw new NotebookFormatException("The text holds no JSON object; a notebook is one.");
        if (root["nbformat"] is not JsonValue version || !version.TryGetValue(out int major))
            throw new NotebookFormatException("The member 'nbformat' is missing; this is no notebook.");
        if (major != 4)
            throw new NotebookFormatException($"The notebook has format {major}; expected 4. Jupyter converts it: jupyter nbconvert --to notebook.");
        if (root["cells"] is not JsonArray array)
            throw new NotebookFormatException("The member 'cells' is missing or no list.");

        var language = NotebookLanguages.DefaultOf(root["metadata"] as JsonObject);
        var cells = new List<NotebookCell>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is not JsonObject cell)
                throw new NotebookFormatException($"Cell {i + 1} is no JSON object.");
            if (cell["metadata"] is not (null or JsonObject))
                throw new NotebookFormatException($"The metadata of cell {i + 1} are no JSON object.");
            cells.Add(new NotebookCell((JsonObject)cell.DeepClone()) { DefaultLanguage = language });
        }

        array.Clear();
        return new NotebookDocument(root, NotebookLayout.Of(json), cells);
    }

    /// <summary>Reads the text of a .dib file.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The document. Equal texts give equal cell ids.</returns>
    public static NotebookDocument ParseDib(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var document = Create();
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
    /// <exception cref="NotebookFormatException">The tags of a cell are no list.</exception>
    public static NotebookDocument ParseScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var document = Create();
        foreach (var (kind, language, tags, source) in ScriptFormat.Read(text))
        {
            var cell = document.Append(kind, source, language);
            if (tags.Count > 0)
                cell.Metadata["tags"] = new JsonArray([.. tags.Select(static t => (JsonNode)t)]);
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
        return cell;
    }

    /// <summary>Takes a cell out.</summary>
    /// <param name="index">Which, from 0.</param>
    public void RemoveAt(int index) => _cells.RemoveAt(index);

    /// <summary>The text of the document as an .ipynb file.</summary>
    /// <returns>The text.</returns>
    public string ToIpynb()
    {
        var root = (JsonObject)_root.DeepClone();
        root["cells"] = new JsonArray([.. _cells.Select(c => c.Json.DeepClone())]);
        return NotebookJson.Write(root, _layout);
    }

    /// <summary>The text of the document as a .dib file, which holds no outputs and no metadata of cells.</summary>
    /// <returns>The text.</returns>
    public string ToDib() => DibFormat.Write(_cells, DibFormat.MetaFor(Metadata));

    /// <summary>The text of the document as a C# script, which holds no outputs and of the cells' metadata the tags.</summary>
    /// <returns>The text.</returns>
    public string ToScript() => ScriptFormat.Write(_cells);

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
            .. _cells.SelectMany((cell, i) => cell.Source.ReplaceLineEndings("\n").Split('\n').Select((line, n) => (Cell: i + 1, Line: n + 1, Text: line)).Where(l => isHead(cell, l.Text))),
        ];
    }

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
        var taken = _cells.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        for (var salt = 0; ; salt++)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\n{source}")).AsSpan(0, 4));
            if (!taken.Contains(id))
                return id;
        }
    }
}
