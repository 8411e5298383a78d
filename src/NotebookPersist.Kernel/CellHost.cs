using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel;

/// <summary>What magics ask of the host of the cells: done when the magic, or the cell, has ended.</summary>
/// <param name="engine">Holds the variables; asked for when it is needed, as it is made after this.</param>
/// <remarks>Thread safety: one cell at a time.</remarks>
internal sealed class CellHost(Func<ScriptEngine> engine) : ICellHost
{
    private readonly List<string> _code = [];
    private readonly List<(long Start, Func<TimeSpan, object?> Show)> _ends = [];
    private readonly List<CellRun> _runs = [];

    /// <summary>Whether the running cell asked for a fresh start.</summary>
    public bool IsResetWanted { get; private set; }

    public IReadOnlyList<CellRun> Runs => _runs;

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
            if (!SyntaxFacts.IsValidIdentifier(name))
                throw new ArgumentException($"'{name}' is no name of a C# variable.", nameof(variables));
            var written = CSharpNames.Of(type) ?? throw new ArgumentException($"Variable '{name}' is of type '{type}', which has no name in C#.", nameof(variables));
            code.Append(written).Append(" @").Append(name).Append(" = TakeDeclared<").Append(written).Append(">(\"").Append(name).Append("\");\n");
        }

        engine().Context.Declare(variables.Select(static v => KeyValuePair.Create(v.Name, v.Value)));
        _code.Add(code.ToString());
    }

    public void AtEndOfCell(Func<TimeSpan, object?> show) => _ends.Add((Stopwatch.GetTimestamp(), show));

    public int? RunNext(string path)
    {
        if (Path.GetExtension(path).Equals(".cs", StringComparison.OrdinalIgnoreCase))
        {
            _code.Add(Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path)).TrimStart('\uFEFF'));
            return 1;
        }

        string[] cells = [.. NotebookDocument.Load(path).Cells.Where(static c => c is { Kind: CellKind.Code, Language: NotebookLanguages.CSharp }).Select(static c => c.Source)];
        _code.AddRange(cells);
        return cells.Length;
    }

    public IReadOnlyList<string> TakeCode()
    {
        string[] code = [.. _code];
        _code.Clear();
        return code;
    }

    /// <summary>Notes a cell that has run.</summary>
    public void Note(CellRun run) => _runs.Add(run);

    /// <summary>Forgets the cells that were run.</summary>
    public void ForgetRuns() => _runs.Clear();

    /// <summary>The cell has ended: what is to be shown of it now.</summary>
    public IReadOnlyList<object> EndCell()
    {
        object[] shown = [.. _ends.Select(static e => e.Show(Stopwatch.GetElapsedTime(e.Start))).OfType<object>()];
        _ends.Clear();
        _code.Clear();
        engine().Context.ForgetDeclared();
        IsResetWanted = false;
        return shown;
    }
}
