using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Languages;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel;

/// <summary>What magics ask of the host of the cells: done when the magic, or the cell, has ended.</summary>
/// <param name="engine">Holds the variables; asked for when it is needed, as it is made after this.</param>
/// <remarks>Thread safety: one cell at a time; its variables may be read meanwhile.</remarks>
internal sealed class CellHost(Func<ScriptEngine> engine) : ICellHost, IDisposable
{
    private const int MostImports = 32;

    private readonly Lazy<CellLanguages> _languages = new(() => new CellLanguages(engine().Context));
    private readonly SortedDictionary<string, CellVariable> _values = new(StringComparer.Ordinal);
    private readonly List<FurtherCode> _code = [];
    private readonly Dictionary<string, int> _imports = new(StringComparer.Ordinal);
    private readonly List<(long Start, Func<TimeSpan, object?> Show)> _ends = [];
    private readonly List<CellRun> _runs = [];

    /// <summary>Whether the running cell asked for a fresh start.</summary>
    public bool IsResetWanted { get; private set; }

    public IReadOnlyList<CellRun> Runs => _runs;

    public string Language { get; set; } = NotebookLanguages.CSharp;

    public IReadOnlyList<string> Languages { get; } = [NotebookLanguages.CSharp, .. CellLanguages.Names, NotebookLanguages.Value];

    /// <summary>A language besides C# that has run a cell; null for others.</summary>
    public ICellLanguage? Loaded(string language) => _languages.IsValueCreated ? _languages.Value.Loaded(language) : null;

    /// <summary>Begins to load the language of a cell that will run, unless it is C#: by a line in it, or as its document says.</summary>
    public void Expect(string code, string language)
    {
        if ((CellLanguages.Names.Contains(language) ? language : CellLanguages.NameIn(code)) is { } other)
            _languages.Value.Begin(other);
    }

    public void ResetAfterCell() => IsResetWanted = true;

    public void Precede(IReadOnlyList<CellRun> runs) => _runs.InsertRange(0, runs);

    public Type? TypeOf(string variable) => engine().Variables.FirstOrDefault(v => v.Name == variable)?.Type;

    public void Declare(IReadOnlyList<CellVariable> variables)
    {
        if (variables.Count == 0)
            return;
        var code = new StringBuilder();
        foreach (var (name, type, _) in variables)
        {
            var written = CSharpNames.Of(type) ?? throw new ArgumentException($"Variable '{name}' is of type '{type}', which has no name in C#.", nameof(variables));
            engine().Refer(type);
            Declare(code, name, written, written);
        }

        engine().Context.Declare(variables.Select(static v => KeyValuePair.Create(v.Name, v.Value)));
        _code.Add(new FurtherCode(code.ToString()));
    }

    /// <summary>The variables of all languages; where two have one of a name, that of C# is the latest.</summary>
    public IEnumerable<CellVariable> Variables => Languages.Reverse().SelectMany(VariablesOf);

    public CodeResult? RunIn(string language, string code, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(code))
            return null;
        LanguageResult result = _languages.Value.Get(language, cancellation).Run(code, engine().Context.CellName, cancellation);
        return result.HasValue ? new CodeResult(result.Value) : null;
    }

    public IReadOnlyList<CellVariable> VariablesOf(string language)
    {
        if (language == NotebookLanguages.Value)
        {
            lock (_values)
                return [.. _values.Values];
        }

        IReadOnlyList<NotebookVariable> variables = language == NotebookLanguages.CSharp ? engine().Variables : Loaded(language)?.Variables ?? [];
        return [.. variables.Select(static v => new CellVariable(v.Name, v.Type, v.Value))];
    }

    public void DeclareIn(string language, CellVariable variable)
    {
        if (language == NotebookLanguages.Value)
        {
            lock (_values)
                _values[variable.Name] = variable;
            return;
        }

        if (language != NotebookLanguages.CSharp)
        {
            _languages.Value[language].Declare(variable.Name, variable.Type, variable.Value);
            return;
        }

        if (CSharpNames.Of(variable.Type) is not null)
        {
            Declare([variable]);
            return;
        }

        // Types that cells of another language declare have no name here; their members can be used all the same.
        var code = new StringBuilder();
        Declare(code, variable.Name, "dynamic", "object");
        engine().Context.Declare([KeyValuePair.Create(variable.Name, variable.Value)]);
        _code.Add(new FurtherCode(code.ToString()));
    }

    public void Dispose()
    {
        if (_languages.IsValueCreated)
            _languages.Value.Dispose();
    }

    public void AtEndOfCell(Func<TimeSpan, object?> show) => _ends.Add((Stopwatch.GetTimestamp(), show));

    public ImportedCells RunNext(string path)
    {
        // The code of a file is put behind the magic, so that one that imports itself would never come to an end.
        var full = Path.GetFullPath(path);
        var count = _imports[full] = _imports.GetValueOrDefault(full) + 1;
        if (count > MostImports)
            throw new MagicException($"'{path}' has been imported {MostImports} times by this cell: it imports itself, or is imported by what it imports.");

        // Files of one name in two folders are not to be taken for each other.
        var name = Path.GetRelativePath(engine().BaseDirectory, full).Replace('"', '\'');
        if (Path.GetExtension(path).Equals(".cs", StringComparison.OrdinalIgnoreCase))
        {
            _code.Add(new FurtherCode(Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path)).TrimStart('\uFEFF'), name));
            return new ImportedCells(1, []);
        }

        IReadOnlyList<NotebookCell> cells = NotebookDocument.Load(path).Cells;
        var leftOut = new List<string>();
        var codeCount = 0;
        for (var i = 0; i < cells.Count; i++)
        {
            var (language, source) = (cells[i].Language, cells[i].Source);
            if (cells[i].Kind != CellKind.Code || string.IsNullOrWhiteSpace(source))
                continue;
            if (language != NotebookLanguages.CSharp && !CellLanguages.Names.Contains(language) && !NotebookLanguages.Shown.Contains(language))
            {
                leftOut.Add($"cell {i + 1}, in '{language}'");
                continue;
            }

            _code.Add(new FurtherCode(language == NotebookLanguages.CSharp ? source : CellSplitter.Marked(source, language), $"{name}, cell {i + 1}"));
            codeCount++;
        }

        return new ImportedCells(codeCount, leftOut);
    }

    public IReadOnlyList<FurtherCode> TakeCode()
    {
        FurtherCode[] code = [.. _code];
        _code.Clear();
        return code;
    }

    /// <summary>Notes a cell that has run.</summary>
    public void Note(CellRun run) => _runs.Add(run);

    /// <summary>Forgets the cells that were run, and what those of other languages than C# have declared.</summary>
    public void ForgetRuns()
    {
        _runs.Clear();
        lock (_values)
            _values.Clear();
        if (_languages.IsValueCreated)
            _languages.Value.Reset();
    }

    private static void Declare(StringBuilder code, string name, string declared, string taken)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw new ArgumentException($"'{name}' is no name of a C# variable.", nameof(name));
        code.Append(declared).Append(" @").Append(name).Append(" = TakeDeclared<").Append(taken).Append(">(\"").Append(name).Append("\");\n");
    }

    /// <summary>The cell has ended: what is to be shown of it now.</summary>
    public IReadOnlyList<object> EndCell()
    {
        object[] shown = [.. _ends.Select(static e => e.Show(Stopwatch.GetElapsedTime(e.Start))).OfType<object>()];
        _ends.Clear();
        _code.Clear();
        _imports.Clear();
        engine().Context.ForgetDeclared();
        IsResetWanted = false;
        return shown;
    }
}
