using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.EditorServices;
using FSharp.Compiler.Interactive;
using FSharp.Compiler.Text;
using FSharp.Compiler.Tokenization;
using Microsoft.FSharp.Control;
using Microsoft.FSharp.Core;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Languages;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.FSharpCells;

/// <summary>F# cells, by the compiler's own interactive session in this process.</summary>
/// <remarks>Thread safety: all members may be called from any thread; completion gives nothing while a cell runs.</remarks>
public sealed partial class FSharpLanguage : ICellLanguage
{
    // Against the reference assemblies of the SDK a C# int would be no F# int. Single assemblies for the cells give lines to stack traces.
    private static readonly string[] Options =
        ["fsi", "--noninteractive", "--nologo", "--quiet", "--gui-", "--readline-", "--multiemit+", "--debug+", "--optimize+", "--crossoptimize-", "--usesdkrefs-"];

    private static readonly Type[] Libraries =
    [
        typeof(Tensor), typeof(Formats.CheckpointFormatException), typeof(Graph), typeof(Session), typeof(Saver), typeof(tf),
        typeof(ICellLanguage), typeof(FSharpLanguage), typeof(Google.Protobuf.ByteString),
    ];

    private const string Result = "it";
    private const string Notebook = "notebook";

    // The names that cells begin with.
    private static readonly string[] Own = [Result, Notebook];

    private const string Prelude = "open NotebookPersist\nlet display value = NotebookPersist.FSharpCells.SharedValue.Show(notebook, value)";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _references = [.. Libraries.Select(static t => t.Assembly.Location)];
    private readonly Shell.FsiEvaluationSession _session;
    private volatile IReadOnlyList<NotebookVariable> _variables = [];
    private bool _hasDisplays;

    /// <summary>Starts a session. Takes seconds; a cell of another language may run meanwhile.</summary>
    /// <param name="context">What cells can name as <c>notebook</c>.</param>
    public FSharpLanguage(CellContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var plain = PlainContext.Enter();
        _session = Shell.FsiEvaluationSession.Create(
            Shell.FsiEvaluationSession.GetDefaultConfiguration(),
            [.. Options, .. _references.Select(static path => "-r:" + path)],
            TextReader.Null,
            TextWriter.Null,
            TextWriter.Null,
            FSharpOption<bool>.None,
            null);
        if (!TryBind(Notebook, context))
            throw new InvalidOperationException("The F# session does not take the notebook's own object.");
        Evaluate(Prelude, "Prelude", CancellationToken.None);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NotebookVariable> Variables => _variables;

    /// <inheritdoc/>
    public LanguageResult Run(string code, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(code);
        lock (_gate)
        {
            using var context = PlainContext.Enter();
            RegisterDisplays();
            var plain = WithoutSeparators(code.ReplaceLineEndings("\n"));
            try
            {
                return Evaluate(Directive().IsMatch(plain) ? plain : Checked(plain, name), name, cancellation);
            }
            finally
            {
                Note(); // Also what an interrupted cell has declared.
            }
        }
    }

    /// <inheritdoc/>
    public void Declare(string name, Type type, object? value)
    {
        ArgumentNullException.ThrowIfNull(type);
        lock (_gate)
        {
            using var context = PlainContext.Enter();
            RegisterDisplays();
            if (type == value?.GetType() && TryBind(name, value))
            {
                Note();
                return;
            }

            var written = FSharpNames.Of(type) ?? throw new LanguageException($"F# code cannot name the type '{type}' of '{name}'. Share its parts instead, or declare the type in an F# cell.");
            Refer(type);
            SharedValue.Put(value);
            try
            {
                Evaluate($"let ``{name}`` = NotebookPersist.FSharpCells.SharedValue.Take<{written}>()", "Share", CancellationToken.None);
                Note();
            }
            catch (LanguageException e)
            {
                throw new LanguageException($"F# code cannot take '{name}' of type '{type}': {e.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public CellCompletion Complete(string code, int position)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!_gate.TryEnter())
            return new CellCompletion(position, position, []);
        try
        {
            using var context = PlainContext.Enter();
            var line = code.AsSpan(0, position).Count('\n');
            var start = code.LastIndexOf('\n', Math.Max(position - 1, 0)) + 1;
            var end = code.IndexOf('\n', position) is >= 0 and var next ? next : code.Length;
            var partial = QuickParse.GetPartialLongNameEx(code[start..end], position - start - 1);
            var (parse, check, _) = _session.ParseAndCheckInteraction(code, FSharpOption<bool>.None);
            var found = check.GetDeclarationListInfo(FSharpOption<FSharpParseFileResults>.Some(parse), line + 1, code[start..end], partial, null, null, null);
            return new CellCompletion(position - partial.PartialIdent.Length, position, [.. found.Items
                .Where(item => item.NameInCode.StartsWith(partial.PartialIdent, StringComparison.OrdinalIgnoreCase))
                .DistinctBy(static item => item.NameInCode)
                .OrderBy(static item => item.NameInCode, StringComparer.OrdinalIgnoreCase)
                .Select(static item => new CompletionItem(item.NameInCode, $"{item.Glyph}".ToLowerInvariant()))]);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_session).Dispose();

    // When the first cell runs and not before: another cell may be showing something just then.
    private void RegisterDisplays()
    {
        if (_hasDisplays)
            return;
        _hasDisplays = true;
        FSharpDisplays.Register();
    }

    private void Note()
    {
        _variables =
        [
            .. _session.GetBoundValues()
                .Where(static v => !Own.Contains(v.Name))
                .Select(static v => new NotebookVariable(v.Name, v.Value.ReflectionType, v.Value.ReflectionValue)),
        ];
        foreach (var variable in _variables)
            FSharpDisplays.Know(variable.Type);
    }

    // The code as it is to run, known to compile: nothing of a cell with an error has run.
    private string Checked(string plain, string name)
    {
        if (WithStopPoints(plain, name) is { } stoppable && Errors(stoppable).Length == 0)
            return stoppable;
        return Errors(plain) is { Length: > 0 } errors ? throw Fault(errors) : plain;
    }

    private string? WithStopPoints(string plain, string name)
    {
        var options = new FSharpParsingOptions(["cell.fsx"], true, FSharpParsingOptions.Default.ConditionalDefines, FSharpParsingOptions.Default.DiagnosticOptions, FSharpParsingOptions.Default.LangVersionText, true, FSharpOption<bool>.None, false, false);
        var parse = FSharpAsync.RunSynchronously(_session.InteractiveChecker.ParseFile("cell.fsx", SourceText.ofString(plain), options, null, null), null, null);
        if (parse.ParseHadErrors)
            return null;
        var inserted = StopPoints.Insert(plain, parse.ParseTree, name);
        return inserted == plain ? null : inserted;
    }

    private FSharpDiagnostic[] Errors(string code) =>
        [.. _session.ParseAndCheckInteraction(code, FSharpOption<bool>.None).Item2.Diagnostics.Where(static d => d.Severity.IsError)];

    private LanguageResult Evaluate(string code, string name, CancellationToken cancellation)
    {
        var (outcome, diagnostics) = _session.EvalInteractionNonThrowing(code, name, FSharpOption<CancellationToken>.Some(cancellation));
        foreach (var warning in diagnostics.Where(static d => d.Severity.IsWarning))
            Console.Error.WriteLine($"{name}, line {warning.StartLine}, column {warning.StartColumn + 1}: warning {warning.ErrorNumberText}: {warning.Message}");
        switch (outcome)
        {
            case FSharpChoice<FSharpOption<Shell.FsiValue>, Exception>.Choice2Of2 { Item: var fault }:
                cancellation.ThrowIfCancellationRequested();
                if (diagnostics.Any(static d => d.Severity.IsError))
                    throw Fault([.. diagnostics.Where(static d => d.Severity.IsError)]);
                ExceptionDispatchInfo.Throw(fault);
                break;
            case FSharpChoice<FSharpOption<Shell.FsiValue>, Exception>.Choice1Of2 { Item.Value: { } value } when value.ReflectionType != typeof(Unit):
                FSharpDisplays.Know(value.ReflectionValue?.GetType() ?? value.ReflectionType);
                return new LanguageResult(true, value.ReflectionValue ?? FSharpDisplays.OfNull(value.ReflectionType));
        }

        return default;
    }

    private static LanguageException Fault(FSharpDiagnostic[] errors) =>
        new([.. errors.Select(static e => new LanguageError(e.StartLine, e.StartColumn + 1, e.StartLine == e.EndLine ? e.EndColumn - e.StartColumn : int.MaxValue, e.ErrorNumberText, e.Message))]);

    private bool TryBind(string name, object value)
    {
        try
        {
            Refer(value.GetType());
            _session.AddBoundValue(name, value);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException or NullReferenceException or KeyNotFoundException)
        {
            return false; // Written out it may still do.
        }
    }

    // The assemblies of a type that cells have brought in.
    private void Refer(Type type)
    {
        foreach (var argument in type.GetGenericArguments())
            Refer(argument);
        if (type.HasElementType)
            Refer(type.GetElementType()!); // It has one.
        if (!type.Assembly.IsDynamic && type.Assembly.Location is { Length: > 0 } path && !FrameworkAssembly(type) && _references.Add(path))
            Evaluate($"#r @\"{path}\"", "Share", CancellationToken.None);
    }

    private static bool FrameworkAssembly(Type type) => type.Assembly == typeof(FSharpOption<>).Assembly
        || Path.GetDirectoryName(type.Assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    // An interaction ends at the first of them, and what follows would not be run.
    private static string WithoutSeparators(string code)
    {
        if (!code.Contains(";;", StringComparison.Ordinal))
            return code;
        var lines = code.Split('\n');
        FSharpLexer.Tokenize(SourceText.ofString(code), FuncConvert.FromAction<FSharpToken>(Blank), null, null, null, null, null, null, null);
        return string.Join('\n', lines);

        void Blank(FSharpToken token)
        {
            if (token.Kind.IsSemicolonSemicolon && token.Range is var range)
                lines[range.StartLine - 1] = lines[range.StartLine - 1].Remove(range.StartColumn, 2).Insert(range.StartColumn, "  ");
        }
    }

    // What they bring in is there only when they have run: code with them is not checked before.
    [GeneratedRegex(@"^\s*#(r|load|I|i|nowarn|quit|time)\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
